/**
 * What the Runtime API needs of HTTP. One implementation is ours, one is Effect's `HttpClient`; everything above
 * (paths, headers, statuses, policies) is written once in `runtimeApi.ts`.
 */
import type { NonEmptyReadonlyArray } from "effect/Array"
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Pull from "effect/Pull"
import type { ErrorReport } from "../ErrorReport.ts"
import type { Operation, RuntimeApiError } from "../RuntimeApiError.ts"

export interface TransportResponse {
  readonly status: number
  /** Names are in lower case; a repeated header is joined with `, `. The record has no prototype. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: Uint8Array
}

/** Name and value; names as they go on the wire. */
export type HeaderList = ReadonlyArray<readonly [name: string, value: string]>

/** A body that is made while it is sent. It ends by `Done`; why it ended early is asked for afterwards. */
export interface StreamedBody {
  readonly pull: Pull.Pull<NonEmptyReadonlyArray<Uint8Array | string>>
  /** The failure that ended `pull`, known once it is done. */
  readonly failure: () => ErrorReport | undefined
}

/** What a response means. Given to the transport, so that a call is one step and not several. */
export type Reader<A> = (response: TransportResponse) => Effect.Effect<A, RuntimeApiError>

/** Whether a poll may only wait for what was asked for together with an answer, and fails where that is lost. */
export const IsOnlyAhead: Context.Reference<boolean> = Context.Reference("effect-lambda-runtime/internal/IsOnlyAhead", {
  defaultValue: () => false
})

/** Paths are relative to the version, as in `/runtime/invocation/next`. */
export interface Transport {
  readonly poll: <A>(
    operation: Operation,
    path: string,
    read: Reader<A>,
    /** Takes a response that had begun to arrive when the poll was interrupted, where the transport can wait for it. */
    orLate: Reader<unknown>
  ) => Effect.Effect<A, RuntimeApiError>
  /** {@link poll} on a new connection, after which none that is open by then is used any more. */
  readonly pollOnce: <A>(operation: Operation, path: string, read: Reader<A>) => Effect.Effect<A, RuntimeApiError>
  readonly post: <A>(
    operation: Operation,
    path: string,
    headers: HeaderList,
    body: string | Uint8Array,
    /** The path to poll in the same write; a later `poll` of that path gets its answer. */
    pollAhead: string | undefined,
    read: Reader<A>
  ) => Effect.Effect<A, RuntimeApiError>
  /** Posts a chunked body. `failure` travels in trailers where the transport has them, else the body is cut off. */
  readonly postStream: (
    operation: Operation,
    path: string,
    headers: HeaderList,
    body: StreamedBody
  ) => Effect.Effect<TransportResponse, RuntimeApiError>
  readonly pipelining: boolean
}
