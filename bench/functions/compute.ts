/** {@link digest} in one thread. */
import * as Lambda from "../../src/Lambda.ts"
import * as NodeLambda from "../../src/NodeLambda.ts"
import { digest } from "./digest.ts"

NodeLambda.runMain(Lambda.serve(digest))
