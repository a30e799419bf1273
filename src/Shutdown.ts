/**
 * How a function process ends: SIGTERM and SIGINT end the polls at once, invocations that are being served get a grace
 * period, and then the layers are released in the reverse order of their building.
 *
 * What a program has to do at its end is a finalizer: `Effect.addFinalizer` or `Effect.acquireRelease` in a layer, as in
 * the example of {@link GracePeriod}. There is no other hook.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"

/**
 * How long invocations that are being served may go on once the process is told to end; then they are interrupted and
 * reported as failed. 300 milliseconds unless set otherwise: Lambda gives a function with internal extensions only 500
 * in all, and reports, telemetry and finalizers need some of them.
 *
 * **Details**
 *
 * An invocation is interrupted at its deadline where that comes sooner: Lambda has told its caller by then, and time is
 * left for finalizers. So it is at once when Lambda ends the process because of that deadline. A deadline that was past
 * when the process started is ignored.
 *
 * `NodeLambda.runMain` ends a process that is not done 180 milliseconds after its grace period, and not before 480
 * milliseconds are over, with exit code 1 and one line on standard error.
 *
 * **Example** (A finalizer, and a longer goodbye)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as Lambda from "effect-lambda-runtime/Lambda"
 * import * as LambdaTest from "effect-lambda-runtime/LambdaTest"
 * import * as Shutdown from "effect-lambda-runtime/Shutdown"
 * import * as Effect from "effect/Effect"
 * import * as Layer from "effect/Layer"
 * import * as Schema from "effect/Schema"
 *
 * const steps: Array<string> = []
 * const resource = (name: string) =>
 *   Layer.effectDiscard(Effect.acquireRelease(
 *     Effect.sync(() => steps.push(`open ${name}`)),
 *     () => Effect.sync(() => steps.push(`close ${name}`))
 *   ))
 *
 * const hello = Handler.make({ event: Schema.String, result: Schema.String }, (name) => Effect.succeed(`Hello ${name}`))
 *
 * const program = Lambda.serve(hello).pipe(
 *   Layer.provide(resource("cache")),
 *   Layer.provide(resource("database")),
 *   Layer.provide(Layer.succeed(Shutdown.GracePeriod, "2 seconds"))
 * )
 *
 * const answer = LambdaTest.LambdaTest.use(({ invoke }) => invoke("Ada"))
 *
 * await Effect.runPromise(Effect.provide(answer, LambdaTest.layer(program))) // => "Hello Ada"
 * steps // => ["open database", "open cache", "close cache", "close database"]
 * ```
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 * @category references
 * @since 0.1.0
 */
export const GracePeriod: Context.Reference<Duration.Input> = Context.Reference(
  "effect-lambda-runtime/Shutdown/GracePeriod",
  { defaultValue: (): Duration.Input => "300 millis" }
)
