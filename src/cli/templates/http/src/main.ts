import * as LambdaHttp from "effect-lambda-runtime/LambdaHttp"
import * as NodeLambda from "effect-lambda-runtime/NodeLambda"
import { routes } from "./handler.ts"

NodeLambda.runMain(LambdaHttp.serve(routes))
