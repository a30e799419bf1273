/** Decodes an event, or a part of it. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaAST from "effect/SchemaAST"
import * as SchemaIssue from "effect/SchemaIssue"
import * as SchemaParser from "effect/SchemaParser"
import * as EventError from "../EventError.ts"
import type { Attempt } from "./attempt.ts"

/** Built once for a handler: a schema compiles its parser on first use and keeps it. */
export const fromPayload = <S extends Schema.Constraint>(schema: S) => {
  const decode = fromJson(schema)
  return (
    payload: Uint8Array,
    attempt: Attempt | undefined
  ): Effect.Effect<S["Type"], EventError.EventError, S["DecodingServices"]> => {
    const json = attempt === undefined ? parse(payload) : attempt.parse(payload)
    if (Result.isFailure(json)) return Effect.fail(json.failure)
    return attempt === undefined
      ? decode(json.success)
      : Effect.tap(decode(json.success), () => Effect.sync(attempt.accept))
  }
}

/** Where the part that is decoded stands in its event. */
export interface Place {
  readonly event: unknown
  readonly path: ReadonlyArray<PropertyKey>
  /** By whose name the event is called, where that of the part is not it. */
  readonly schema?: Schema.Constraint
}

export const fromJson = <S extends Schema.Constraint>(schema: S) => {
  const decode = SchemaParser.decodeUnknownEffect(Schema.toCodecJson(schema))
  return (
    json: unknown,
    place?: Place | undefined
  ): Effect.Effect<S["Type"], EventError.EventError, S["DecodingServices"]> =>
    // A decoder that stops at the first error is faster; the rare event that has one is decoded again to name them all.
    Effect.catchEager(
      decode(json),
      () =>
        Effect.mapErrorEager(
          decode(json, { errors: "all" }),
          (issue) =>
            EventError.fromIssue(place === undefined ? issue : new SchemaIssue.Pointer(place.path, issue), {
              event: place === undefined ? json : place.event,
              expected: nameOf(place?.schema ?? schema)
            })
        )
    )
}

const nameOf = ({ ast }: Schema.Constraint): string | undefined =>
  SchemaAST.resolveTitle(ast) ?? SchemaAST.resolveIdentifier(ast)

const utf8 = new TextDecoder("utf-8", { fatal: true })

const parse: Attempt["parse"] = (payload) =>
  Result.try({
    try: (): unknown => JSON.parse(utf8.decode(payload)),
    catch: (cause) =>
      EventError.malformedJson(
        payload.length === 0 ? "it is empty" : cause instanceof Error ? cause.message : String(cause)
      )
  })

/** For handlers that look at the same bytes, unless one of them is given others. */
export const parseOnce = (): Attempt["parse"] => {
  let last: { readonly payload: Uint8Array; readonly json: ReturnType<typeof parse> } | undefined
  return (payload) => {
    if (last?.payload !== payload) last = { payload, json: parse(payload) }
    return last.json
  }
}
