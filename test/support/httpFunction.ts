/**
 * A function that is an HTTP application, with the real loop around it and without a network.
 */
import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import type { HttpServerResponse } from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as References from "effect/References"
import type * as Scope from "effect/Scope"
import type { Invocation } from "../../src/Invocation.ts"
import * as Lambda from "../../src/Lambda.ts"
import * as LambdaHttp from "../../src/LambdaHttp.ts"
import * as LambdaTest from "../../src/LambdaTest.ts"

/** What was logged, with the annotations that it had. */
export interface Line {
  readonly level: string
  readonly message: string
  readonly cause: Cause.Cause<unknown>
  readonly annotations: Readonly<Record<string, unknown>>
}

export const capture = (lines: Array<Line>) =>
  Logger.layer([
    Logger.make(({ cause, fiber, logLevel, message }) => {
      lines.push({
        level: logLevel,
        message: String(Array.isArray(message) ? message[0] : message),
        cause,
        annotations: { ...fiber.getRef(References.CurrentLogAnnotations) }
      })
    })
  ])

/** What a function answers that does not stream. */
export interface Answer {
  readonly statusCode: number
  readonly statusDescription?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly multiValueHeaders?: Readonly<Record<string, ReadonlyArray<string>>>
  readonly cookies?: ReadonlyArray<string>
  readonly body: string
  readonly isBase64Encoded: boolean
}

export type Application<E = unknown> = Effect.Effect<
  HttpServerResponse,
  E,
  HttpServerRequest | Invocation | Scope.Scope
>

export const layer = <E>(
  application: Application<E>,
  options: LambdaHttp.Options = {},
  lines: Array<Line> = []
): Layer.Layer<LambdaTest.LambdaTest, Lambda.LaunchError> =>
  LambdaTest.layer(Lambda.serve(LambdaHttp.handler(application, options))).pipe(Layer.provide(capture(lines)))

/** The answers to some events, one after the other. */
export const answers = <E>(
  application: Application<E>,
  events: ReadonlyArray<unknown>,
  options?: LambdaHttp.Options
): Effect.Effect<ReadonlyArray<Answer>, LambdaTest.FunctionError | Lambda.LaunchError> =>
  LambdaTest.LambdaTest.use(({ invoke }) =>
    Effect.forEach(events, (event) => Effect.map(invoke(event), (answer) => answer as Answer))
  ).pipe(Effect.provide(layer(application, options)))

export const answer = <E>(application: Application<E>, event: unknown, options?: LambdaHttp.Options) =>
  Effect.map(answers(application, [event], options), ([first]) => {
    if (first === undefined) throw new Error("there is no answer")
    return first
  })
