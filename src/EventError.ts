/**
 * Why an event never reached its handler: it is no JSON, or not of the shape that the handler expects.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import * as eventSource from "./internal/eventSource.ts"
import * as foundValue from "./internal/foundValue.ts"
import { withoutStack } from "./internal/withoutStack.ts"

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
  /** The first 20 places that do not fit: their paths in the event, and what was expected and found there. */
  issues: Schema.Array(Schema.Struct({ path: Schema.String, message: Schema.String })),
  /** How many more places do not fit. */
  moreIssues: Schema.optionalKey(Schema.Number),
  /** What the event really looks like, as in `an API Gateway REST event`, where that can be told. */
  looksLike: Schema.optionalKey(Schema.String),
  /** The title, as in `an SQS event`, or the identifier of the handler's event schema, where it has one. */
  expected: Schema.optionalKey(Schema.String)
}) {
  override get message(): string {
    const lines = ["the event does not have the shape that the handler expects"]
    for (const { message, path } of this.issues) lines.push(`  ${path}: ${message}`)
    if (this.moreIssues !== undefined) lines.push(`  and ${this.moreIssues} more`)
    const { expected, looksLike } = this
    // An event of the right sender lacks something: the places say what.
    if (looksLike !== expected) {
      const sentences = [["this looks like", looksLike], ["the handler expects", expected]]
      lines.push(sentences.filter(([_, what]) => what !== undefined).map((words) => words.join(" ")).join("; "))
    }
    return lines.join("\n")
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
 * What {@link fromIssue} may be told besides the issue.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
  /** The event, as JSON. Without it the error says what was expected, but not what was found. */
  readonly event?: unknown
  /** The name of what the handler expects. */
  readonly expected?: string | undefined
}

/**
 * The `EventError` for an issue that a schema found in an event.
 *
 * **Details**
 *
 * It may be logged and reach the caller, so that little of the event is in it: numbers, and words of up to 32
 * characters. Of other text, arrays and objects it tells the length or the keys, and nothing of what is under a name
 * like `password`, `token` or `authorization`, or is `Redacted` in the schema.
 *
 * **Example** (From a failed decoding)
 *
 * ```ts
 * import * as EventError from "effect-lambda-runtime/EventError"
 * import * as Result from "effect/Result"
 * import * as Schema from "effect/Schema"
 *
 * const event = { age: "old" }
 * const decoded = Schema.decodeUnknownResult(Schema.Struct({ age: Schema.Finite }))(event)
 * const { issue } = Result.getOrThrow(Result.flip(decoded))
 * const { message } = EventError.fromIssue(issue, { event, expected: "Person" })
 * message.split("\n")
 * // => ["the event does not have the shape that the handler expects", "  age: Expected number, got \"old\"", "the handler expects Person"]
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const fromIssue = (issue: SchemaIssue.Issue, options?: Options | undefined): EventError =>
  eventError(() => {
    const { issues } = formatIssue(issue)
    const looksLike = eventSource.recognize(options?.event)
    const secrets = foundValue.secretPlaces(issue)
    return new UnexpectedShape({
      issues: issues.slice(0, maxIssues).map(({ message, path = [] }) => {
        const keys = path.map(keyOf)
        return {
          path: formatPath(keys),
          message: message.replace(numberInJson, "number") + foundValue.describe(options?.event, keys, secrets)
        }
      }),
      ...issues.length > maxIssues ? { moreIssues: issues.length - maxIssues } : {},
      ...looksLike === undefined ? {} : { looksLike },
      ...options?.expected === undefined ? {} : { expected: options.expected }
    })
  })

const maxIssues = 20

/** What `Schema.Number` is in JSON, which has no other numbers. A text that is none of these was to be a number. */
const numberInJson = /(number \| )?"Infinity" \| "-Infinity" \| "NaN"/

/**
 * The `EventError` for a payload that is not JSON. Of the payload itself, which JSON parsers quote, nothing is in it.
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
export const malformedJson = (description: string): EventError =>
  eventError(() => new MalformedJson({ description: description.replace(quotedSource, "") }))

/** V8 quotes what it could not parse, as in `Unexpected token 'p', "password=1" is not valid JSON`. */
const quotedSource = /,? ?(\.{3})?"[^]*"(\.{3})? is not valid JSON$/

/** Bad input has no place in the program. */
const eventError = (reason: () => MalformedJson | UnexpectedShape): EventError =>
  withoutStack(() => new EventError({ reason: reason() }))

const formatIssue = SchemaIssue.makeFormatterStandardSchemaV1()

const keyOf = (segment: PropertyKey | { readonly key: PropertyKey }): PropertyKey =>
  typeof segment === "object" ? segment.key : segment

/** `Records[0].body`, as one would write it in TypeScript. */
const formatPath = (path: ReadonlyArray<PropertyKey>): string => {
  let out = ""
  for (const key of path) {
    const name = String(key)
    if (typeof key === "number") out += `[${name}]`
    else if (/^[A-Za-z_$][\w$]*$/.test(name)) out += out === "" ? name : `.${name}`
    else out += `[${JSON.stringify(name)}]`
  }
  return out === "" ? "the root" : out
}
