import * as Lambda from "effect-lambda-runtime/Lambda"
import * as NodeLambda from "effect-lambda-runtime/NodeLambda"
import * as Layer from "effect/Layer"
import { handler } from "./handler.ts"
import { History } from "./History.ts"

NodeLambda.runMain(Lambda.serve(handler).pipe(Layer.provide(History.layerMemory)))
