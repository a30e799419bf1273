/**
 * The command line: `effect-lambda`.
 */
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Command from "effect/cli/Command"
import * as Digest from "effect/crypto/Digest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stdio from "effect/Stdio"
import { bench } from "./commands/bench.ts"
import { build } from "./commands/build.ts"
import { deploy } from "./commands/deploy.ts"
import { dev } from "./commands/dev.ts"
import { events } from "./commands/events.ts"
import { iac } from "./commands/iac.ts"
import { init } from "./commands/init.ts"
import { invoke } from "./commands/invoke.ts"
import * as completions from "./completions.ts"
import * as Bundler from "./packaging/Bundler.ts"
import { Json } from "./Reporter.ts"
import * as usage from "./usage.ts"
import * as wizard from "./wizard.ts"

export const effectLambda = Command.make("effect-lambda").pipe(
  Command.withDescription("Develop, build and deploy Lambda functions written with Effect"),
  Command.withSubcommands([init, dev, invoke, events, build, bench, deploy, iac]),
  Command.withGlobalFlags([Json])
)

export const run = (version: string) =>
  Stdio.Stdio.use(({ args }) => args).pipe(
    Effect.flatMap((args) =>
      Effect.provide(wizard.isWanted(args) ? runWizard(args, version) : runWith(args, version), usage.layer(args))
    ),
    Effect.provide(Layer.mergeAll(NodeServices.layer, Bundler.layer, Digest.layerWebCrypto, completions.layer))
  )

const runWith = (args: ReadonlyArray<string>, version: string) => Command.runWith(effectLambda, { version })(args)

const runWizard = Effect.fnUntraced(
  function*(args: ReadonlyArray<string>, version: string) {
    const answered = yield* Effect.provideService(wizard.ask(effectLambda, args), Json, args.includes("--json"))
    if (answered !== undefined) yield* runWith(answered, version)
  },
  Effect.catchTag("QuitError", () => Effect.interrupt)
)
