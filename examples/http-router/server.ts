import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Config from "effect/Config"
import * as HttpRouter from "effect/http/HttpRouter"
import * as Layer from "effect/Layer"
import { createServer } from "node:http"
import { application } from "./application.ts"

HttpRouter.serve(application).pipe(
  Layer.provide(NodeHttpServer.layerConfig(createServer, { port: Config.withDefault(Config.Port("PORT"), 3000) })),
  Layer.launch,
  NodeRuntime.runMain
)
