import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Effect from "effect/Effect"
import { run } from "./effectLambda.ts"
import * as output from "./output.ts"
import * as ownPackage from "./ownPackage.ts"

output.watch()

// What fails has been told by the command.
NodeRuntime.runMain(Effect.flatMap(ownPackage.version, run), { disableErrorReporting: true })
