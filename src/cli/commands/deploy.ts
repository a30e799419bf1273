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
import { DeployError, UrlMissing } from "../deploy/DeployError.ts"
import * as Plan from "../deploy/plan.ts"
import * as Removal from "../deploy/removal.ts"
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
    Flag.filter(
      (role) => /^arn:[\w-]+:iam::\d{12}:role\/\S+$/.test(role),
      (role) => `--role is "${role}": it must be an ARN, as in arn:aws:iam::123456789012:role/orders-role`
    ),
    Flag.optional
  ),
  memory: Flag.Int("memory").pipe(
    Flag.withDescription("Its memory in MB; a new function has 128"),
    // https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
    Flag.filter(
      (memory) => memory >= 128 && memory <= 32_768,
      (memory) => `--memory is ${memory}: it must be from 128 to 32768 MB`
    ),
    Flag.optional
  ),
  timeout: Flag.Int("timeout").pipe(
    Flag.withDescription("Its timeout in seconds; a new function has 3"),
    Flag.filter(
      (timeout) => timeout >= 1 && timeout <= 900,
      (timeout) => `--timeout is ${timeout}: it must be from 1 to 900 seconds`
    ),
    Flag.optional
  ),
  environment: Flag.KeyValuePair("env").pipe(
    Flag.withDescription("A variable: NAME=value. Those that the function has already stay"),
    Flag.withDefault({})
  ),
  withoutEnvironment: Flag.String("remove-env").pipe(
    Flag.withDescription("The name of a variable that the function is not to have any more"),
    Flag.atLeast(0)
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
  delete: Flag.Boolean("delete").pipe(
    Flag.withDescription("Delete the function, its URL, and the role that was made for it; what it has logged stays"),
    Flag.withoutNegation,
    Flag.withDefault(false)
  ),
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
      input.delete ? remove(input) : run(input),
      Aws.layer(awsFlags.options(input))
    ))
  }))
).pipe(
  Command.withDescription("Create, update or delete a built function on AWS, with the AWS SDK"),
  Command.withExamples([
    { command: "effect-lambda deploy orders --dry-run", description: "See what would be done" },
    { command: "effect-lambda deploy orders --memory 512 --env STAGE=prod", description: "With settings" },
    { command: "effect-lambda deploy orders --remove-env STAGE", description: "Without a variable that it had" },
    { command: "effect-lambda deploy site --url none --streaming", description: "With a public URL that streams" },
    { command: "effect-lambda deploy orders --delete", description: "Delete the function, and the role made for it" }
  ])
)

interface Input {
  readonly name: string
  readonly output: string
  readonly role: Option.Option<string>
  readonly memory: Option.Option<number>
  readonly timeout: Option.Option<number>
  readonly environment: Readonly<Record<string, string>>
  readonly withoutEnvironment: ReadonlyArray<string>
  readonly url: Option.Option<"none" | "iam">
  readonly streaming: boolean
  readonly region: Option.Option<string>
  readonly profile: Option.Option<string>
  readonly dryRun: boolean
  readonly delete: boolean
}

const run = Effect.fnUntraced(function*(input: Input) {
  const { dryRun, environment, memory, name, output, role, streaming, timeout, url, withoutEnvironment } = input
  if (streaming && Option.isNone(url)) return yield* new DeployError({ reason: new UrlMissing({}) })
  const { result, step } = yield* Reporter
  const built = yield* builtFunction.read(name, output)
  const { outcome, region, steps } = yield* step(
    "look at what there is",
    Plan.make({
      built,
      role: Option.getOrUndefined(role),
      memorySize: Option.getOrUndefined(memory),
      timeout: Option.getOrUndefined(timeout),
      environment,
      withoutEnvironment,
      url: Option.getOrUndefined(Option.map(url, (type) => ({ type, streaming })))
    })
  )
  if (dryRun) return yield* tellPlan({ region, steps }, invocation(input))
  const titles = steps.map(({ title }) => title)
  yield* Effect.forEach(steps, ({ run, title }) => step(title, run), { discard: true })
  const { functionArn, url: address } = yield* outcome
  yield* result({
    json: { dryRun, region, steps: titles, functionArn, url: address ?? null },
    text: [
      ...titles.length === 0 ? ["Nothing was to be done."] : [],
      functionArn,
      ...address === undefined ? [] : [address]
    ].join("\n"),
    next: address !== undefined && Option.contains(url, "none")
      ? `curl ${streaming ? "--no-buffer " : ""}${address}`
      : invocation(input)
  })
})

const remove = Effect.fnUntraced(function*({ dryRun, name, role }: Input) {
  const { result, step } = yield* Reporter
  const { region, steps } = yield* step("look at what there is", Removal.make(name, { withRole: Option.isNone(role) }))
  if (dryRun) return yield* tellPlan({ region, steps })
  yield* Effect.forEach(steps, ({ run, title }) => step(title, run), { discard: true })
  yield* result({
    json: { dryRun, region, steps: steps.map(({ title }) => title) },
    text: steps.length === 0
      ? `There is no function ${name} in ${region}.`
      : `The log group /aws/lambda/${name} stays, if there is one.`,
    next: steps.length === 0
      ? undefined
      : `aws logs delete-log-group --log-group-name /aws/lambda/${name} --region ${region}`
  })
})

const tellPlan = Effect.fnUntraced(function*({ region, steps }: Removal.Removal, next?: string) {
  const { result } = yield* Reporter
  const titles = steps.map(({ title }) => title)
  yield* result({
    json: { dryRun: true, region, steps: titles },
    text: titles.length === 0
      ? `Nothing is to be done in ${region}.`
      : [`To be done in ${region}:`, ...titles.map((title) => `  ${title}`)].join("\n"),
    next: titles.length === 0 ? next : "the same without --dry-run"
  })
})

const invocation = ({ name, profile, region }: Input): string =>
  [
    `effect-lambda invoke ${name} --remote --tail --data '{}'`,
    ...Option.isSome(region) ? [`--region ${region.value}`] : [],
    ...Option.isSome(profile) ? [`--profile ${profile.value}`] : []
  ].join(" ")
