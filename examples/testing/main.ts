import * as Lambda from "effect-lambda-runtime/Lambda"
import * as NodeLambda from "effect-lambda-runtime/NodeLambda"
import * as Layer from "effect/Layer"
import { Archive, handler } from "./handler.ts"

NodeLambda.runMain(Lambda.serve(handler).pipe(Layer.provide(Archive.layer)))
