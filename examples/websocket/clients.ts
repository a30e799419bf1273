/** In place of API Gateway: prints the messages that the function sends. Who has left is gone. */
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { createServer } from "node:http"

const receive = Effect.gen(function*() {
  const { connectionId } = yield* HttpRouter.schemaPathParams(Schema.Struct({ connectionId: Schema.String }))
  const request = yield* HttpServerRequest
  if (connectionId.startsWith("gone")) return HttpServerResponse.empty({ status: 410 })
  yield* Effect.log(`${connectionId} gets ${yield* request.text}`)
  return HttpServerResponse.empty({ status: 200 })
})

HttpRouter.serve(HttpRouter.add("POST", "/@connections/:connectionId", receive), { disableLogger: true }).pipe(
  Layer.provide(NodeHttpServer.layerConfig(createServer, { port: Config.withDefault(Config.Int("PORT"), 7001) })),
  Layer.launch,
  NodeRuntime.runMain
)
