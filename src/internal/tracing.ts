/**
 * What makes the parts of an invocation visible. Nothing does unless `LambdaTracer` is in the program: its spans, and
 * with them the code for spans, are in no other function.
 */
import type * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import type { LazyArg } from "effect/Function"
import type { Invocation } from "../Invocation.ts"

export type Part = "decode" | "handler" | "encode" | "respond" | "background"

export interface Tracing {
  /** Around everything that belongs to an invocation. `outcome` tells afterwards how it ended where the effect succeeds. */
  readonly invocation: <A, E, R>(
    invocation: Invocation["Service"],
    effect: Effect.Effect<A, E, R>,
    outcome: LazyArg<Exit.Exit<unknown, unknown>>
  ) => Effect.Effect<A, E, R>
  /** Around one part of it. `failureOf` finds the failure in what the part gives back. */
  readonly part: <A, E, R>(
    name: Part,
    evaluate: LazyArg<Effect.Effect<A, E, R>>,
    failureOf?: (value: A) => Cause.Cause<unknown> | undefined
  ) => Effect.Effect<A, E, R>
}

const none: Tracing = {
  invocation: (_, effect) => effect,
  part: (_, evaluate) => evaluate()
}

export const CurrentTracing: Context.Reference<Tracing> = Context.Reference("effect-lambda-runtime/internal/Tracing", {
  defaultValue: () => none
})

/** When the layers of the function were built, in nanoseconds since the Unix epoch. */
export interface BuildTime {
  readonly start: bigint
  readonly end: bigint
}

/** The tracer is one of these layers, so that a span of their building is made afterwards. */
export const CurrentBuildTime: Context.Reference<BuildTime | undefined> = Context.Reference(
  "effect-lambda-runtime/internal/BuildTime",
  { defaultValue: (): BuildTime | undefined => undefined }
)
