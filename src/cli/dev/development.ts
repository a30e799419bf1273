/**
 * A local server with functions that are developed.
 */
import * as Console from "effect/Console"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Path from "effect/Path"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import type * as Terminal from "effect/Terminal"
import * as LocalServer from "../../LocalServer.ts"
import type { LocalServerError } from "../../LocalServerError.ts"
import * as functionName from "../functionName.ts"
import { EntryMissing } from "../packaging/BuildError.ts"
import { Json, Reporter } from "../Reporter.ts"
import * as DevelopedFunction from "./developedFunction.ts"

export interface Options {
  readonly entries: ReadonlyArray<string>
  readonly port: number
  readonly maxConcurrency: number
  /** Seconds. */
  readonly timeout: number
  readonly environment: Readonly<Record<string, string>>
  readonly external: ReadonlyArray<string>
  readonly nodeFlags: ReadonlyArray<string>
  /** Runs while the functions do; they end with it. */
  readonly onStarted: (
    development: Development
  ) => Effect.Effect<void, never, Reporter | Scope.Scope | Terminal.Terminal>
}

export interface Development {
  /** `host:port` of the local server. */
  readonly address: string
  readonly functions: ReadonlyArray<LocalServer.LocalFunction>
  /** Starts all functions again, as they are built. */
  readonly restart: Effect.Effect<void>
}

/** What was asked for cannot be developed. */
export class DevelopmentError
  extends Schema.TaggedError<DevelopmentError>("effect-lambda-runtime/cli/DevelopmentError")(
    "DevelopmentError",
    { problem: Schema.String }
  )
{
  override get message(): string {
    return this.problem
  }
}

/** While the old process of a function drains, there is a new one. */
const maxEnvironments = 100

export const run = Effect.fnUntraced(function*(options: Options) {
  const fileSystem = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const entries = yield* Effect.forEach(
    options.entries,
    Effect.fnUntraced(function*(entry) {
      const file = path.resolve(entry)
      if (!(yield* fileSystem.exists(file)) || (yield* fileSystem.stat(file)).type !== "File") {
        return yield* new DevelopmentError({ problem: new EntryMissing({ entry }).message })
      }
      return { file, folder: path.dirname(file), name: functionName.ofEntry(path, file) }
    })
  )
  for (const [index, { name }] of entries.entries()) {
    // https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
    if (!/^[\w-]{1,64}$/.test(name)) {
      return yield* new DevelopmentError({
        problem:
          `a function cannot be called "${name}": name its file, or the folder of its main.ts, with at most 64 ` +
          "letters, digits, hyphens and underscores"
      })
    }
    if (entries.findIndex((entry) => entry.name === name) === index) continue
    return yield* new DevelopmentError({
      problem: `two functions are called ${name}: their names are those of their files, or of the folders of main.ts`
    })
  }
  const json = yield* Json
  const [first, ...others] = entries.map(({ name }) => ({
    functionName: name,
    timeout: `${options.timeout} seconds` as const,
    maxConcurrency: options.maxConcurrency,
    maxEnvironments,
    memorySize: 1024
  }))
  const server = LocalServer.layerOptions({ port: options.port, ...first, functions: others })
  const context = yield* (json ? onStandardError(Layer.build(server)) : Layer.build(server)).pipe(
    Effect.catchTag("LocalServerError", (error) => Effect.fail(inOwnWords(error)))
  )
  const { address, functions } = Context.get(context, LocalServer.LocalServer)
  const cacheFolder = yield* bundleFolder(path.resolve("."))
  const reporter = yield* Reporter
  if (json) {
    yield* reporter.news({ json: { _tag: "Listening", url: `http://${address}` }, text: "", isTrouble: false })
  }
  const developed = yield* Effect.forEach(entries, ({ file, folder, name }, index) =>
    DevelopedFunction.make({
      local: functions[index]!,
      entry: file,
      folder,
      projectFolder: path.resolve("."),
      file: path.join(cacheFolder, name, "main.mjs"),
      nodeFlags: index === 0 ? options.nodeFlags : [],
      external: options.external,
      variables: {
        ...options.environment,
        ...options.maxConcurrency > 1 && { AWS_LAMBDA_MAX_CONCURRENCY: String(options.maxConcurrency) }
      },
      output: json ? "stderr" : "stdout",
      tell: (news) =>
        reporter.news({
          json: { function: name, ...news },
          text: describe(name, news),
          isTrouble: news._tag !== "Ready"
        })
    }))
  const started = options.onStarted({
    address,
    functions,
    restart: Effect.forEach(developed, ({ restart }) => restart, { discard: true })
  })
  yield* Effect.raceFirst(started, Effect.raceAllFirst(developed.map(({ failure }) => failure)))
})

/** Standard output has a line for each piece of news, and nothing else. */
const onStandardError = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.flatMap(Console.Console, (console) =>
    effect.pipe(
      Effect.provideService(Console.Console, { ...console, log: console.error }),
      Effect.provideService(Logger.LogToStderr, true)
    ))

/** The server's own words are for programs that start it: here there are flags. */
const inOwnWords = (error: LocalServerError): LocalServerError | DevelopmentError =>
  error.reason._tag === "PortInUse"
    ? new DevelopmentError({
      problem: `port ${error.reason.port} of ${error.reason.host} is in use: stop the program that uses it, ` +
        "or choose another one with --port"
    })
    : error

/** Where what is left external is found: below the project's dependencies, if it has any. */
const bundleFolder = Effect.fnUntraced(function*(projectFolder: string) {
  const fileSystem = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const dependencies = path.join(projectFolder, "node_modules")
  const parent = (yield* fileSystem.exists(dependencies)) ? path.join(dependencies, ".effect-lambda") : undefined
  if (parent !== undefined) yield* fileSystem.makeDirectory(parent, { recursive: true })
  return yield* fileSystem.makeTempDirectoryScoped({ directory: parent, prefix: "dev-" })
})

const describe = (name: string, news: DevelopedFunction.News): string => {
  switch (news._tag) {
    case "Ready": {
      const built = news.buildTime > 0 ? `built in ${news.buildTime.toFixed(0)} ms, ` : ""
      return `${name} is ready: ${built}started in ${news.startTime} ms`
    }
    case "NotBuilt":
      return `${name} is not built${still(news.isServing)}\n${news.problem}`
    case "NotStarted":
      return `${name} ended with exit code ${news.exitCode} before its first poll${still(news.isServing)}` +
        (news.exitCode === 0 ? "\nIts file has to pass its layer to NodeLambda.runMain" : "")
    case "Ended":
      return `${name} ended with exit code ${news.exitCode}: ` +
        (news.isStartedAgain ? "it is started again" : "it is started again after the next change")
    case "Failed":
      return `${name} cannot be started: ${news.problem}`
  }
}

const still = (isServing: boolean) => isServing ? "; what was built before goes on" : ""
