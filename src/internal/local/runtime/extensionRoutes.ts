/**
 * As much of the Extensions API as a runtime needs that registers an internal extension, which is how it gets SIGTERM
 * on Lambda. Nothing is ever sent to an extension.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html
 */
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import { HttpServerRequest } from "effect/http/HttpServerRequest"
import { type LocalFunction, version } from "../function/localFunction.ts"
import * as runtimeReplies from "./runtimeReplies.ts"

export const routes = (
  { invocations, settings }: LocalFunction
): ReadonlyArray<HttpRouter.Route<never, HttpServerRequest>> => {
  const identifiers = new Set<string>()

  const register = Effect.map(HttpServerRequest, ({ headers }) => {
    if ((headers["lambda-extension-name"] ?? "") === "") {
      return runtimeReplies.error(403, "Extension.InvalidExtensionName", "Empty extension name")
    }
    const identifier = crypto.randomUUID()
    identifiers.add(identifier)
    return runtimeReplies.json(
      200,
      { functionName: settings.name, functionVersion: version, handler: "" },
      { "Lambda-Extension-Identifier": identifier }
    )
  })

  const next = Effect.flatMap(HttpServerRequest, ({ headers }) => {
    const identifier = headers["lambda-extension-identifier"]
    if (identifier === undefined) {
      return Effect.succeed(
        runtimeReplies.error(
          403,
          "Extension.MissingExtensionIdentifier",
          "Missing Lambda-Extension-Identifier header"
        )
      )
    }
    return identifiers.has(identifier)
      ? Effect.as(
        invocations.closed,
        runtimeReplies.error(500, "InternalServerError", "The local server is shutting down")
      )
      : Effect.succeed(
        runtimeReplies.error(403, "Extension.UnknownExtensionIdentifier", `Unknown extension ${identifier}`)
      )
  })

  return [
    HttpRouter.route("POST", "/2020-01-01/extension/register", register),
    HttpRouter.route("GET", "/2020-01-01/extension/event/next", next)
  ]
}
