/**
 * The spans of an invocation: one for the whole, and one for each of its parts.
 */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { constVoid, type LazyArg } from "effect/Function"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Tracer from "effect/Tracer"
import { performance } from "node:perf_hooks"
import type { Invocation } from "../../Invocation.ts"
import type { LambdaEnvironment } from "../../LambdaEnvironment.ts"
import { CurrentAttempt } from "../attempt.ts"
import * as eventDecoder from "../eventDecoder.ts"
import { logFailure } from "../logFailure.ts"
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

  const optionsOf = (
    invocation: Invocation["Service"],
    event: unknown,
    wasColdStart: boolean
  ): Tracer.SpanOptionsNoTrace => {
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
        // The handler looks at the same bytes.
        const parse = eventDecoder.parseOnce()
        const options = () => optionsOf(invocation, Result.getOrUndefined(parse(invocation.payload)), wasColdStart)
        const served = Effect.provideService(effect, CurrentAttempt, { parse, accept: constVoid })
        return inSpan(environment.functionName, options, served, (inside, span) =>
          Effect.andThen(
            wasColdStart
              ? unharmed(Effect.map(CurrentBuildTime, (time) => addInit(tracer, span, time)))
              : Effect.void,
            Effect.tap(inside, () => {
              const exit = outcome()
              return Exit.isFailure(exit) ? fail(span, exit.cause) : Effect.void
            })
          ))
      }),
    part: (name, evaluate, failureOf) => {
      const part = Effect.suspend(evaluate)
      return whereTraced(
        part,
        () =>
          inSpan(
            name,
            () => ({}),
            part,
            (inside, span) =>
              failureOf === undefined ? inside : Effect.tap(inside, (value) => {
                const cause = failureOf(value)
                return cause === undefined ? Effect.void : fail(span, cause)
              })
          )
      )
    }
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

/** Whatever a tracer, or what the program says about parents, does: the invocation is served, and served once. */
const inSpan = <A, E, R>(
  name: string,
  options: LazyArg<Tracer.SpanOptionsNoTrace>,
  effect: Effect.Effect<A, E, R>,
  decorate: (inside: Effect.Effect<A, E, R>, span: Tracer.Span) => Effect.Effect<A, E, R>
): Effect.Effect<A, E, R> =>
  Effect.suspend(() => {
    let served: Exit.Exit<A, E> | undefined
    const traced = Effect.suspend(() =>
      Effect.useSpan(name, options(), (span) =>
        Effect.onExit(decorate(Effect.provideService(effect, Tracer.ParentSpan, span), span), (exit) =>
          Effect.sync(() => {
            served = exit
          })))
    )
    return Effect.catchCause(traced, (cause) => {
      if (served !== undefined) {
        return served
      }
      return Cause.hasInterrupts(cause)
        ? Effect.failCause(cause)
        : Effect.andThen(logFailure(`there is no span of ${name}`, cause), effect)
    })
  })

const unharmed = (effect: Effect.Effect<void>): Effect.Effect<void> =>
  Effect.catchCause(effect, (cause) => logFailure("a span could not be recorded", cause))

/** Ends the span before its effect, which succeeds, would. */
const fail = (span: Tracer.Span, cause: Cause.Cause<unknown>): Effect.Effect<void> =>
  unharmed(Effect.map(Clock.currentTimeNanos, (now) => span.end(now, Exit.failCause(cause))))

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
