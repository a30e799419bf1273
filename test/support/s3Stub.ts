/**
 * What of S3 an example talks to: an account with two buckets.
 */
import * as Effect from "effect/Effect"
import { once } from "node:events"
import * as http from "node:http"

const buckets = "<ListAllMyBucketsResult><Buckets>" +
  "<Bucket><Name>invoices</Name></Bucket><Bucket><Name>photos</Name></Bucket>" +
  "</Buckets></ListAllMyBucketsResult>"

/** The variables that lead the AWS SDK there. */
export const make = Effect.gen(function*() {
  const server = http.createServer((_request, response) => {
    response.writeHead(200, { "content-type": "application/xml" }).end(buckets)
  })
  server.listen(0, "127.0.0.1")
  yield* Effect.promise(() => once(server, "listening"))
  yield* Effect.addFinalizer(() => Effect.sync(() => server.close().closeAllConnections()))
  const address = server.address()
  return {
    AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${address !== null && typeof address === "object" ? address.port : 0}`,
    AWS_ACCESS_KEY_ID: "key",
    AWS_SECRET_ACCESS_KEY: "secret",
    AWS_REGION: "eu-central-1"
  }
})
