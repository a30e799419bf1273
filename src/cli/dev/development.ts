/**
 * A local server with functions that are developed.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Path from "effect/Path"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import type * as Terminal from "effect/Terminal"
import * as LocalServer from "../../LocalServer.ts"
import * as functionName from "../functionName.ts"
import { Reporter } from "../Reporter.ts"
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
      if (!(yield* fileSystem.exists(file))) {
        return yield* new DevelopmentError({ problem: `there is no file ${entry}` })
      }
      return { file, folder: path.dirname(file), name: functionName.ofEntry(path, file) }
    })
  )
  const [first, ...others] = entries.map(({ name }) => ({
    functionName: name,
    timeout: `${options.timeout} seconds` as const,
    maxConcurrency: options.maxConcurrency,
    maxEnvironments,
    memorySize: 1024
  }))
  const context = yield* Layer.build(
    LocalServer.layerOptions({ port: options.port, ...first, functions: others })
  )
  const { address, functions } = Context.get(context, LocalServer.LocalServer)
  const cacheFolder = yield* bundleFolder(path.resolve("."))
  const reporter = yield* Reporter
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
      tell: (news) =>
        reporter.news({
          json: { function: name, ...news },
          text: describe(name, news),
          isTrouble: news._tag !== "Ready"
        })
    }))
  yield* options.onStarted({
    address,
    functions,
    restart: Effect.forEach(developed, ({ restart }) => restart, { discard: true })
  })
})

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
      return `${name} ended with exit code ${news.exitCode} before its first poll${still(news.isServing)}`
    case "Ended":
      return `${name} ended with exit code ${news.exitCode}: ` +
        (news.isStartedAgain ? "it is started again" : "it is started again after the next change")
    case "Failed":
      return `${name} cannot be started: ${news.problem}`
  }
}

const still = (isServing: boolean) => isServing ? "; what was built before goes on" : ""
