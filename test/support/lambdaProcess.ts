/**
 * A function process on Lambda.
 */
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Program from "./program.ts"
import * as ScriptedPeer from "./scriptedPeer.ts"

/** On Lambda, as its Runtime API sees it; the internal extension registers and then waits. */
export const onLambda = Effect.fnUntraced(function*(path: string) {
  const scripted = yield* ScriptedPeer.make
  const program = yield* Program.start(path, { AWS_LAMBDA_RUNTIME_API: scripted.address })
  let requestCount = 0
  const requests = yield* Queue.unbounded<ScriptedPeer.PeerRequest>()
  yield* Effect.forkScoped(Effect.forever(Effect.gen(function*() {
    const request = yield* scripted.request
    if (request.target === "/2020-01-01/extension/register") {
      yield* request.respond({ headers: { "Lambda-Extension-Identifier": "id" } })
    } else if (request.target !== "/2020-01-01/extension/event/next") {
      requestCount++
      Queue.offerUnsafe(requests, request)
    }
  })))
  return { peer: { ...scripted, request: Queue.take(requests), requestCount: () => requestCount }, program }
})
