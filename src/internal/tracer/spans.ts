/**
 * The spans of an invocation: one for the whole, and one for each of its parts.
 */
import type * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Tracer from "effect/Tracer"
import { performance } from "node:perf_hooks"
import type { Invocation } from "../../Invocation.ts"
import type { LambdaEnvironment } from "../../LambdaEnvironment.ts"
import { type BuildTime, CurrentBuildTime, type Tracing } from "../tracing.ts"
import * as attributes from "./attributes.ts"
import * as propagation from "./propagation.ts"

/** What the caller says about the trace that the invocation is part of. */
export interface Incoming {
  readonly invocation: Invocation["Service"]
  readonly xRay: Option.Option<Tracer.ExternalSpan>
  readonly w3c: Option.Option<Tracer.ExternalSpan>
}

/** Where the span of an invocation belongs. */
export interface Origin {
  readonly parent: Option.Option<Tracer.AnySpan>
  readonly links: ReadonlyArray<Tracer.SpanLink>
}

export const make = (
  environment: LambdaEnvironment["Service"],
  originOf: (incoming: Incoming) => Origin
): Tracing => {
  // Elsewhere Lambda starts processes in advance, and nobody waits for that.
  let isColdStart = Option.getOrElse(environment.initializationType, () => "on-demand") === "on-demand"

  const optionsOf = (invocation: Invocation["Service"], wasColdStart: boolean): Tracer.SpanOptionsNoTrace => {
    const event = parse(invocation.payload)
    const xRay = Option.flatMap(invocation.traceId, propagation.parseXRayHeader)
    const { links, parent } = originOf({
      invocation,
      xRay: Option.flatMap(xRay, ({ parent }) => parent),
      w3c: propagation.w3cSpan(invocation, event)
    })
    return {
      kind: "server",
      links,
      attributes: {
        ...attributes.ofInvocation(environment, invocation, event, wasColdStart),
        ...(Option.isSome(xRay) ? { "aws.xray.trace_id": xRay.value.root } : {})
      },
      ...(Option.isSome(parent) ? { parent: parent.value } : { root: true })
    }
  }

  return {
    invocation: (invocation, effect, outcome) =>
      whereTraced(effect, (tracer) => {
        const wasColdStart = isColdStart
        isColdStart = false
        return Effect.useSpan(
          environment.functionName,
          optionsOf(invocation, wasColdStart),
          (span) =>
            Effect.andThen(
              wasColdStart ? Effect.map(CurrentBuildTime, (time) => addInit(tracer, span, time)) : Effect.void,
              Effect.tap(Effect.provideService(effect, Tracer.ParentSpan, span), () => {
                const exit = outcome()
                return Exit.isFailure(exit) ? fail(span, exit.cause) : Effect.void
              })
            )
        )
      }),
    part: (name, evaluate, failureOf) =>
      whereTraced(Effect.suspend(evaluate), () =>
        Effect.useSpan(name, {}, (span) => {
          const part = Effect.provideService(Effect.suspend(evaluate), Tracer.ParentSpan, span)
          if (failureOf === undefined) return part
          return Effect.tap(part, (value) => {
            const cause = failureOf(value)
            return cause === undefined ? Effect.void : fail(span, cause)
          })
        }))
  }
}

/** Effect's own tracer keeps spans for nobody. */
const whereTraced = <A, E, R>(
  effect: Effect.Effect<A, E, R>,
  traced: (tracer: Tracer.Tracer) => Effect.Effect<A, E, R>
): Effect.Effect<A, E, R> =>
  Effect.contextWith((context: Context.Context<never>) => {
    const tracer = Context.get(context, Tracer.Tracer)
    return tracer === Tracer.nativeTracer ? effect : traced(tracer)
  })

/** Ends the span before its effect, which succeeds, would. */
const fail = (span: Tracer.Span, cause: Cause.Cause<unknown>): Effect.Effect<void> =>
  Effect.map(Clock.currentTimeNanos, (now) => span.end(now, Exit.failCause(cause)))

/** The start of the process, which was over when the tracer was there. */
const addInit = (tracer: Tracer.Tracer, invocation: Tracer.Span, time: BuildTime | undefined): void => {
  if (time === undefined || !invocation.sampled) return
  const add = (name: string, parent: Tracer.Span, startTime: bigint) => {
    const span = tracer.span({
      name,
      parent: Option.some(parent),
      annotations: Context.empty(),
      links: [],
      startTime,
      kind: "internal",
      root: false,
      sampled: parent.sampled
    })
    span.end(time.end, Exit.void)
    return span
  }
  const processStart = BigInt(Math.round(performance.timeOrigin * 1000)) * 1000n
  const init = add("init", invocation, processStart < time.start ? processStart : time.start)
  add("layer build", init, time.start)
}

const parse = (payload: Uint8Array): unknown =>
  Result.getOrUndefined(Result.try((): unknown => JSON.parse(new TextDecoder().decode(payload))))
