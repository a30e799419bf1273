/** {@link greeting}, with answers and polls that leave in one write. */
import * as Lambda from "../../src/Lambda.ts"
import * as NodeLambda from "../../src/NodeLambda.ts"
import * as RuntimeApi from "../../src/RuntimeApi.ts"
import { greeting } from "./greeting.ts"

NodeLambda.runMain(Lambda.serve(greeting), { runtimeApi: RuntimeApi.layerOptions({ pipelining: true }) })
