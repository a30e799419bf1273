/**
 * What the headers of a caller's request say about its event.
 *
 * https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_RequestParameters
 */
import * as Clock from "effect/Clock"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Base64 from "effect/encoding/Base64"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { Event } from "../function/invocation.ts"
import * as traceHeader from "../http/traceHeader.ts"

export type EventHeaders = Pick<Event, "traceId" | "tenantId" | "clientContext" | "identity">

/** Of the base64 text. */
const maxClientContextSize = 3_583

export class InvalidClientContext extends Data.TaggedError("InvalidClientContext")<{ readonly message: string }> {}

/** Besides the headers of the Lambda API it takes those of `/next`, which no one has to encode. */
export const read = Effect.fnUntraced(function*(
  { headers }: HttpServerRequest
): Effect.fn.Return<EventHeaders, InvalidClientContext> {
  const clientContext = headers["x-amz-client-context"]
  return {
    traceId: present(headers["x-amzn-trace-id"]) ?? traceHeader.make(undefined, yield* Clock.currentTimeMillis).traceId,
    tenantId: present(headers["x-amz-tenant-id"]) ?? present(headers["lambda-runtime-aws-tenant-id"]),
    clientContext: clientContext === undefined
      ? utf8(headers["lambda-runtime-client-context"])
      : yield* decodeClientContext(clientContext),
    identity: utf8(headers["lambda-runtime-cognito-identity"])
  }
})

/** An empty header counts as absent. */
export const present = (value: string | undefined): string | undefined => value === "" ? undefined : value

const decodeClientContext = (base64: string): Effect.Effect<string, InvalidClientContext> => {
  if (base64.length > maxClientContextSize) {
    return new InvalidClientContext({
      message: `Client context must not be longer than ${maxClientContextSize} bytes of Base64.`
    })
  }
  const text = Result.getOrElse(Base64.decodeString(base64), () => "")
  return Option.isSome(decodeJsonObject(text))
    ? Effect.succeed(text)
    : new InvalidClientContext({ message: "Client context must be a valid Base64-encoded JSON object." })
}

const decodeJsonObject = Schema.decodeUnknownOption(
  Schema.fromJsonString(Schema.Record(Schema.String, Schema.Unknown))
)

/** Node reads header values as Latin-1; JSON in them is UTF-8. */
const utf8 = (value: string | undefined) =>
  present(value) === undefined ? undefined : Buffer.from(value ?? "", "latin1").toString()
