/**
 * An invocation of a local function, as its caller and its runtime see it.
 */
import * as Data from "effect/Data"
import type * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type { Refused } from "./environments.ts"
import type { FunctionError } from "./functionError.ts"

/** In bytes: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const maxEventSize = 6_291_456

/** What a caller sent. */
export interface Event {
  readonly payload: Uint8Array
  /** With the version or the alias that the caller asked for. */
  readonly functionArn: string
  readonly contentType: string
  readonly traceId: string
  readonly tenantId: string | undefined
  /** JSON, as the caller gave it. */
  readonly clientContext: string | undefined
  /** JSON, as the caller gave it. */
  readonly identity: string | undefined
  /** Where the caller knows it already: from an earlier attempt, or from the event itself. */
  readonly requestId?: string | undefined
}

/** An event in the hands of a runtime. */
export interface Assignment {
  readonly requestId: string
  readonly invocationId: string
  /** In milliseconds since the epoch. */
  readonly deadline: number
  readonly event: Event
}

export type Answer =
  | { readonly _tag: "Buffered"; readonly contentType: string; readonly body: Uint8Array }
  | {
    readonly _tag: "Streamed"
    readonly contentType: string
    readonly body: Stream.Stream<Uint8Array, FunctionError>
  }
  | { readonly _tag: "Failed"; readonly error: FunctionError }

export interface Call {
  readonly requestId: string
  /** Waits until a runtime has been given the event. */
  readonly started: Effect.Effect<void>
  readonly answer: Effect.Effect<Answer, ShuttingDown>
  /** The last 4 KB of what the function and Lambda logged about this invocation. Waits until it is over. */
  readonly logTail: Effect.Effect<Uint8Array>
}

/** What a runtime answers one invocation with. Only the first `succeed` or `fail` counts. */
export interface Reply {
  readonly succeed: (contentType: string, body: Uint8Array) => Effect.Effect<void, Refused>
  /** Fails the invocation, or breaks off the stream that has begun. */
  readonly fail: (error: FunctionError) => Effect.Effect<void, Refused>
  readonly stream: (contentType: string) => Effect.Effect<StreamedReply>
}

export interface StreamedReply {
  /** Waits until the caller has taken what came before; a caller that has left takes everything. */
  readonly write: (chunk: Uint8Array) => Effect.Effect<void>
  readonly end: Effect.Effect<void, Refused>
}

export class ShuttingDown extends Data.TaggedError("ShuttingDown") {}

/** More events wait than may. */
export class TooManyRequests extends Data.TaggedError("TooManyRequests") {}

/** As Lambda names them in its error messages. */
export type AnswerKind = "InvocationResponse" | "InvocationErrorResponse"
