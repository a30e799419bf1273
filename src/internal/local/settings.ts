/**
 * The settings of a local server, with their defaults, or what is wrong with them.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { identity } from "effect/Function"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import type { FunctionOptions, Options } from "../../LocalServer.ts"
import { InvalidSetting, LocalServerError } from "../../LocalServerError.ts"
import type { FunctionSettings } from "./function/localFunction.ts"
import * as apiGateway from "./gateway/apiGateway.ts"
import type { Settings } from "./server.ts"

export const invalidSetting = (setting: string, value: unknown, expected: string) =>
  new LocalServerError({ reason: new InvalidSetting({ setting, value: String(value), expected }) })

export const decode = Effect.fnUntraced(function*(
  options: Options
): Effect.fn.Return<Settings, LocalServerError> {
  const { endpoint = "/invoke", port = 7000 } = options
  const host = options.host || "127.0.0.1"
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    return yield* invalidSetting("LOCAL_LAMBDA_PORT", port, "a whole number from 0 to 65535")
  }
  if (!isPath(endpoint)) {
    return yield* invalidSetting("LOCAL_LAMBDA_INVOCATION_ENDPOINT", endpoint, "a path of its own, like /invoke")
  }
  const first = yield* decodeFunction(options, describeFirst)
  const others = yield* Effect.forEach(options.functions ?? [], (other) => decodeFunction(other, identity))
  const names = new Set([first.name])
  for (const { name } of others) {
    if (names.has(name)) return yield* invalidSetting("functionName", name, "a name that no other function has")
    names.add(name)
  }
  const { allowedHosts = [], allowedOrigins = [] } = options
  for (const allowed of allowedHosts) {
    if (!/^[\w.-]+$/.test(allowed)) return yield* invalidSetting("allowedHosts", allowed, "a host name without a port")
  }
  for (const allowed of allowedOrigins) {
    if (!/^(\*|[a-z][a-z0-9+.-]*:\/\/[^/\s]+)$/i.test(allowed)) {
      return yield* invalidSetting("allowedOrigins", allowed, "an origin like http://localhost:5173, or *")
    }
  }
  const apis = apiGateway.decodeAll(options.apis ?? [], [...names])
  if (Result.isFailure(apis)) {
    const { expected, setting, value } = apis.failure
    return yield* invalidSetting(setting, value, expected)
  }
  return { host, port, endpoint, functions: [first, ...others], apis: apis.success, allowedHosts, allowedOrigins }
})

/** The variables are about the first function only. */
const describeFirst = (setting: keyof FunctionOptions): string => {
  const variable = variables[setting]
  return variable === undefined ? setting : `${setting} (${variable})`
}

const variables: Partial<Record<keyof FunctionOptions, string>> = {
  functionName: "AWS_LAMBDA_FUNCTION_NAME",
  timeout: "AWS_LAMBDA_FUNCTION_TIMEOUT",
  memorySize: "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
  maxConcurrency: "AWS_LAMBDA_MAX_CONCURRENCY"
}

const decodeFunction = Effect.fnUntraced(function*(
  options: FunctionOptions,
  describe: (setting: keyof FunctionOptions) => string
): Effect.fn.Return<FunctionSettings, LocalServerError> {
  const refuse = (setting: keyof FunctionOptions, value: unknown, expected: string) =>
    Effect.fail(invalidSetting(describe(setting), value, expected))
  const whole = (setting: keyof FunctionOptions, fallback: number, minimum: number, maximum: number) => {
    const value = options[setting] ?? fallback
    if (typeof value === "number" && Number.isInteger(value) && value >= minimum && value <= maximum) {
      return Effect.succeed(value)
    }
    return refuse(setting, value, `a whole number from ${minimum}${maximum === Infinity ? "" : ` to ${maximum}`}`)
  }
  const millis = (
    setting: "timeout" | "maximumEventAge",
    fallback: Duration.Input,
    isInRange: (millis: number) => boolean,
    range: string
  ) => {
    const value = options[setting] ?? fallback
    const duration = Option.filter(Option.map(Duration.fromInput(value), Duration.toMillis), isInRange)
    return Option.isSome(duration)
      ? Effect.succeed(duration.value)
      : refuse(setting, value, `a duration like ${String(fallback)}, ${range}`)
  }
  const { functionName: name = "function", retryDelayScale = 1 } = options
  if (!/^[\w-]{1,64}$/.test(name)) {
    return yield* refuse("functionName", name, "1 to 64 letters, digits, hyphens and underscores")
  }
  if (name === "lambda-url" || name === "execute-api") {
    return yield* refuse("functionName", name, "another name: the paths of front doors start with this one")
  }
  if (!(retryDelayScale >= 0 && retryDelayScale < Infinity)) {
    return yield* refuse("retryDelayScale", retryDelayScale, "a number from 0")
  }
  return {
    name,
    timeout: yield* millis(
      "timeout",
      "3 seconds",
      (millis) => millis > 0 && millis <= 900_000,
      "above 0 and at most 15 minutes"
    ),
    memorySize: yield* whole("memorySize", 128, 128, 32_768),
    maxConcurrency: yield* whole("maxConcurrency", 1, 1, Infinity),
    maxEnvironments: yield* whole("maxEnvironments", 1, 1, Infinity),
    maxQueued: yield* whole("maxQueued", 1_000, 1, Infinity),
    maximumRetryAttempts: yield* whole("maximumRetryAttempts", 2, 0, 2),
    maximumEventAge: yield* millis(
      "maximumEventAge",
      "6 hours",
      (millis) => millis >= 60_000 && millis <= 21_600_000,
      "from 1 minute to 6 hours"
    ),
    retryDelayScale
  }
})

/** The paths of Lambda's own APIs, which start with a date, and of the other front doors are taken. */
const isPath = (text: string): text is `/${string}` =>
  /^\/[\w.~!$&',;=:@/-]*$/.test(text) && !/^\/(\d{4}-\d\d-\d\d|lambda-url|execute-api|_local)(\/|$)/.test(text)
