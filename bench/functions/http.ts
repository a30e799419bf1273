/** `api.ts` as it is deployed. */
import * as HttpRouter from "effect/http/HttpRouter"
import * as Layer from "effect/Layer"
import * as LambdaHttp from "../../src/LambdaHttp.ts"
import * as NodeLambda from "../../src/NodeLambda.ts"
import { routes } from "./api.ts"

NodeLambda.runMain(LambdaHttp.serve(Layer.provide(routes, HttpRouter.disableLogger)))
