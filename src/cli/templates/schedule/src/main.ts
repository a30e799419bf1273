import * as Lambda from "effect-lambda-runtime/Lambda"
import * as NodeLambda from "effect-lambda-runtime/NodeLambda"
import { handler } from "./handler.ts"

NodeLambda.runMain(Lambda.serve(handler))
