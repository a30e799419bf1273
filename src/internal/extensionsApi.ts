/**
 * The two calls that an extension without events makes: it registers, and then waits for events that never come.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html
 */
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import { constVoid } from "effect/Function"
import type * as Scope from "effect/Scope"
import { connect, type Http1Error } from "./http1/connection.ts"
import { encodeHeaders } from "./http1/requestEncoder.ts"
import type { RuntimeApiAddress } from "./runtimeApiAddress.ts"
import type { HeaderList, TransportResponse } from "./transport.ts"
import { userAgent } from "./userAgent.ts"

export class NotRegistered extends Data.TaggedError("NotRegistered")<{ readonly message: string }> {}

const extensionName = "effect-lambda-runtime"

const identifierHeader = "Lambda-Extension-Identifier"

const noEvents = "{\"events\":[]}"

/**
 * Registers, on a connection that is closed with the scope. Succeeds with the wait for an event, which Lambda requires
 * of every extension before it ends the INIT phase; it is over when Lambda or the connection is.
 */
export const register = Effect.fnUntraced(
  function*(
    address: RuntimeApiAddress
  ): Effect.fn.Return<Effect.Effect<void, never, Scope.Scope>, Http1Error | NotRegistered, Scope.Scope> {
    const open = Effect.acquireRelease(
      connect(address.host, address.port, constVoid),
      (connection) => connection.giveUp,
      { interruptible: true }
    )
    const encodeHead = (method: string, path: string, headers: HeaderList) =>
      `${method} ${address.prefix}/2020-01-01/extension${path} HTTP/1.1\r\n${
        encodeHeaders([["Host", address.authority], ["User-Agent", userAgent], ...headers])
      }\r\n`

    const connection = yield* open
    const head = encodeHead("POST", "/register", [
      ["Lambda-Extension-Name", extensionName],
      ["Content-Type", "application/json"],
      ["Content-Length", String(noEvents.length)]
    ])
    connection.send(head + noEvents, "latin1")
    const response = yield* connection.response
    const identifier = response.headers[identifierHeader.toLowerCase()] ?? ""
    if (response.status < 200 || response.status > 299 || identifier === "") {
      return yield* new NotRegistered({ message: describeRefusal(address, response) })
    }

    return Effect.ignore(Effect.gen(function*() {
      const waiting = connection.isReusable ? connection : yield* open
      waiting.send(encodeHead("GET", "/event/next", [[identifierHeader, identifier]]), "latin1")
      yield* waiting.response
    }))
  },
  (effect, address) =>
    Effect.catchTag(
      effect,
      "Http1Error",
      (error) => Effect.fail(new NotRegistered({ message: describeFailure(address, error) }))
    )
)

const describeFailure = ({ authority }: RuntimeApiAddress, { description, kind }: Http1Error): string =>
  kind === "protocol"
    ? `the Extensions API at ${authority} sent a malformed answer: ${description}`
    : `no connection to the Extensions API at ${authority}: ${description}`

/** Of the body of a refusal, in bytes. */
const maxDescription = 300

const describeRefusal = ({ authority }: RuntimeApiAddress, { body, status }: TransportResponse): string => {
  if (status >= 200 && status <= 299) return `the Extensions API at ${authority} gave no ${identifierHeader}`
  const [line = ""] = new TextDecoder().decode(body.subarray(0, maxDescription)).split(/[\r\n]/, 1)
  return `the Extensions API at ${authority} answered ${status}${line === "" ? "" : `: ${line}`}`
}
