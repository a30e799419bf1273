/**
 * Why an event never reached its handler: it is no JSON, or not of the shape that the handler expects.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"

/**
 * The payload is not JSON in UTF-8.
 *
 * @category errors
 * @since 0.1.0
 */
export class MalformedJson extends Schema.Error<MalformedJson>("effect-lambda-runtime/EventError/MalformedJson")({
  _tag: Schema.tag("MalformedJson"),
  /** What the JSON parser said. */
  description: Schema.String
}) {
  override get message(): string {
    return `the event is not valid JSON: ${this.description}`
  }
}

/**
 * The payload is JSON, of another shape than the handler's event schema.
 *
 * @category errors
 * @since 0.1.0
 */
export class UnexpectedShape extends Schema.Error<UnexpectedShape>("effect-lambda-runtime/EventError/UnexpectedShape")({
  _tag: Schema.tag("UnexpectedShape"),
  /** Every place that does not fit: its path in the event, and what was expected and found there. */
  issues: Schema.Array(Schema.Struct({ path: Schema.String, message: Schema.String }))
}) {
  override get message(): string {
    return `the event does not have the shape that the handler expects\n${
      this.issues.map(({ message, path }) => `  ${path}: ${message}`).join("\n")
    }`
  }
}

/**
 * The event could not be decoded; the handler was not called.
 *
 * **When to use**
 *
 * Catch it with `Effect.catchTag("EventError", …)` on the handler to answer bad input yourself. Uncaught, it
 * becomes the function's error, and the next event is served.
 *
 * **Example** (Naming the place)
 *
 * ```ts
 * import * as EventError from "effect-lambda-runtime/EventError"
 *
 * const error = new EventError.EventError({
 *   reason: new EventError.UnexpectedShape({ issues: [{ path: "age", message: "Expected number, got \"old\"" }] })
 * })
 * error.message.includes("age: Expected number") // => true
 * ```
 *
 * @category errors
 * @since 0.1.0
 */
export class EventError extends Schema.TaggedError<EventError>("effect-lambda-runtime/EventError")("EventError", {
  reason: Schema.Union([MalformedJson, UnexpectedShape])
}) {
  override get message(): string {
    return this.reason.message
  }
}

/**
 * The `EventError` for an issue that a schema found in an event.
 *
 * **Example** (From a failed decoding)
 *
 * ```ts
 * import * as EventError from "effect-lambda-runtime/EventError"
 * import * as Result from "effect/Result"
 * import * as Schema from "effect/Schema"
 *
 * const decoded = Schema.decodeUnknownResult(Schema.Struct({ name: Schema.String }))({ name: 1 })
 * const error = Result.getOrThrow(Result.mapError(Result.flip(decoded), () => new Error("decoded")))
 * EventError.fromIssue(error.issue).message.includes("name:") // => true
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const fromIssue = (issue: SchemaIssue.Issue): EventError =>
  withoutStack(() =>
    new UnexpectedShape({
      issues: formatIssue(issue).issues.map(({ message, path }) => ({ message, path: formatPath(path ?? []) }))
    })
  )

/**
 * The `EventError` for a payload that is not JSON.
 *
 * **Example** (An empty payload)
 *
 * ```ts
 * import * as EventError from "effect-lambda-runtime/EventError"
 *
 * EventError.malformedJson("it is empty").message // => "the event is not valid JSON: it is empty"
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const malformedJson = (description: string): EventError => withoutStack(() => new MalformedJson({ description }))

/** Bad input has no place in the program: its stack would cost time and say nothing. */
const withoutStack = (reason: () => MalformedJson | UnexpectedShape): EventError => {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0
  try {
    return new EventError({ reason: reason() })
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
}

const formatIssue = SchemaIssue.makeFormatterStandardSchemaV1()

/** `Records[0].body`, as one would write it in TypeScript. */
const formatPath = (path: ReadonlyArray<PropertyKey | { readonly key: PropertyKey }>): string => {
  let out = ""
  for (const segment of path) {
    const key = typeof segment === "object" ? segment.key : segment
    if (typeof key === "number") out += `[${key}]`
    else if (typeof key === "string" && !/^[A-Za-z_$][\w$]*$/.test(key)) out += `[${JSON.stringify(key)}]`
    else out += out === "" ? String(key) : `.${String(key)}`
  }
  return out === "" ? "the root" : out
}
