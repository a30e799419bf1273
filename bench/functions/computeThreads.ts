/** {@link digest} in several threads. */
import * as Lambda from "../../src/Lambda.ts"
import * as NodeLambda from "../../src/NodeLambda.ts"
import { digest } from "./digest.ts"

NodeLambda.runMainThreads(Lambda.serve(digest))
