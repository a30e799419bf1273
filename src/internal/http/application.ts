/**
 * An Effect HTTP application as a handler: what runs for a request, until when, and what it is answered with.
 */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as HttpEffect from "effect/http/HttpEffect"
import type { HttpMiddleware } from "effect/http/HttpMiddleware"
import { causeResponse } from "effect/http/HttpServerError"
import { HttpServerRequest } from "effect/http/HttpServerRequest"
import type { HttpServerResponse } from "effect/http/HttpServerResponse"
import * as Option from "effect/Option"
import * as Scope from "effect/Scope"
import type { EventError } from "../../EventError.ts"
import type { Handler } from "../../Handler.ts"
import { Invocation } from "../../Invocation.ts"
import type { Options } from "../../LambdaHttp.ts"
import type { LambdaResponse } from "../../LambdaResponse.ts"
import { CurrentAttempt } from "../attempt.ts"
import * as Deadline from "../deadline.ts"
import { InterruptedBy } from "../interruptedBy.ts"
import { logFailure } from "../logFailure.ts"
import { CurrentTracing } from "../tracing.ts"
import * as answers from "./answers.ts"
import { CurrentEvent } from "./currentEvent.ts"
import * as httpEvent from "./httpEvent.ts"
import { LambdaRequest, ReceivedRequest } from "./lambdaRequest.ts"
import * as requestForm from "./requestForm.ts"
import * as requestTarget from "./requestTarget.ts"

const defaultTimeoutMargin = "250 millis"

/** What an application needs, and a request does not bring. */
export type Requirements<R> = Exclude<R, HttpServerRequest | Invocation | Scope.Scope> | Invocation | Scope.Scope

export const make = <E, R>(
  application: Effect.Effect<HttpServerResponse, E, R>,
  options: Options,
  middleware?: HttpMiddleware | undefined
): Handler<EventError, Requirements<R>> => {
  const basePath = requestTarget.prefix(options.basePath ?? "")
  const margin = Duration.toMillis(Duration.fromInputUnsafe(options.timeoutMargin ?? defaultTimeoutMargin))
  const mode = options.responseMode ?? "buffered"
  const handled = HttpEffect.toHandled(
    Effect.tapCause(application, logServerFailure),
    (request, response) =>
      request instanceof LambdaRequest
        ? answers.send(request, response, mode)
        : Effect.die(new TypeError("the request is not the one that the event holds")),
    middleware
  )

  const answerOf = (request: LambdaRequest, exit: Exit.Exit<void>): Effect.Effect<LambdaResponse> => {
    const answer = request.answer ?? answers.reply(request.event, mode, 500)
    if (Exit.isSuccess(exit) || request.hasFailed) return Effect.succeed(answer)
    return Effect.as(logFailure(`a finalizer or a response handler of ${request.label} failed`, exit.cause), answer)
  }

  const timedOut = (request: LambdaRequest, margin: number): Effect.Effect<LambdaResponse> =>
    Effect.as(
      Effect.logError(`${request.label} was not answered ${margin} ms before the deadline; the client gets 504`),
      answers.reply(request.event, mode, 504)
    )

  const answer = (context: Context.Context<Requirements<R>>, request: LambdaRequest) => {
    const services = context.pipe(
      Context.add(HttpServerRequest, request),
      Context.add(ReceivedRequest, request),
      Context.add(CurrentEvent, Option.some(request.event))
    )
    const invocation = Context.get(context, Invocation)
    const answered = Effect.flatMap(
      // `Requirements<R>` and these are all of `R`, which the compiler cannot see of a generic.
      Effect.exit(
        Effect.provideContext(handled, services as Context.Context<R | HttpServerRequest | LambdaRequest | Scope.Scope>)
      ),
      (exit) => answerOf(request, exit)
    )
    return Effect.uninterruptible(Effect.flatMap(Clock.currentTimeMillis, (now) => {
      const remaining = invocation.deadline - now
      // One that is past is made up, as in the invocation loop.
      if (remaining <= 0 || remaining > maxTimer) return answered
      const left = Math.min(margin, remaining / 2)
      request.timeLimit = { end: invocation.deadline - left, margin: left }
      return Deadline.within(invocation.deadline, left, answered, () => timedOut(request, left))
    }))
  }

  return Effect.contextWith((context: Context.Context<Requirements<R>>) => {
    const { part } = Context.get(context, CurrentTracing)
    const { payload } = Context.get(context, Invocation)
    return Effect.flatMapEager(
      part("decode", () => httpEvent.decode(payload, Context.get(context, CurrentAttempt))),
      (event) => {
        const request = new LambdaRequest(event, requestForm.read(event, basePath), Context.get(context, Scope.Scope))
        // In the span of this part, if there is one.
        return part(
          "handler",
          () => Effect.contextWith((context: Context.Context<Requirements<R>>) => answer(context, request))
        )
      }
    )
  })
}

/** Node has no timers for longer, and an invocation is over after 15 minutes. */
const maxTimer = 2 ** 31 - 1

/**
 * A client's mistakes are no failures of the application, and why the loop or the deadline has interrupted it is told by
 * them.
 */
const logServerFailure = (cause: Cause.Cause<unknown>): Effect.Effect<void, never, LambdaRequest> =>
  Effect.flatMap(ReceivedRequest, (request) => {
    request.hasFailed = true
    if (Context.getOrUndefined(Cause.annotations(cause), InterruptedBy) !== undefined) return Effect.void
    return Effect.flatMap(causeResponse(cause), ([{ status }, { reasons }]) =>
      status < 500 || reasons.length === 0
        ? Effect.void
        : logFailure(`${request.label} failed; the client gets ${status}`, cause))
  })
