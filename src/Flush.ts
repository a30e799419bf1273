/**
 * Sends what a program has recorded before Lambda may freeze its process.
 *
 * Between two invocations Lambda freezes the process, and may never thaw it. Exporters that send from time to time would
 * lose what they hold, so the runtime flushes them once the answer of an invocation is accepted, its background work is
 * done and its scope is closed, and before it asks for the next event. The exporters of `effect/observability` need
 * nothing for that but to be provided to the handler; whatever else has to be flushed is registered here.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 * @since 0.1.0
 */
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as OtlpExporter from "effect/observability/OtlpExporter"
import type * as Scope from "effect/Scope"
import { logFailure } from "./internal/logFailure.ts"

/**
 * Runs an effect after every invocation, together with all others that are registered, and once more when the process
 * ends.
 *
 * **When to use**
 *
 * With a library that records and sends by itself, as SDKs for errors, metrics and traces do. Provide it to the program,
 * as any layer.
 *
 * **Details**
 *
 * The caller has its answer by then, so it does not wait; the next event waits, for at most `Lambda.FlushTimeout`. What
 * takes longer goes on, and is not waited for again. A failure is logged and touches nothing else.
 *
 * Where a process serves several invocations at a time, Lambda does not freeze it, and nobody waits: one flush is under
 * way at a time, and one more follows for all invocations that have ended meanwhile.
 *
 * **Gotchas**
 *
 * While something is registered, an answer and the next poll do not leave in one write (`pipelining`).
 *
 * **Example** (A recorder of one's own)
 *
 * ```ts
 * import * as Flush from "effect-lambda-runtime/Flush"
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as Lambda from "effect-lambda-runtime/Lambda"
 * import * as LambdaTest from "effect-lambda-runtime/LambdaTest"
 * import * as Deferred from "effect/Deferred"
 * import * as Effect from "effect/Effect"
 * import * as Layer from "effect/Layer"
 * import * as Schema from "effect/Schema"
 *
 * const recorded: Array<string> = []
 * const sent = Deferred.makeUnsafe<ReadonlyArray<string>>()
 *
 * const hello = Handler.make({ event: Schema.String, result: Schema.String }, (name) =>
 *   Effect.sync(() => {
 *     recorded.push(`greeted ${name}`)
 *     return `Hello ${name}`
 *   }))
 *
 * const program = Lambda.serve(hello).pipe(
 *   Layer.provide(Flush.layer(Deferred.succeed(sent, recorded)))
 * )
 *
 * const answer = LambdaTest.LambdaTest.use(({ invoke }) => Effect.andThen(invoke("Ada"), Deferred.await(sent)))
 *
 * await Effect.runPromise(Effect.provide(answer, LambdaTest.layer(program))) // => ["greeted Ada"]
 * ```
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = <A, E, R>(
  flush: Effect.Effect<A, E, R>
): Layer.Layer<OtlpExporter.Flusher, never, Exclude<R, Scope.Scope>> =>
  Layer.effectDiscard(
    Effect.contextWith((context: Context.Context<R>) =>
      OtlpExporter.Flusher.use(({ register }) =>
        register(
          Effect.matchCauseEffect(Effect.provideContext(flush, context), {
            onFailure: (cause) => logFailure("what was recorded could not be sent", cause),
            onSuccess: () => Effect.void
          })
        )
      )
    )
  ).pipe(Layer.provideMerge(OtlpExporter.layerFlusher))
