/**
 * How a function process ends: SIGTERM and SIGINT end the polls at once, invocations that are being served get a grace
 * period, and then the layers are released in the reverse order of their building.
 *
 * What a program has to do at its end is a finalizer: `Effect.addFinalizer` or `Effect.acquireRelease` in a layer. There
 * is no other hook.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"

/**
 * How long invocations that are being served may go on once the process is told to end; then they are interrupted and
 * reported as failed. 300 milliseconds unless set otherwise: Lambda gives a function with internal extensions only 500
 * in all, and reports and finalizers need some of them.
 *
 * **Example** (A longer goodbye)
 *
 * ```ts
 * import * as Shutdown from "effect-lambda-runtime/Shutdown"
 * import * as Layer from "effect/Layer"
 *
 * const patient = Layer.succeed(Shutdown.GracePeriod, "2 seconds")
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
