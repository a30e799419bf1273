/**
 * A function process on Lambda.
 */
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Program from "./program.ts"
import * as ScriptedPeer from "./scriptedPeer.ts"

/** On Lambda, as its Runtime API sees it; the internal extension registers and then waits. */
export const onLambda = Effect.fnUntraced(function*(path: string, variables: Readonly<Record<string, string>> = {}) {
  const scripted = yield* ScriptedPeer.make
  const program = yield* Program.start(path, { ...variables, AWS_LAMBDA_RUNTIME_API: scripted.address })
  let requestCount = 0
  const requests = yield* Queue.unbounded<ScriptedPeer.PeerRequest>()
  yield* scripted.serve((request) => {
    if (request.target.endsWith("/extension/register")) {
      return request.respond({ headers: { "Lambda-Extension-Identifier": "id" } })
    }
    if (!request.target.endsWith("/extension/event/next")) {
      requestCount++
      Queue.offerUnsafe(requests, request)
    }
    return Effect.void
  })
  return { peer: { ...scripted, request: Queue.take(requests), requestCount: () => requestCount }, program }
})
