/**
 * The Extensions API: registration, events, and the reports of extensions that cannot go on.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html
 */
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import type { HttpServerError } from "effect/http/HttpServerError"
import { HttpServerRequest } from "effect/http/HttpServerRequest"
import type * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { MaxResponseSize } from "../../../RuntimeApi.ts"
import { accountId, version } from "../function/functionArn.ts"
import type { LocalFunction } from "../function/localFunction.ts"
import * as boundedBody from "../http/boundedBody.ts"
import * as nodeRequest from "../http/nodeRequest.ts"
import * as Extensions from "./extensions.ts"
import * as runtimeReplies from "./runtimeReplies.ts"

export const routes = (
  { invocations, settings }: LocalFunction
): ReadonlyArray<HttpRouter.Route<never, HttpServerRequest>> => {
  const extensions = Extensions.make(settings, invocations)

  const register = handle(Effect.fnUntraced(function*(request) {
    const name = request.headers["lambda-extension-name"] ?? ""
    if (name === "") return yield* refuse("Extension.InvalidExtensionName", "Empty extension name")
    const body = yield* boundedBody.read(request, MaxResponseSize)
    if (body._tag === "TooLarge") return runtimeReplies.tooLarge
    const registration = decodeRegistration(new TextDecoder().decode(body.bytes))
    if (Result.isFailure(registration)) return yield* refuse("InvalidRequestFormat", registration.failure.message)
    const identifier = yield* extensions.register(
      nodeRequest.connection(request),
      name,
      registration.success?.events ?? []
    )
    return runtimeReplies.json(
      200,
      {
        functionName: settings.name,
        functionVersion: version,
        handler: "",
        ...(acceptsAccountId(request) ? { accountId } : {})
      },
      { "Lambda-Extension-Identifier": identifier }
    )
  }))

  const next = handle(Effect.fnUntraced(function*(request) {
    // The router takes HEAD for GET, and a HEAD must not swallow an event.
    if (request.method === "HEAD") return runtimeReplies.methodNotAllowed
    const event = yield* extensions.next(nodeRequest.connection(request), yield* identifierOf(request))
    return runtimeReplies.json(200, { ...event }, { "Lambda-Extension-Event-Identifier": crypto.randomUUID() })
  }))

  const report = (to: Extensions.FailedState) =>
    handle(Effect.fnUntraced(function*(request) {
      const identifier = yield* identifierOf(request)
      const errorType = request.headers[errorTypeHeader.toLowerCase()] ?? ""
      if (errorType === "") return yield* refuse("Extension.MissingHeader", `${errorTypeHeader} not found`)
      const body = yield* boundedBody.read(request, MaxResponseSize)
      if (body._tag === "TooLarge") return runtimeReplies.tooLarge
      const name = yield* extensions.fail(nodeRequest.connection(request), identifier, to)
      const description = new TextDecoder().decode(body.bytes.subarray(0, maxLogged))
      yield* Effect.logError(`The extension ${name} reports ${errorType}: ${description}`)
      return runtimeReplies.accepted
    }))

  const extension = "/2020-01-01/extension"
  return [
    HttpRouter.route("POST", `${extension}/register`, register),
    HttpRouter.route("GET", `${extension}/event/next`, next),
    HttpRouter.route("POST", `${extension}/init/error`, report("InitError")),
    HttpRouter.route("POST", `${extension}/exit/error`, report("ExitError"))
  ]
}

/** A request of an extension, with what Lambda refuses answered as Lambda does. */
const handle = (
  f: (request: HttpServerRequest) => Effect.Effect<
    HttpServerResponse.HttpServerResponse,
    Extensions.ExtensionRefused | Extensions.ShuttingDown | HttpServerError
  >
) =>
  Effect.flatMap(HttpServerRequest, f).pipe(
    Effect.catchTag(
      "ExtensionRefused",
      ({ errorMessage, errorType }) => Effect.succeed(runtimeReplies.error(403, errorType, errorMessage))
    ),
    Effect.catchTag("ShuttingDown", () => Effect.succeed(shuttingDown)),
    Effect.catchTag("HttpServerError", () => Effect.succeed(runtimeReplies.truncated))
  )

const shuttingDown = runtimeReplies.error(500, "InternalServerError", "The local server is shutting down")

const refuse = (errorType: Extensions.ExtensionRefused["errorType"], errorMessage: string) =>
  new Extensions.ExtensionRefused({ errorType, errorMessage })

/** Of a report, in bytes. */
const maxLogged = 4_096

const errorTypeHeader = "Lambda-Extension-Function-Error-Type"

const identifierOf = ({ headers }: HttpServerRequest) => {
  const identifier = headers["lambda-extension-identifier"] ?? ""
  if (identifier === "") {
    return Effect.fail(
      refuse("Extension.MissingExtensionIdentifier", "Missing Lambda-Extension-Identifier header")
    )
  }
  return isUuid(identifier)
    ? Effect.succeed(identifier.toLowerCase())
    : Effect.fail(refuse("Extension.InvalidExtensionIdentifier", "Invalid Lambda-Extension-Identifier"))
}

const isUuid = (text: string) => /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text)

/** The only feature there is, in a list of any. */
const acceptsAccountId = ({ headers }: HttpServerRequest) =>
  headers["lambda-extension-accept-feature"]?.split(",").some((feature) => feature.trim() === "accountId") ?? false

/** No events, `null` and nothing at all mean the same. */
const decodeRegistration = Schema.decodeUnknownResult(Schema.fromJsonString(Schema.NullOr(Schema.Struct({
  events: Schema.optionalKey(Schema.NullOr(Schema.Array(Schema.String)))
}))))
