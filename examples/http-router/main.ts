import * as LambdaHttp from "effect-lambda-runtime/LambdaHttp"
import * as NodeLambda from "effect-lambda-runtime/NodeLambda"
import { application } from "./application.ts"

NodeLambda.runMain(LambdaHttp.serve(application))
