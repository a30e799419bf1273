/**
 * A Lambda function on your own machine: one HTTP server that callers send events to and that a runtime polls.
 *
 * @since 0.1.0
 */
import * as Config from "effect/Config"
import * as Console from "effect/Console"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { ServeError } from "effect/http/HttpServerError"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import * as References from "effect/References"
import type * as Scope from "effect/Scope"
import type * as Stream from "effect/Stream"
import * as server from "./internal/local/server.ts"
import * as settings from "./internal/local/settings.ts"
import * as logEnvironment from "./internal/logger/environment.ts"
import * as logOutput from "./internal/logger/output.ts"
import * as logTail from "./internal/logger/tail.ts"
import { CannotListen, LocalServerError, PortInUse } from "./LocalServerError.ts"

/**
 * The local server, listening.
 *
 * **When to use**
 *
 * `NodeLambda.runMain` starts it for you where there is no Lambda. Use it directly to try another runtime, or in tests
 * that go through real HTTP.
 *
 * **Details**
 *
 * Events wait first in, first out until a runtime asks for them, and every caller gets the answer to its own. A
 * streamed answer reaches its caller chunk by chunk.
 *
 * **Example** (The address of a server on a free port)
 *
 * ```ts
 * import * as LocalServer from "effect-lambda-runtime/LocalServer"
 * import * as Effect from "effect/Effect"
 *
 * const program = Effect.map(LocalServer.LocalServer, ({ address }) => address.split(":")[0]).pipe(
 *   Effect.provide(LocalServer.layerTest)
 * )
 *
 * await Effect.runPromise(program) // => "127.0.0.1"
 * ```
 *
 * @category services
 * @since 0.1.0
 */
export class LocalServer extends Context.Service<LocalServer, {
  /** `host:port`, the value of `AWS_LAMBDA_RUNTIME_API` for a runtime. */
  readonly address: string
  /** Where callers `POST` their events. */
  readonly url: string
  /** What is going on now in the first function, and then every change of it. */
  readonly activity: Stream.Stream<Activity>
  /** Its functions, the first one first. */
  readonly functions: ReadonlyArray<LocalFunction>
}>()("effect-lambda-runtime/LocalServer") {}

/**
 * A function of a local server.
 *
 * @category models
 * @since 0.1.0
 */
export interface LocalFunction {
  readonly name: string
  readonly arn: string
  /** The value of `AWS_LAMBDA_RUNTIME_API` for its runtimes. */
  readonly runtimeApi: string
  /** An execution environment of its own for one runtime, for as long as the scope is open. */
  readonly environment: Effect.Effect<LocalEnvironment, never, Scope.Scope>
  /** Its function URL. */
  readonly url: string
  /** What is going on in it now, and then every change of it. */
  readonly activity: Stream.Stream<Activity>
  /** The events that its runtimes are given from now on. */
  readonly events: Stream.Stream<Uint8Array>
  /** The last 1,000 asynchronous events that it failed on for good, the oldest one first. */
  readonly deadLetters: Effect.Effect<ReadonlyArray<DeadLetter>>
  /** Takes a line that it has logged about an invocation, for the log tail of that invocation's caller. */
  readonly log: (requestId: string, line: string) => Effect.Effect<void>
}

/**
 * An execution environment that can be told from the others of its function, because its runtime has an address of its own.
 *
 * **When to use**
 *
 * To replace a runtime by another one without losing an event: start the new one in an environment of its own, wait until
 * it is `ready`, `drain` the old one, and end it.
 *
 * @category models
 * @since 0.1.0
 */
export interface LocalEnvironment {
  /** The value of `AWS_LAMBDA_RUNTIME_API` for the runtime in it. */
  readonly runtimeApi: string
  /** Returns when the runtime has asked for an event. */
  readonly ready: Effect.Effect<void>
  /** Gives the runtime no more events. Returns when it has answered those that it had. */
  readonly drain: Effect.Effect<void>
}

/**
 * An asynchronous event that failed for good, as Lambda describes it to an on-failure destination.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 * @category models
 * @since 0.1.0
 */
export interface DeadLetter {
  readonly version: "1.0"
  /** ISO 8601. */
  readonly timestamp: string
  readonly requestContext: {
    readonly requestId: string
    /** Always with a qualifier. */
    readonly functionArn: string
    readonly condition: "RetriesExhausted" | "EventAgeExceeded"
    readonly approximateInvokeCount: number
  }
  /** The event, parsed where it is JSON. */
  readonly requestPayload: unknown
  /** Absent when no runtime has had the event. */
  readonly responseContext?: {
    readonly statusCode: 200
    readonly executedVersion: string
    readonly functionError: "Unhandled"
  }
  /** The error of the last attempt, parsed where it is JSON. */
  readonly responsePayload?: unknown
}

/**
 * How much is going on in a local server.
 *
 * @category models
 * @since 0.1.0
 */
export interface Activity {
  /** Polls of runtimes that wait for an event. */
  readonly polls: number
  /** Events that wait for a runtime. */
  readonly queued: number
  /** Events that a runtime is answering. */
  readonly running: number
}

/**
 * Settings of one local function.
 *
 * @category models
 * @since 0.1.0
 */
export interface FunctionOptions {
  /** Its name. Default: `function`. */
  readonly functionName?: string | undefined
  /**
   * From an event's arrival at the runtime to its deadline, when the caller is told `Task timed out`. At most 15
   * minutes. Default: 3 seconds, as on Lambda.
   */
  readonly timeout?: Duration.Input | undefined
  /** In MB, from 128 to 32,768. It is written into REPORT lines and not enforced. Default: 128. */
  readonly memorySize?: number | undefined
  /**
   * Events that one execution environment may serve at the same time. Default: 1, which also holds the runtime to
   * Lambda's order of calls; with more, any number of polls may wait, as on Lambda Managed Instances.
   */
  readonly maxConcurrency?: number | undefined
  /** Execution environments that may poll at the same time, each a runtime of its own. Default: 1. */
  readonly maxEnvironments?: number | undefined
  /** Events that may wait for a runtime; one more is refused with 429. Default: 1,000. */
  readonly maxQueued?: number | undefined
  /** How often an asynchronous invocation that failed is tried again, from 0 to 2. Default: 2. */
  readonly maximumRetryAttempts?: number | undefined
  /** How old an asynchronous event may get, from 1 minute to 6 hours. Default: 6 hours. */
  readonly maximumEventAge?: Duration.Input | undefined
  /** What the waits of 1 and 2 minutes between those tries are multiplied with; 0 tries again at once. Default: 1. */
  readonly retryDelayScale?: number | undefined
}

/**
 * Settings of {@link layerOptions}. Those of a function are for the one that requests mean which name none.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options extends FunctionOptions {
  /** The address to listen on. Default: `127.0.0.1`, which only this machine can reach. */
  readonly host?: string | undefined
  /** The port to listen on; 0 takes a free one. Default: 7000. */
  readonly port?: number | undefined
  /** The path that callers post their events to. Default: `/invoke`. */
  readonly endpoint?: string | undefined
  /** More functions, each with a name of its own. */
  readonly functions?: ReadonlyArray<FunctionOptions> | undefined
  /** APIs of API Gateway in front of the functions. Default: none. */
  readonly apis?: ReadonlyArray<ApiOptions> | undefined
  /** Host names besides `localhost` that the server answers to while it listens on this machine only. */
  readonly allowedHosts?: ReadonlyArray<string> | undefined
  /**
   * Origins of web pages that may call the server from a browser, like `http://localhost:5173`; `*` allows all.
   * Default: none but the server's own.
   */
  readonly allowedOrigins?: ReadonlyArray<string> | undefined
}

/**
 * An API of API Gateway in front of local functions.
 *
 * @category models
 * @since 0.1.0
 */
export interface ApiOptions {
  /** 1 to 64 letters, digits, hyphens and underscores: what the paths and the host name of the API have it by. */
  readonly name: string
  readonly type: "HTTP" | "REST"
  /**
   * The first segment of every path, except for `$default`, which has none. Default: `$default` for an HTTP API; a REST
   * API always has one, `prod`.
   */
  readonly stage?: string | undefined
  /**
   * The function for every route, as in `{ "GET /orders/{id}": "orders", "ANY /{proxy+}": "site" }`. An HTTP API may
   * have `$default` too.
   */
  readonly routes: Readonly<Record<string, string>>
  /** The format of an HTTP API's events. Default: `2.0`. */
  readonly payloadFormatVersion?: "1.0" | "2.0" | undefined
  /**
   * The content types that a REST API treats as binary data, both those of requests and those that a request accepts.
   * Default: none, so that everything is text.
   */
  readonly binaryMediaTypes?: ReadonlyArray<string> | undefined
}

const make = Effect.fnUntraced(function*(options: Options, print?: (line: string) => void) {
  const decoded = yield* settings.decode(options)
  return yield* Effect.mapError(server.make(decoded, print), (error) => listenError(decoded, error))
})

const listenError = ({ host, port }: server.Settings, { cause }: ServeError) => {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined
  return new LocalServerError({
    reason: code === "EADDRINUSE"
      ? new PortInUse({ host, port })
      : new CannotListen({ host, port, description: cause instanceof Error ? cause.message : String(cause) })
  })
}

const makeAnnounced = Effect.fnUntraced(function*(options: Options) {
  const console = yield* Console.Console
  // Lambda's own lines are not the function's: the console would make records of them.
  const isPatched = (yield* logEnvironment.format) !== undefined
  const service = yield* make(options, isPatched ? logOutput.writeLine : (line) => console.log(line))
  yield* Effect.logInfo(
    `The function listens on ${service.url}. Call it from another terminal:\n\n  curl -d '{}' ${service.url}\n\n` +
      `The AWS CLI and SDKs find it at the endpoint http://${service.address}, a browser at ${
        service.functions[0]?.url
      },\n` +
      `other runtimes with AWS_LAMBDA_RUNTIME_API=${service.address}`
  )
  return service
})

/** An empty variable counts as unset. */
const optional = (name: string) =>
  Effect.map(
    Config.option(Config.String(name)),
    (value) => Option.getOrUndefined(Option.filter(value, (text) => text.trim() !== ""))
  )

const list = (text: string | undefined) => text?.split(",").map((item) => item.trim()).filter((item) => item !== "")

/** Who steps through a handler in this process needs all the time that Lambda ever gives. */
const debuggerTimeout = (): Duration.Input | undefined =>
  process.getBuiltinModule("node:inspector").url() === undefined ? undefined : "15 minutes"

const fromEnvironment = Effect.gen(function*() {
  const port = yield* optional("LOCAL_LAMBDA_PORT")
  const maxConcurrency = Number(yield* optional("AWS_LAMBDA_MAX_CONCURRENCY"))
  const timeout = yield* optional("AWS_LAMBDA_FUNCTION_TIMEOUT")
  const memorySize = yield* optional("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
  const options: Options = {
    host: yield* optional("LOCAL_LAMBDA_HOST"),
    port: port === undefined ? undefined : Number(port),
    endpoint: yield* optional("LOCAL_LAMBDA_INVOCATION_ENDPOINT"),
    functionName: yield* optional("AWS_LAMBDA_FUNCTION_NAME"),
    timeout: timeout === undefined ? debuggerTimeout() : Duration.seconds(Number(timeout)),
    memorySize: memorySize === undefined ? undefined : Number(memorySize),
    allowedHosts: list(yield* optional("LOCAL_LAMBDA_ALLOWED_HOSTS")),
    allowedOrigins: list(yield* optional("LOCAL_LAMBDA_ALLOWED_ORIGINS")),
    // As LambdaEnvironment reads it, which also warns.
    maxConcurrency: Number.isInteger(maxConcurrency) && maxConcurrency >= 1 ? maxConcurrency : 1
  }
  if (port !== undefined && !/^\d+$/.test(port.trim())) {
    return yield* settings.invalidSetting("LOCAL_LAMBDA_PORT", port, "a whole number from 0 to 65535")
  }
  if (timeout !== undefined && !(Number(timeout) > 0 && Number(timeout) <= 900)) {
    return yield* settings.invalidSetting(
      "AWS_LAMBDA_FUNCTION_TIMEOUT",
      timeout,
      "a number of seconds above 0, at most 900"
    )
  }
  if (memorySize !== undefined && !/^\d+$/.test(memorySize.trim())) {
    return yield* settings.invalidSetting("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", memorySize, "a whole number of MB")
  }
  return options
})

/**
 * The local server with the settings that its environment variables name.
 *
 * **Details**
 *
 * `LOCAL_LAMBDA_HOST` (127.0.0.1), `LOCAL_LAMBDA_PORT` (7000), `LOCAL_LAMBDA_INVOCATION_ENDPOINT` (/invoke), and the
 * variables of Lambda itself `AWS_LAMBDA_MAX_CONCURRENCY` (1) and `AWS_LAMBDA_FUNCTION_NAME` (function). Logs where it
 * listens, with a line to paste. Fails with a `LocalServerError` when a value makes no sense or the port is taken.
 *
 * **Example** (Another runtime's Runtime API)
 *
 * ```ts
 * import * as LocalServer from "effect-lambda-runtime/LocalServer"
 * import * as Effect from "effect/Effect"
 * import * as Layer from "effect/Layer"
 *
 * // Listens until it is interrupted; start the other runtime with AWS_LAMBDA_RUNTIME_API=127.0.0.1:7000.
 * const program: Effect.Effect<never, unknown> = Layer.launch(LocalServer.layer)
 * ```
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<LocalServer, LocalServerError | Config.ConfigError> = Layer.effect(
  LocalServer,
  Effect.flatMap(fromEnvironment, makeAnnounced)
)

/**
 * {@link layer} with settings from the program.
 *
 * **Example** (A port and a path)
 *
 * ```ts
 * import * as LocalServer from "effect-lambda-runtime/LocalServer"
 *
 * const layer = LocalServer.layerOptions({ port: 8080, endpoint: "/events" })
 * ```
 *
 * @category layers
 * @since 0.1.0
 */
export const layerOptions = (options: Options): Layer.Layer<LocalServer, LocalServerError> =>
  Layer.effect(LocalServer, makeAnnounced(options))

/**
 * {@link layer} with settings from variables of your own.
 *
 * **Example** (The port that a tool chose)
 *
 * ```ts
 * import * as LocalServer from "effect-lambda-runtime/LocalServer"
 * import * as Config from "effect/Config"
 *
 * const layer = LocalServer.layerConfig({ port: Config.Port("PORT") })
 * ```
 *
 * @category layers
 * @since 0.1.0
 */
export const layerConfig = (
  options: Config.Wrap<Options>
): Layer.Layer<LocalServer, LocalServerError | Config.ConfigError> =>
  Layer.effect(LocalServer, Effect.flatMap(Config.unwrap(options), makeAnnounced))

/**
 * A local server for tests: on a free port of 127.0.0.1, and silent.
 *
 * **Example** (A call without an event)
 *
 * ```ts
 * import * as LocalServer from "effect-lambda-runtime/LocalServer"
 * import * as Effect from "effect/Effect"
 *
 * const status = LocalServer.LocalServer.pipe(
 *   Effect.flatMap(({ url }) => Effect.promise(() => fetch(url, { method: "POST" }))),
 *   Effect.map((response) => response.status),
 *   Effect.provide(LocalServer.layerTest)
 * )
 *
 * await Effect.runPromise(status) // => 400
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const layerTest: Layer.Layer<LocalServer, LocalServerError> = Layer.effect(LocalServer, make({ port: 0 }))

/**
 * {@link layerTest} with settings.
 *
 * **Example** (Two functions and an API)
 *
 * ```ts
 * import * as LocalServer from "effect-lambda-runtime/LocalServer"
 *
 * const layer = LocalServer.layerTestOptions({
 *   functionName: "orders",
 *   functions: [{ functionName: "site", timeout: "10 seconds" }],
 *   apis: [{ name: "shop", type: "HTTP", routes: { "GET /orders/{id}": "orders", "$default": "site" } }]
 * })
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const layerTestOptions = (options: Options): Layer.Layer<LocalServer, LocalServerError> =>
  Layer.effect(LocalServer, make({ port: 0, ...options }))

/**
 * Logs as is of use on a laptop: for a person, and for the log tail that a caller of the local server may ask for.
 *
 * **When to use**
 *
 * Where the function runs in the process of the local server. `NodeLambda.runMain` does so.
 *
 * **Details**
 *
 * It keeps the loggers that are there, but shows records as `LambdaLogger.layerPretty` does in place of Effect's default
 * logger. The lines of a tail are those of Lambda, text or JSON as `AWS_LAMBDA_LOG_FORMAT` says. A record belongs to the
 * invocation that its annotation `requestId` names, as every record of a handler does.
 *
 * **Example** (A function and its server in one process)
 *
 * ```ts
 * import * as LocalServer from "effect-lambda-runtime/LocalServer"
 * import * as Layer from "effect/Layer"
 *
 * const layer = LocalServer.layerLogger.pipe(Layer.provideMerge(LocalServer.layer))
 * ```
 *
 * @category layers
 * @since 0.1.0
 */
export const layerLogger: Layer.Layer<never, never, LocalServer> = Layer.effect(
  References.CurrentLoggers,
  Effect.gen(function*() {
    const { functions: [local] } = yield* LocalServer
    const present = Array.from(
      yield* References.CurrentLoggers,
      (logger) => logger === Logger.defaultLogger ? Logger.consolePretty({ mode: "tty" }) : logger
    )
    if (local === undefined) return new Set(present)
    const tail = yield* logTail.logger((requestId, line) => Effect.runSync(local.log(requestId, line)))
    return new Set([...present, tail])
  })
)
