/** The smallest function with schemas, as a user deploys it. */
import * as Lambda from "../../src/Lambda.ts"
import * as NodeLambda from "../../src/NodeLambda.ts"
import { greeting } from "./greeting.ts"

NodeLambda.runMain(Lambda.serve(greeting))
