/**
 * `effect-lambda bench`.
 */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import * as awsFlags from "../awsFlags.ts"
import * as local from "../bench/local.ts"
import { fail, type Measurement, summarize } from "../bench/Measurement.ts"
import * as remote from "../bench/remote.ts"
import * as Aws from "../deploy/Aws.ts"
import * as builtFunction from "../deploy/builtFunction.ts"
import * as nextStep from "../packaging/nextStep.ts"
import { reported, Reporter } from "../Reporter.ts"
import * as text from "../text.ts"

const count = (name: string, description: string, fallback: number) =>
  Flag.Int(name).pipe(
    Flag.withDescription(description),
    Flag.filter((value) => value > 0, (value) => `--${name} is ${value}: it must be above 0`),
    Flag.withDefault(fallback)
  )

export const bench = Command.make(
  "bench",
  {
    name: Argument.String("function").pipe(Argument.withDescription("The name that it was built with")),
    output: Flag.String("output").pipe(
      Flag.withAlias("o"),
      Flag.withDescription("The folder that it was built into; without it, dist"),
      Flag.withDefault("dist")
    ),
    event: Flag.File("event").pipe(
      Flag.withAlias("e"),
      Flag.withDescription("A file with the event; without it, {}"),
      Flag.optional
    ),
    coldStarts: count("cold", "How many cold starts; without it, 10", 10),
    invocations: count("warm", "How many warm invocations; without it, 100", 100),
    environment: Flag.KeyValuePair("env").pipe(
      Flag.withDescription("A variable of the function that runs here: NAME=value"),
      Flag.withDefault({})
    ),
    remote: Flag.Boolean("remote").pipe(
      Flag.withAlias("r"),
      Flag.withDescription("Measure the deployed function, whose configuration is changed for each cold start"),
      Flag.withoutNegation,
      Flag.withDefault(false)
    ),
    ...awsFlags.flags
  },
  reported(Effect.fnUntraced(function*(input) {
    const { coldStarts, environment, invocations, name, output } = input
    const fileSystem = yield* FileSystem.FileSystem
    const path = yield* Path.Path
    const { notice, result, step } = yield* Reporter
    const event = Option.isSome(input.event)
      ? yield* fileSystem.readFile(input.event.value)
      : new TextEncoder().encode("{}")
    const title = `Measure ${some(coldStarts, "cold start")} and ${some(invocations, "warm invocation")} of ${name}`
    const tell = (measurements: ReadonlyArray<Measurement>, next: string) =>
      result({ json: toJson(measurements), text: toText(measurements), next })
    if (input.remote) {
      if (Object.keys(environment).length > 0) {
        return yield* fail(
          "--env is for a function that runs here: on AWS it has the variables that it was deployed with"
        )
      }
      const measurements = yield* step(title, remote.measure({ name, event, coldStarts, invocations })).pipe(
        Effect.provide(Aws.layer(awsFlags.options(input))),
        Effect.scoped
      )
      return yield* tell(measurements, nextStep.afterRemoteBench(name, awsFlags.options(input)))
    }
    const { manifest } = yield* builtFunction.read(name, output)
    const folder = path.join(output, name)
    const measurements = yield* step(
      title,
      local.measure({ name, folder: path.resolve(folder), manifest, event, coldStarts, invocations, environment })
    )
    const obstacle = local.obstacle(manifest)
    if (obstacle !== undefined) yield* notice(obstacle)
    yield* tell(measurements, nextStep.afterBuild(manifest, output, folder))
  }))
).pipe(
  Command.withDescription("Measure cold starts and warm invocations of a built function, here or on AWS"),
  Command.withExamples([
    { command: "effect-lambda bench orders --event event.json", description: "On this machine" },
    { command: "effect-lambda bench orders --remote --cold 5", description: "On AWS, by Lambda's own measurements" }
  ])
)

const some = (count: number, what: string) => `${count} ${what}${count === 1 ? "" : "s"}`

const toJson = (measurements: ReadonlyArray<Measurement>) =>
  measurements.map(({ samples, what }) => ({ what, unit: "ms", ...summarize(samples), samples: [...samples] }))

const format = (milliseconds: number | undefined) =>
  milliseconds === undefined ? "-" : `${milliseconds.toFixed(milliseconds < 10 ? 2 : 1)} ms`

const toText = (measurements: ReadonlyArray<Measurement>) => {
  const rows = measurements.map(({ samples, what }) => {
    const summary = summarize(samples)
    return [what, format(summary?.minimum), format(summary?.median), format(summary?.maximum), `${samples.length}`]
  })
  return text.table([["", "minimum", "median", "maximum", "runs"], ...rows], { right: [1, 2, 3, 4] })
}
