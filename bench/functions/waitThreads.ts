/** {@link patientGreeting} in several threads. */
import * as Lambda from "../../src/Lambda.ts"
import * as NodeLambda from "../../src/NodeLambda.ts"
import { patientGreeting } from "./patientGreeting.ts"

NodeLambda.runMainThreads(Lambda.serve(patientGreeting))
