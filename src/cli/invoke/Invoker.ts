/**
 * Invokes functions: those of a local server, or those on AWS.
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import * as Base64 from "effect/encoding/Base64"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import type * as Stream from "effect/Stream"

export interface InvokeRequest {
  /** A name, or an ARN. */
  readonly functionName: string
  /** A version or an alias. */
  readonly qualifier: string | undefined
  readonly payload: Uint8Array
  /** Whether to wait for the answer, to read it as it is made, or to leave the event with Lambda. */
  readonly mode: "buffered" | "streamed" | "async"
  /** Whether the end of the log is of interest, of which Lambda gives 4 KB. */
  readonly tail: boolean
  readonly tenantId: string | undefined
  /** JSON. */
  readonly clientContext: string | undefined
}

export interface Answer {
  /** 200, or 202 for an event that Lambda has taken. */
  readonly status: number
  readonly executedVersion: string | undefined
  /** Fails where the answer breaks off. */
  readonly body: Stream.Stream<Uint8Array, InvokeError>
  /** What became of it, once the body has been read to its end. */
  readonly outcome: Effect.Effect<Outcome>
}

export interface Outcome {
  /** `Unhandled`, or what a stream ended with; absent when all went well. */
  readonly functionError: FunctionError | undefined
  /** The end of the log, if it was asked for. */
  readonly log: string | undefined
}

export interface FunctionError {
  readonly type: string
  /** What a stream that broke off says of itself; of a buffered answer it is the body. */
  readonly details: string | undefined
}

/** Nothing listens where the function should be. */
export class Unreachable extends Schema.Error<Unreachable>("effect-lambda-runtime/cli/invoke/Unreachable")({
  _tag: Schema.tag("Unreachable"),
  endpoint: Schema.String,
  description: Schema.String
}) {
  override get message(): string {
    return `there is no function at ${this.endpoint} (${this.description}): start it with effect-lambda dev, or with node`
  }
}

/** What listens does not say which functions it has. */
export class Nameless extends Schema.Error<Nameless>("effect-lambda-runtime/cli/invoke/Nameless")({
  _tag: Schema.tag("Nameless"),
  endpoint: Schema.String
}) {
  override get message(): string {
    return `what listens at ${this.endpoint} does not say which functions it has: name one, or look whether --endpoint ` +
      "is the address of a local server"
  }
}

/** Lambda did not take the event. */
export class Refused extends Schema.Error<Refused>("effect-lambda-runtime/cli/invoke/Refused")({
  _tag: Schema.tag("Refused"),
  /** As in `ResourceNotFoundException`. */
  type: Schema.String,
  description: Schema.String
}) {
  override get message(): string {
    return `the event was refused: ${this.description}${this.type === "Error" ? "" : ` (${this.type})`}`
  }
}

/** The connection was lost in the middle of an answer, or it makes no sense. */
export class Broken extends Schema.Error<Broken>("effect-lambda-runtime/cli/invoke/Broken")({
  _tag: Schema.tag("Broken"),
  description: Schema.String
}) {
  override get message(): string {
    return `the answer broke off: ${this.description}`
  }
}

/** The AWS SDK is an optional dependency, and is not installed. */
export class SdkMissing extends Schema.Error<SdkMissing>("effect-lambda-runtime/cli/invoke/SdkMissing")({
  _tag: Schema.tag("SdkMissing"),
  package: Schema.String
}) {
  override get message(): string {
    return `functions on AWS are invoked with the AWS SDK, which is not installed: npm install --save-dev ${this.package}`
  }
}

/** A function could not be invoked; `reason` says why. What the function itself fails with is an {@link Outcome}. */
export class InvokeError extends Schema.TaggedError<InvokeError>("effect-lambda-runtime/cli/invoke/InvokeError")(
  "InvokeError",
  { reason: Schema.Union([Unreachable, Nameless, Refused, Broken, SdkMissing]) }
) {
  override get message(): string {
    return this.reason.message
  }
}

export class Invoker extends Context.Service<Invoker, {
  readonly invoke: (request: InvokeRequest) => Effect.Effect<Answer, InvokeError, Scope.Scope>
}>()("effect-lambda-runtime/cli/invoke/Invoker") {}

export const error = (reason: InvokeError["reason"]): InvokeError => new InvokeError({ reason })

/** The end of a log, as the API gives it. */
export const decodeLog = (base64: string | undefined): string | undefined =>
  base64 === undefined ? undefined : Result.getOrUndefined(Base64.decodeString(base64))
