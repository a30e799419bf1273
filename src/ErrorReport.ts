/**
 * What Lambda is told about a failure: the error's type, its message and its stack.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 * @since 0.1.0
 */
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import { getRedacted, isRedactable } from "effect/Redactable"
import { InterruptedBy } from "./internal/interruptedBy.ts"

/**
 * A failure in the form that the Runtime API takes.
 *
 * @category models
 * @since 0.1.0
 */
export interface ErrorReport {
  /** The `_tag` of the error, else its name; what Step Functions and event source mappings match on. */
  readonly errorType: string
  readonly errorMessage: string
  /** The lines of the stack, without the message. */
  readonly stackTrace: ReadonlyArray<string>
}

/**
 * The report for the cause of a failure, a defect or an interruption.
 *
 * **Details**
 *
 * Of several reasons the first failure counts, else the first defect. An interruption has the type
 * `Runtime.Interrupted`, unless it was an exception that nobody caught which ended the process: then that is reported. A
 * value that is no error is reported under its JavaScript type.
 *
 * **Example** (A tagged error)
 *
 * ```ts
 * import * as ErrorReport from "effect-lambda-runtime/ErrorReport"
 * import * as Cause from "effect/Cause"
 * import * as Data from "effect/Data"
 *
 * class OutOfStock extends Data.TaggedError("OutOfStock")<{ readonly message: string }> {}
 *
 * ErrorReport.fromCause(Cause.fail(new OutOfStock({ message: "no more teapots" }))).errorType // => "OutOfStock"
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const fromCause = <E>(cause: Cause.Cause<E>): ErrorReport => {
  if (cause.reasons.length === 0 || Cause.hasInterruptsOnly(cause)) {
    const reason = Context.getOrUndefined(Cause.annotations(cause), InterruptedBy)
    if (reason !== undefined) return fromCause(reason)
    return { errorType: "Runtime.Interrupted", errorMessage: "the invocation was interrupted", stackTrace: [] }
  }
  return fromError(Cause.squash(cause))
}

/**
 * The report for one error, or for whatever else was thrown.
 *
 * **Example** (Thrown by a library)
 *
 * ```ts
 * import * as ErrorReport from "effect-lambda-runtime/ErrorReport"
 *
 * const { errorMessage, errorType } = ErrorReport.fromError(new RangeError("out of range"))
 * errorType // => "RangeError"
 * errorMessage // => "out of range"
 * ErrorReport.fromError("plain").errorType // => "string"
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const fromError = (error: unknown): ErrorReport => {
  if (typeof error !== "object" || error === null) {
    return {
      errorType: error === null ? "null" : typeof error,
      errorMessage: (attempt(() => String(error)) ?? unreadable).slice(0, maxMessageLength),
      stackTrace: []
    }
  }
  return {
    errorType: stringProperty(error, "_tag") ?? stringProperty(error, "name") ?? "object",
    errorMessage: (stringProperty(error, "message") ?? describe(error)).slice(0, maxMessageLength),
    stackTrace: isError(error) ? stackLines(error) : []
  }
}

/**
 * The body that the Runtime API takes.
 *
 * **Example** (As JSON)
 *
 * ```ts
 * import * as ErrorReport from "effect-lambda-runtime/ErrorReport"
 *
 * ErrorReport.toJson({ errorType: "Oops", errorMessage: "a \"quote\"\n", stackTrace: [] })
 * // => "{\"errorType\":\"Oops\",\"errorMessage\":\"a \\\"quote\\\"\\n\",\"stackTrace\":[]}"
 * ```
 *
 * @category encoding
 * @since 0.1.0
 */
export const toJson = ({ errorMessage, errorType, stackTrace }: ErrorReport): string =>
  JSON.stringify({ errorType, errorMessage, stackTrace })

/**
 * The value of the header `Lambda-Runtime-Function-Error-Type`, always of the form
 * `(Runtime|Function).[A-Z][A-Za-z]+`, because Lambda replaces anything else by `Runtime.Unknown`.
 *
 * **Example** (In Lambda's form)
 *
 * ```ts
 * import * as ErrorReport from "effect-lambda-runtime/ErrorReport"
 *
 * ErrorReport.functionErrorType({ errorType: "out-of-stock", errorMessage: "", stackTrace: [] }) // => "Function.OutOfStock"
 * ErrorReport.functionErrorType({ errorType: "Runtime.ExitError", errorMessage: "", stackTrace: [] }) // => "Runtime.ExitError"
 * ErrorReport.functionErrorType({ errorType: "42", errorMessage: "", stackTrace: [] }) // => "Function.Error"
 * ```
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 * @category encoding
 * @since 0.1.0
 */
export const functionErrorType = ({ errorType }: ErrorReport): string => {
  if (/^(Runtime|Function)\.[A-Z][A-Za-z]+$/.test(errorType)) return errorType
  const words = errorType.replace(/^(Runtime|Function)\./, "").split(/[^A-Za-z]+/)
  const name = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("")
  return `Function.${name.length < 2 ? "Error" : name}`
}

/**
 * Lambda reads this much of the header `Lambda-Runtime-Function-XRay-Error-Cause`.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 * @category constants
 * @since 0.1.0
 */
export const MaxXRayCauseSize = 65_536

/**
 * The value of the header `Lambda-Runtime-Function-XRay-Error-Cause`: one line of ASCII of at most 64 KiB,
 * shortened where the error is longer.
 *
 * **Example** (For AWS X-Ray)
 *
 * ```ts
 * import * as ErrorReport from "effect-lambda-runtime/ErrorReport"
 *
 * const cause = ErrorReport.toXRayCause(ErrorReport.fromError(new Error("naïve")), "/var/task")
 * JSON.parse(cause).exceptions[0].message // => "naïve"
 * cause.includes("ï") // => false
 * ```
 *
 * @category encoding
 * @since 0.1.0
 */
export const toXRayCause = ({ errorMessage, errorType, stackTrace }: ErrorReport, workingDirectory: string): string => {
  const stack = stackTrace.map(parseFrame)
  const paths = Array.from(new Set(stack.map(({ path }) => path)))
  const encode = (message: string, frames: number) =>
    toAscii(JSON.stringify({
      working_directory: workingDirectory,
      exceptions: [{ type: errorType, message, stack: stack.slice(0, frames) }],
      paths: frames === 0 ? [] : paths
    }))
  const whole = encode(errorMessage, stack.length)
  if (whole.length <= MaxXRayCauseSize) return whole
  // A character takes at most 12 bytes here (an escaped surrogate pair), so this always fits.
  return encode(errorMessage.slice(0, 4096), 0)
}

/** With its escapes, still less than the 1 MiB that Lambda Managed Instances take. */
const maxMessageLength = 131_072

const unreadable = "it cannot be read"

/** Whatever is thrown must be reported: getters and proxies may throw when they are looked at. */
const attempt = <A>(read: () => A): A | undefined => {
  try {
    return read()
  } catch {
    return undefined
  }
}

const stringProperty = (error: object, key: string): string | undefined => {
  const value: unknown = attempt(() => Reflect.get(error, key))
  return typeof value === "string" && value !== "" ? value : undefined
}

const isError = (error: object): boolean => attempt(() => error instanceof Error) ?? false

const describe = (error: object): string =>
  isError(error)
    ? ""
    : attempt(() => JSON.stringify(error, readable) ?? String(error)) ??
      attempt((): string => Object.prototype.toString.call(error)) ??
      unreadable

/** Of what is redacted the caller is told no more than the log. */
function readable(this: object, key: string, value: unknown): unknown {
  const original: unknown = Reflect.get(this, key)
  if (typeof value === "bigint") return String(value)
  return isRedactable(original) ? getRedacted(original) : value
}

/** The message comes first in a stack, and may hold lines that look like frames. */
const stackLines = (error: object): ReadonlyArray<string> => {
  const stack = stringProperty(error, "stack") ?? ""
  const message = stringProperty(error, "message") ?? ""
  const start = stack.indexOf(message)
  const frames = start < 0 ? stack : stack.slice(start + message.length)
  return frames.split("\n").map((line) => line.trim()).filter((line) => line.startsWith("at "))
}

const parseFrame = (line: string): { readonly path: string; readonly line: number; readonly label: string } => {
  const match = /^at (?:(.*) \()?(.*?):(\d+)(?::\d+)?\)?$/.exec(line)
  return match === null
    ? { path: line, line: 0, label: "" }
    : { path: match[2] ?? "", line: Number(match[3]), label: match[1] ?? "anonymous" }
}

/** HTTP header values are ASCII; JSON can escape everything else. */
const toAscii = (json: string): string =>
  json.replace(/[^\x20-\x7e]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`)
