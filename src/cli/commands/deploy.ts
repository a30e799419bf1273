/**
 * `effect-lambda deploy`.
 */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as awsFlags from "../awsFlags.ts"
import * as Aws from "../deploy/Aws.ts"
import * as builtFunction from "../deploy/builtFunction.ts"
import * as Plan from "../deploy/plan.ts"
import { reported, Reporter } from "../Reporter.ts"

const name = Argument.String("function").pipe(
  Argument.withDescription("The name that it was built with")
)

const flags = {
  output: Flag.String("output").pipe(
    Flag.withAlias("o"),
    Flag.withDescription("The folder that it was built into; without it, dist"),
    Flag.withDefault("dist")
  ),
  role: Flag.String("role").pipe(
    Flag.withDescription("The ARN of its execution role; without it, a new function gets one that may write logs"),
    Flag.optional
  ),
  memory: Flag.Int("memory").pipe(Flag.withDescription("Its memory in MB"), Flag.optional),
  timeout: Flag.Int("timeout").pipe(Flag.withDescription("Its timeout in seconds"), Flag.optional),
  environment: Flag.KeyValuePair("env").pipe(
    Flag.withDescription("A variable: NAME=value. Those that the function has already stay"),
    Flag.withDefault({})
  ),
  url: Flag.Literals("url", ["none", "iam"]).pipe(
    Flag.withDescription("Give it a URL: none lets everybody in, iam those whom IAM permits"),
    Flag.optional
  ),
  streaming: Flag.Boolean("streaming").pipe(
    Flag.withDescription("The URL sends the answer as it is made"),
    Flag.withoutNegation,
    Flag.withDefault(false)
  ),
  ...awsFlags.flags,
  dryRun: Flag.Boolean("dry-run").pipe(
    Flag.withDescription("Only say what would be done"),
    Flag.withoutNegation,
    Flag.withDefault(false)
  )
}

export const deploy = Command.make(
  "deploy",
  { name, ...flags },
  reported(Effect.fnUntraced(function*(input) {
    yield* Effect.scoped(Effect.provide(
      run(input),
      Aws.layer(awsFlags.options(input))
    ))
  }))
).pipe(
  Command.withDescription("Create or update a built function on AWS, with the AWS SDK"),
  Command.withExamples([
    { command: "effect-lambda deploy orders --dry-run", description: "See what would be done" },
    { command: "effect-lambda deploy orders --memory 512 --env STAGE=prod", description: "With settings" },
    { command: "effect-lambda deploy site --url none --streaming", description: "With a public URL that streams" }
  ])
)

interface Input {
  readonly name: string
  readonly output: string
  readonly role: Option.Option<string>
  readonly memory: Option.Option<number>
  readonly timeout: Option.Option<number>
  readonly environment: Readonly<Record<string, string>>
  readonly url: Option.Option<"none" | "iam">
  readonly streaming: boolean
  readonly dryRun: boolean
}

const run = Effect.fnUntraced(function*(input: Input) {
  const { dryRun, environment, memory, name, output, role, streaming, timeout, url } = input
  const { result, step } = yield* Reporter
  const built = yield* builtFunction.read(name, output)
  const { outcome, steps } = yield* step(
    "Look at what there is",
    Plan.make({
      built,
      role: Option.getOrUndefined(role),
      memorySize: Option.getOrUndefined(memory),
      timeout: Option.getOrUndefined(timeout),
      environment,
      url: Option.getOrUndefined(Option.map(url, (type) => ({ type, streaming })))
    })
  )
  const titles = steps.map(({ title }) => title)
  if (dryRun) {
    return yield* result({
      json: { dryRun, steps: titles },
      text: titles.length === 0 ? "Nothing is to be done." : titles.map((title) => `  ${title}`).join("\n"),
      next: titles.length === 0 ? undefined : `the same without --dry-run`
    })
  }
  yield* Effect.forEach(steps, ({ run, title }) => step(title, run), { discard: true })
  const { functionArn, url: address } = yield* outcome
  yield* result({
    json: { dryRun, steps: titles, functionArn, url: address ?? null },
    text: [
      ...titles.length === 0 ? ["Nothing was to be done."] : [],
      functionArn,
      ...address === undefined ? [] : [address]
    ].join("\n"),
    next: address === undefined
      ? `effect-lambda invoke ${name} --remote --tail --data '{}'`
      : Option.contains(url, "none")
      ? `curl ${address}`
      : `effect-lambda invoke ${name} --remote --tail --data '{}'`
  })
})
