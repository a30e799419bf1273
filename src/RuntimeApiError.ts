/**
 * How talking to the Runtime API can fail.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"

/**
 * The call that failed, named as the last part of its path.
 *
 * @category models
 * @since 0.1.0
 */
export type Operation = typeof Operation.Type

/**
 * Schema of {@link Operation}.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Operation = Schema.Literals([
  "next",
  "response",
  "error",
  "init/error",
  "restore/next",
  "restore/error"
])

/**
 * `AWS_LAMBDA_RUNTIME_API` holds no address.
 *
 * @category errors
 * @since 0.1.0
 */
export class InvalidAddress
  extends Schema.Error<InvalidAddress>("effect-lambda-runtime/RuntimeApiError/InvalidAddress")({
    _tag: Schema.tag("InvalidAddress"),
    address: Schema.String,
    description: Schema.String
  })
{
  override get message(): string {
    const value = this.address === "" ? "" : ` is "${this.address}"`
    return `AWS_LAMBDA_RUNTIME_API${value}: ${this.description}. It should look like 127.0.0.1:9001`
  }
}

/**
 * The Runtime API could not be reached, or the connection was lost before its answer was complete.
 *
 * @category errors
 * @since 0.1.0
 */
export class ConnectionError
  extends Schema.Error<ConnectionError>("effect-lambda-runtime/RuntimeApiError/ConnectionError")({
    _tag: Schema.tag("ConnectionError"),
    operation: Operation,
    address: Schema.String,
    description: Schema.String
  })
{
  override get message(): string {
    return `no connection to the Runtime API at ${this.address} for /${this.operation}: ${this.description}`
  }
}

/**
 * The Runtime API answered with something that is not HTTP/1.1, or larger than this client takes.
 *
 * @category errors
 * @since 0.1.0
 */
export class ProtocolError extends Schema.Error<ProtocolError>("effect-lambda-runtime/RuntimeApiError/ProtocolError")({
  _tag: Schema.tag("ProtocolError"),
  operation: Operation,
  address: Schema.String,
  description: Schema.String
}) {
  override get message(): string {
    return `the Runtime API at ${this.address} sent a malformed answer to /${this.operation}: ${this.description}`
  }
}

/**
 * The Runtime API refused a call.
 *
 * @category errors
 * @since 0.1.0
 */
export class StatusError extends Schema.Error<StatusError>("effect-lambda-runtime/RuntimeApiError/StatusError")({
  _tag: Schema.tag("StatusError"),
  operation: Operation,
  /** The HTTP status. */
  status: Schema.Int,
  /** What the Runtime API said: `type: message` of its JSON, or the first line of another body. */
  description: Schema.String
}) {
  override get message(): string {
    return `the Runtime API answered ${this.status} to /${this.operation}${
      this.description === "" ? "" : `: ${this.description}`
    }`
  }
}

/**
 * An event came without a header that it must have, or with one that makes no sense.
 *
 * @category errors
 * @since 0.1.0
 */
export class InvalidInvocation
  extends Schema.Error<InvalidInvocation>("effect-lambda-runtime/RuntimeApiError/InvalidInvocation")({
    _tag: Schema.tag("InvalidInvocation"),
    header: Schema.String,
    description: Schema.String,
    /** The invocation to report the failure for, when the event at least said which one it is. */
    requestId: Schema.Option(Schema.String),
    invocationId: Schema.Option(Schema.String)
  })
{
  override get message(): string {
    return `the Runtime API sent an event whose header ${this.header} ${this.description}`
  }
}

/**
 * Talking to the Runtime API failed; `reason` says how.
 *
 * **When to use**
 *
 * The invocation loop handles it. Programs that call `RuntimeApi` themselves use `Effect.catchReason`.
 *
 * **Example** (A refused answer)
 *
 * ```ts
 * import * as RuntimeApiError from "effect-lambda-runtime/RuntimeApiError"
 *
 * new RuntimeApiError.RuntimeApiError({
 *   reason: new RuntimeApiError.StatusError({ operation: "response", status: 403, description: "InvalidStateTransition" })
 * }).message // => "the Runtime API answered 403 to /response: InvalidStateTransition"
 * ```
 *
 * @category errors
 * @since 0.1.0
 */
export class RuntimeApiError extends Schema.TaggedError<RuntimeApiError>("effect-lambda-runtime/RuntimeApiError")(
  "RuntimeApiError",
  { reason: Schema.Union([InvalidAddress, ConnectionError, ProtocolError, StatusError, InvalidInvocation]) }
) {
  override get message(): string {
    return this.reason.message
  }
}
