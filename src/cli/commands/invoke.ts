/**
 * `effect-lambda invoke`.
 */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import * as awsFlags from "../awsFlags.ts"
import * as awsInvoker from "../invoke/awsInvoker.ts"
import * as endpointInvoker from "../invoke/endpointInvoker.ts"
import { type FunctionError, Invoker, type InvokeRequest } from "../invoke/Invoker.ts"
import { Json, reported, Reporter } from "../Reporter.ts"
import * as samples from "../samples.ts"

const name = Argument.String("function").pipe(
  Argument.withDescription("Its name, or its ARN; without it, the first function of the local server"),
  Argument.optional
)

const flags = {
  event: Flag.String("event").pipe(
    Flag.withAlias("e"),
    Flag.withDescription("A file with the event; - is standard input"),
    Flag.optional
  ),
  data: Flag.String("data").pipe(Flag.withAlias("d"), Flag.withDescription("The event itself"), Flag.optional),
  sample: Flag.String("sample").pipe(
    Flag.withAlias("s"),
    Flag.withDescription("A sample event, by its name in: effect-lambda events"),
    Flag.optional
  ),
  stream: Flag.Boolean("stream").pipe(
    Flag.withDescription("Print the answer as it is made"),
    Flag.withoutNegation,
    Flag.withDefault(false)
  ),
  async: Flag.Boolean("async").pipe(
    Flag.withDescription("Leave the event with Lambda, and do not wait for the function"),
    Flag.withoutNegation,
    Flag.withDefault(false)
  ),
  tail: Flag.Boolean("tail").pipe(
    Flag.withDescription(
      "Print the end of the function's log too: of one that runs in dev, START, END and REPORT, because the rest is there"
    ),
    Flag.withoutNegation,
    Flag.withDefault(false)
  ),
  tenant: Flag.String("tenant").pipe(Flag.withDescription("The tenant that it is for"), Flag.optional),
  clientContext: Flag.String("client-context").pipe(Flag.withDescription("The client context, as JSON"), Flag.optional),
  qualifier: Flag.String("qualifier").pipe(
    Flag.withDescription("A version or an alias, behind all of which the local server has the same code"),
    Flag.optional
  ),
  endpoint: Flag.String("endpoint").pipe(
    Flag.withDescription("The address of the local server; without it, http://127.0.0.1:7000"),
    Flag.filter(
      (endpoint) => /^https?:\/\//.test(endpoint) && URL.canParse(endpoint),
      (endpoint) => `--endpoint is "${endpoint}": it must be an address like http://127.0.0.1:7000`
    ),
    Flag.withDefault("http://127.0.0.1:7000")
  ),
  remote: Flag.Boolean("remote").pipe(
    Flag.withAlias("r"),
    Flag.withDescription("Invoke the function on AWS, with the AWS SDK"),
    Flag.withoutNegation,
    Flag.withDefault(false)
  ),
  ...awsFlags.flags
}

/** The function failed, which is no failure to invoke it. */
export class FunctionFailed extends Schema.TaggedError<FunctionFailed>("effect-lambda-runtime/cli/FunctionFailed")(
  "FunctionFailed",
  {
    /** What the function's error says of itself; what Lambda calls it where it says nothing. */
    type: Schema.String,
    description: Schema.optionalKey(Schema.String),
    /** Where nothing else shows it. */
    stackTrace: Schema.Array(Schema.String),
    /** How to see what the function has logged. */
    wayToLog: Schema.optionalKey(Schema.String)
  }
) {
  override get message(): string {
    const what = this.description === undefined ? this.type : `${this.type}: ${this.description}`
    const way = this.wayToLog === undefined ? [] : [this.wayToLog]
    return `the function failed with ${[what, ...this.stackTrace, ...way].join("\n  ")}`
  }
}

/** What was asked for makes no sense. */
export class InvalidRequest extends Schema.TaggedError<InvalidRequest>("effect-lambda-runtime/cli/InvalidRequest")(
  "InvalidRequest",
  { problem: Schema.String }
) {
  override get message(): string {
    return this.problem
  }
}

interface Input {
  readonly event: Option.Option<string>
  readonly data: Option.Option<string>
  readonly sample: Option.Option<string>
}

const payloadOf = Effect.fnUntraced(function*({ data, event, sample }: Input) {
  if ([data, event, sample].filter(Option.isSome).length > 1) {
    return yield* new InvalidRequest({
      problem: "the event is given more than once: choose --event, --data or --sample"
    })
  }
  const encoder = new TextEncoder()
  if (Option.isSome(data)) return encoder.encode(data.value)
  if (Option.isSome(sample)) return encoder.encode(JSON.stringify((yield* samples.find(sample.value)).event()))
  if (Option.isNone(event)) return encoder.encode("{}")
  if (event.value !== "-") return yield* (yield* FileSystem.FileSystem).readFile(event.value)
  const { stdin } = yield* Stdio.Stdio
  return Buffer.concat(yield* Stream.runCollect(stdin))
})

export const invoke = Command.make(
  "invoke",
  { name, ...flags },
  reported(Effect.fnUntraced(function*(input) {
    const { async, endpoint, remote, stream, tail } = input
    if (async && (stream || tail)) {
      return yield* new InvalidRequest({ problem: "there is no answer to --stream and no log to --tail with --async" })
    }
    if (remote && Option.isNone(input.name)) {
      return yield* new InvalidRequest({ problem: "which function is it? Give its name, or its ARN" })
    }
    if (Option.exists(input.clientContext, (context) => Option.isNone(decodeJson(context)))) {
      return yield* new InvalidRequest({ problem: "--client-context is not JSON" })
    }
    const payload = yield* payloadOf(input)
    if (!remote && Option.isSome(input.qualifier)) {
      const { notice } = yield* Reporter
      yield* notice(`the local server has the same code behind every version and alias, ${input.qualifier.value} too`)
    }
    const functionName = Option.isSome(input.name) ? input.name.value : yield* endpointInvoker.firstFunction(endpoint)
    const layer = remote
      ? awsInvoker.layer(awsFlags.options(input))
      : endpointInvoker.layer(endpoint)
    yield* Effect.scoped(Effect.provide(
      call({
        functionName,
        payload,
        mode: async ? "async" : stream ? "streamed" : "buffered",
        tail,
        qualifier: Option.getOrUndefined(input.qualifier),
        tenantId: Option.getOrUndefined(input.tenant),
        clientContext: Option.getOrUndefined(input.clientContext)
      }, remote),
      layer
    ))
  }))
).pipe(
  Command.withDescription("Invoke a function: of the local server, or with --remote on AWS"),
  Command.withExamples([
    { command: "effect-lambda invoke --event event.json", description: "Send a file to the function that runs here" },
    { command: "effect-lambda invoke orders --sample sqs", description: "Send a sample event" },
    { command: "echo '{}' | effect-lambda invoke -e -", description: "Send what another program writes" },
    { command: "effect-lambda invoke orders --stream --data '{}'", description: "See the answer as it is made" },
    { command: "effect-lambda invoke orders --remote --tail", description: "Invoke it on AWS, and see its log" }
  ])
)

const call = Effect.fnUntraced(function*(request: InvokeRequest, remote: boolean) {
  const { result } = yield* Reporter
  const json = yield* Json
  const { invoke } = yield* Invoker
  const answer = yield* invoke(request)
  if (request.mode === "async") {
    return yield* result({ json: { status: answer.status }, text: "Lambda has the event." })
  }
  const printsChunks = request.mode === "streamed" && !json
  const printed: Array<Uint8Array> = []
  yield* Stream.runForEach(answer.body, (chunk) =>
    Effect.sync(() => {
      if (printsChunks) process.stdout.write(chunk)
      else printed.push(chunk)
    }))
  const { functionError, log } = yield* answer.outcome
  const body = new TextDecoder().decode(Buffer.concat(printed))
  if (!json && log !== undefined) process.stderr.write(`${log.trimEnd()}\n\n`)
  if (json) {
    yield* result({
      json: {
        status: answer.status,
        executedVersion: answer.executedVersion ?? null,
        functionError: functionError === undefined
          ? null
          : { type: functionError.type, details: functionError.details ?? null },
        log: log ?? null,
        body: parsed(body)
      },
      text: ""
    })
  } else if (!printsChunks) yield* result({ json: null, text: pretty(body) })
  // Behind a stream comes the prompt; what goes elsewhere is left as it is.
  else if (process.stdout.isTTY) process.stdout.write("\n")
  if (functionError !== undefined) {
    const way = remote ? "--tail shows the end of its log" : "Its log is in the terminal where it runs"
    return yield* failed(functionError, body, remote && log !== undefined ? undefined : way)
  }
})

/** https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html#runtimes-api-invokeerror */
const ErrorReport = Schema.fromJsonString(Schema.Struct({
  errorType: Schema.optionalKey(Schema.String),
  errorMessage: Schema.optionalKey(Schema.String),
  stackTrace: Schema.optionalKey(Schema.Array(Schema.String))
}))

/** A buffered answer has been printed, with the stack trace in it; of a stream the details have not. */
const failed = ({ details, type }: FunctionError, body: string, wayToLog: string | undefined) => {
  const report = Option.getOrElse(
    Schema.decodeOption(ErrorReport)(details ?? body),
    (): typeof ErrorReport.Type => details === undefined ? {} : { errorMessage: details }
  )
  const { errorMessage, errorType = type, stackTrace = [] } = report
  return new FunctionFailed({
    type: errorType === "" ? type : errorType,
    ...errorMessage !== undefined && errorMessage !== "" && { description: errorMessage },
    stackTrace: details === undefined ? [] : stackTrace,
    ...wayToLog !== undefined && { wayToLog }
  })
}

const decodeJson = Schema.decodeOption(Schema.fromJsonString(Schema.Json))

const parsed = (body: string): Schema.Json => Option.getOrElse(decodeJson(body), () => body)

const pretty = (body: string): string =>
  Option.match(decodeJson(body), { onNone: () => body, onSome: (json) => JSON.stringify(json, undefined, 2) })
