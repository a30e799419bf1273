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
import type { PlatformError } from "effect/PlatformError"
import type * as Scope from "effect/Scope"
import type * as Terminal from "effect/Terminal"
import type { LocalFunction } from "../../LocalServer.ts"
import type { LocalServerError } from "../../LocalServerError.ts"
import * as functionName from "../functionName.ts"
import { loadLocalServer } from "../loadLocalServer.ts"
import { EntryMissing } from "../packaging/BuildError.ts"
import { Json, Reporter } from "../Reporter.ts"
import * as debuggerDoor from "./debuggerDoor.ts"
import * as DevelopedFunction from "./developedFunction.ts"
import { DevelopmentError } from "./DevelopmentError.ts"
import type { Ending } from "./generation.ts"
import * as variables from "./variables.ts"

export interface Options {
  /** Files, each with a name in front of it or without: `orders=src/main.ts`. */
  readonly entries: ReadonlyArray<string>
  readonly port: number
  /** How many invocations a process serves at a time as on Managed Instances, if it is to be as there. */
  readonly managed: number | undefined
  /** Seconds. */
  readonly timeout: number
  readonly environment: Readonly<Record<string, string>>
  readonly external: ReadonlyArray<string>
  /** Where the debuggers of the first function come in, if they may; those of the others on the ports behind it. */
  readonly inspect: debuggerDoor.Options | undefined
  /** Runs while the functions do; they end with it. */
  readonly onStarted: (
    development: Development
  ) => Effect.Effect<void, never, Reporter | Scope.Scope | Terminal.Terminal>
}

export interface Development {
  /** `host:port` of the local server. */
  readonly address: string
  readonly functions: ReadonlyArray<LocalFunction>
  /** Starts all functions again, as they are built. */
  readonly restart: Effect.Effect<void>
}

/** While the old process of a function drains, there is a new one. */
const maxEnvironments = 100

interface Entry {
  readonly file: string
  readonly folder: string
  readonly name: string
}

const readEntry = Effect.fnUntraced(function*(entry: string): Effect.fn.Return<
  Entry,
  DevelopmentError | PlatformError,
  FileSystem.FileSystem | Path.Path
> {
  const fileSystem = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const isFile = (file: string) =>
    Effect.andThen(
      fileSystem.exists(file),
      (exists) => exists ? Effect.map(fileSystem.stat(file), ({ type }) => type === "File") : Effect.succeed(false)
    )
  // A file may have such a name, too.
  const [, name, named] = (yield* isFile(entry)) ? [] : /^([^=]+)=(.+)$/.exec(entry) ?? []
  const file = path.resolve(named ?? entry)
  if (!(yield* isFile(file))) {
    return yield* new DevelopmentError({ problem: new EntryMissing({ entry: named ?? entry }).message })
  }
  return { file, folder: path.dirname(file), name: name ?? functionName.ofEntry(path, file) }
})

const checkNames = Effect.fnUntraced(function*(
  entries: ReadonlyArray<Entry>
): Effect.fn.Return<void, DevelopmentError, Path.Path> {
  const path = yield* Path.Path
  for (const [index, { file, name }] of entries.entries()) {
    if (!functionName.isValid(name)) {
      return yield* new DevelopmentError({
        problem: `a function cannot be called "${name}": name it with at most 64 letters, digits, hyphens and ` +
          `underscores, as in "hello=${path.relative("", file)}"`
      })
    }
    if (entries.findIndex((entry) => entry.name === name) === index) continue
    return yield* new DevelopmentError({
      problem: `two functions are called ${name}: name one of them, as in "other=${path.relative("", file)}"`
    })
  }
})

export const run = Effect.fnUntraced(function*(options: Options) {
  const path = yield* Path.Path
  const reporter = yield* Reporter
  const entries = yield* Effect.forEach(options.entries, readEntry)
  yield* checkNames(entries)
  for (const name of variables.reservedIn(options.environment)) {
    const way = name === "AWS_LAMBDA_MAX_CONCURRENCY" ? ": use --managed" : ""
    const text = `--env ${name} changes nothing, because Lambda itself sets it${way}`
    yield* reporter.news({ json: { _tag: "Ignored", variable: name }, text, isTrouble: true })
  }
  const { inspect } = options
  const doors = inspect === undefined ? [] : yield* Effect.forEach(
    entries,
    (_, index) => debuggerDoor.make({ ...inspect, port: inspect.port === 0 ? 0 : inspect.port + index })
  )
  const json = yield* Json
  const [first, ...others] = entries.map(({ name }) => ({
    functionName: name,
    timeout: `${options.timeout} seconds` as const,
    maxConcurrency: options.managed ?? 1,
    maxEnvironments,
    memorySize: variables.memorySize(options.managed)
  }))
  const { LocalServer, layerOptions } = yield* loadLocalServer
  const server = layerOptions({ port: options.port, ...first, functions: others })
  const context = yield* (json ? onStandardError(Layer.build(server)) : Layer.build(server)).pipe(
    Effect.catchTag("LocalServerError", (error) => Effect.fail(inOwnWords(error)))
  )
  const { address, functions } = Context.get(context, LocalServer)
  const cacheFolder = yield* bundleFolder(path.resolve("."))
  if (json) {
    yield* reporter.news({ json: { _tag: "Listening", url: `http://${address}` }, text: "", isTrouble: false })
  }
  const developed = yield* Effect.forEach(
    entries,
    Effect.fnUntraced(function*({ file, folder, name }, index) {
      const door = doors[index]
      if (door !== undefined) {
        yield* reporter.news({
          json: { function: name, _tag: "Debuggable", address: door.address },
          text: `debuggers of ${name} connect to ${door.address}`,
          isTrouble: false
        })
      }
      return yield* DevelopedFunction.make({
        local: functions[index]!,
        entry: file,
        folder,
        projectFolder: path.resolve("."),
        file: path.join(cacheFolder, name, "main.mjs"),
        door,
        external: options.external,
        environment: options.environment,
        managed: options.managed,
        output: json ? "stderr" : "stdout",
        tell: (news) =>
          reporter.news({
            json: { function: name, ...news },
            text: describe(name, news),
            isTrouble: news._tag !== "Ready"
          })
      })
    })
  )
  const started = options.onStarted({
    address,
    functions,
    restart: Effect.forEach(developed, ({ restart }) => restart, { discard: true })
  })
  yield* Effect.raceAllFirst([started, hangUp, ...developed.map(({ failure }) => failure)])
})

/** The terminal is closed: what runs on it is not to be left behind. */
const hangUp = Effect.callback<void>((resume) => {
  const listener = () => resume(Effect.void)
  process.once("SIGHUP", listener)
  return Effect.sync(() => process.off("SIGHUP", listener))
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
    case "Late":
      return `${name} has not asked for an event within 10 seconds, in which Lambda expects a function to start` +
        still(news.isServing)
    case "NotStarted":
      return `${name} ${ending(news)} before its first poll${still(news.isServing)}` +
        (news.exitCode === 0 ? "\nIts file has to pass its layer to NodeLambda.runMain" : "")
    case "Ended":
      return `${name} ${ending(news)}: ` +
        (news.isStartedAgain ? "it is started again" : "it is started again after the next change")
    case "Failed":
      return `${name} cannot be started: ${news.problem}`
  }
}

const ending = ({ exitCode, signal }: Ending) =>
  signal === null ? `ended with exit code ${exitCode}` : `was ended by ${signal}`

const still = (isServing: boolean) => isServing ? "; what was built before goes on" : ""
