/** {@link patientGreeting} in one thread. */
import * as Lambda from "../../src/Lambda.ts"
import * as NodeLambda from "../../src/NodeLambda.ts"
import { patientGreeting } from "./patientGreeting.ts"

NodeLambda.runMain(Lambda.serve(patientGreeting))
