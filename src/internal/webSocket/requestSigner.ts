/**
 * Signatures of AWS for requests to an API, version 4; the only module that knows `aws4fetch`, an optional dependency.
 *
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { Credentials } from "../../Connections.ts"

export interface UnsignedRequest {
  readonly method: "GET" | "POST" | "DELETE"
  readonly url: string
  readonly body: Uint8Array<ArrayBuffer> | undefined
}

/** The headers that a request is to be sent with. */
export type Sign = (
  request: UnsignedRequest,
  credentials: Credentials
) => Effect.Effect<Readonly<Record<string, string>>>

export const make = (region: string): Effect.Effect<Sign> =>
  Effect.map(load, ({ AwsV4Signer }) => {
    // Keys that are derived from the secret, for a day each.
    const cache = new Map<string, ArrayBuffer>()
    return Effect.fnUntraced(function*({ body, method, url }, { accessKeyId, secretAccessKey, sessionToken }) {
      const now = DateTime.formatIso(DateTime.makeUnsafe(yield* Clock.currentTimeMillis))
      const signer = new AwsV4Signer({
        method,
        url,
        service: "execute-api",
        region,
        accessKeyId,
        secretAccessKey: Redacted.value(secretAccessKey),
        datetime: now.replace(/[:-]|\.\d{3}/g, ""),
        cache,
        ...sessionToken === undefined ? {} : { sessionToken: Redacted.value(sessionToken) },
        ...body === undefined ? {} : { body }
      })
      const { headers } = yield* Effect.promise(() => signer.sign())
      return Object.fromEntries(headers)
    })
  })

const load = Effect.promise(() =>
  // With a `catch` of its own it is no error to bundlers that the package is not there.
  import("aws4fetch").catch((cause) => {
    throw new Error("Connections needs the package aws4fetch: npm install aws4fetch", { cause })
  })
)
