/**
 * Lambda SnapStart: what a function does before it is snapshotted, and after it has been restored.
 *
 * Lambda starts a function with SnapStart once, when a version of it is published, and takes a snapshot of its process.
 * Every execution environment is then restored from that snapshot, days or weeks later, and goes on from where the
 * process was. `Lambda.launch` does what the Runtime API asks of a runtime for that.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/snapstart-runtime-hooks-custom.html
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as RcRef from "effect/RcRef"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import { LambdaEnvironment } from "./LambdaEnvironment.ts"

/**
 * A hook has failed, and with it the start of the function.
 *
 * - `BeforeSnapshot`: Lambda has been told by `init/error`, and does not publish the version.
 * - `AfterRestore`: Lambda has been told by `restore/error`; the invocation that the environment was restored for fails.
 *
 * @category errors
 * @since 0.1.0
 */
export class HookError extends Schema.TaggedError<HookError>("effect-lambda-runtime/SnapStart/HookError")(
  "HookError",
  {
    hook: Schema.Literals(["BeforeSnapshot", "AfterRestore"]),
    /** What the hook has failed with. */
    cause: Schema.Defect()
  }
) {
  override get message(): string {
    const reason = this.cause instanceof Error ? this.cause.message : String(this.cause)
    return this.hook === "BeforeSnapshot"
      ? `a hook before the snapshot has failed: ${reason}`
      : `a hook after the restore has failed: ${reason}`
  }
}

/**
 * The hooks that have been registered, in their order; `undefined` where SnapStart is off, which is the default.
 *
 * **When to use**
 *
 * {@link beforeSnapshot} and {@link afterRestore} add to it, and `Lambda.launch` runs what is there. Only a host with a
 * loop of its own needs it.
 *
 * **Example** (A host that counts hooks)
 *
 * ```ts
 * import * as SnapStart from "effect-lambda-runtime/SnapStart"
 * import * as Effect from "effect/Effect"
 *
 * const count = Effect.gen(function*() {
 *   yield* SnapStart.beforeSnapshot(Effect.log("bye"))
 *   const hooks = yield* SnapStart.Hooks
 *   return hooks?.beforeSnapshot.length
 * })
 *
 * const on = { beforeSnapshot: [], afterRestore: [] }
 * Effect.runSync(count) // => undefined
 * Effect.runSync(Effect.provideService(count, SnapStart.Hooks, on)) // => 1
 * ```
 *
 * @category references
 * @since 0.1.0
 */
export const Hooks: Context.Reference<HookLists | undefined> = Context.Reference(
  "effect-lambda-runtime/SnapStart/Hooks",
  { defaultValue: (): HookLists | undefined => undefined }
)

/**
 * What {@link Hooks} holds.
 *
 * @category models
 * @since 0.1.0
 */
export interface HookLists {
  readonly beforeSnapshot: Array<Effect.Effect<unknown, unknown>>
  readonly afterRestore: Array<Effect.Effect<unknown, unknown>>
}

/**
 * Turns SnapStart on where Lambda says so: when `AWS_LAMBDA_INITIALIZATION_TYPE` is `snap-start`.
 *
 * **When to use**
 *
 * In a main program of your own around `Lambda.launch`; `NodeLambda.runMain` has it. In a test, with a `ConfigProvider`
 * that holds the variable.
 *
 * **Example** (What the environment says)
 *
 * ```ts
 * import * as LambdaEnvironment from "effect-lambda-runtime/LambdaEnvironment"
 * import * as SnapStart from "effect-lambda-runtime/SnapStart"
 * import * as ConfigProvider from "effect/ConfigProvider"
 * import * as Effect from "effect/Effect"
 * import * as Layer from "effect/Layer"
 *
 * const environment = ConfigProvider.fromEnvRecord({ AWS_LAMBDA_INITIALIZATION_TYPE: "snap-start" })
 * const snapStart = SnapStart.layer.pipe(
 *   Layer.provide(LambdaEnvironment.layer),
 *   Layer.provide(ConfigProvider.layer(environment))
 * )
 *
 * Effect.runSync(Effect.provide(SnapStart.Hooks, snapStart)) // => { beforeSnapshot: [], afterRestore: [] }
 * ```
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<never, never, LambdaEnvironment> = Layer.effect(
  Hooks,
  Effect.map(
    LambdaEnvironment,
    ({ initializationType }) =>
      Option.getOrUndefined(initializationType) === "snap-start" ? { beforeSnapshot: [], afterRestore: [] } : undefined
  )
)

/**
 * Registers what is to be done before the snapshot is taken: to close connections, which do not outlive it, and to
 * forget what has to be different in every environment.
 *
 * **When to use**
 *
 * While layers are built. The same layer works where SnapStart is off: nothing is registered then.
 *
 * **Details**
 *
 * Hooks run one after the other, the last registered first, when all layers are built. They have the services that are
 * there where they are registered, and count as a part of the start, for which Lambda gives 130 seconds or the timeout
 * of the function, whichever is longer. When one fails, the others do not run, Lambda is told, and the process ends: the
 * version is not published.
 *
 * **Example** (A last word)
 *
 * ```ts
 * import * as SnapStart from "effect-lambda-runtime/SnapStart"
 * import * as Effect from "effect/Effect"
 * import * as Layer from "effect/Layer"
 *
 * const layer = Layer.effectDiscard(SnapStart.beforeSnapshot(Effect.log("ready to be snapshotted")))
 * ```
 *
 * @category hooks
 * @since 0.1.0
 */
export const beforeSnapshot = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<void, never, R> =>
  register("beforeSnapshot", effect)

/**
 * Registers what is to be done after every restore: to connect again, to ask for secrets anew, and to make what has to be
 * different in every environment.
 *
 * **When to use**
 *
 * While layers are built. The same layer works where SnapStart is off: nothing is registered then.
 *
 * **Details**
 *
 * Hooks run one after the other, the first registered first, before the first event is asked for. They have the services
 * that are there where they are registered, and randomness that no other environment has. Lambda gives them 10 seconds in
 * all, for which the first caller waits. When one fails, the others do not run, Lambda is told, and the process ends: the
 * invocation fails.
 *
 * **Example** (An id for every environment)
 *
 * ```ts
 * import * as SnapStart from "effect-lambda-runtime/SnapStart"
 * import * as Context from "effect/Context"
 * import * as Effect from "effect/Effect"
 * import * as Layer from "effect/Layer"
 * import * as Ref from "effect/Ref"
 *
 * class EnvironmentId extends Context.Service<EnvironmentId, Ref.Ref<string>>()("EnvironmentId") {}
 *
 * const layer = Layer.effect(
 *   EnvironmentId,
 *   Effect.gen(function*() {
 *     const id = yield* Ref.make<string>(crypto.randomUUID())
 *     yield* SnapStart.afterRestore(Effect.suspend(() => Ref.set(id, crypto.randomUUID())))
 *     return id
 *   })
 * )
 * ```
 *
 * @category hooks
 * @since 0.1.0
 */
export const afterRestore = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<void, never, R> =>
  register("afterRestore", effect)

const register = <A, E, R>(
  hook: "beforeSnapshot" | "afterRestore",
  effect: Effect.Effect<A, E, R>
): Effect.Effect<void, never, R> =>
  Effect.flatMap(Hooks, (hooks) =>
    Effect.contextWith((context: Context.Context<R>) => {
      hooks?.[hook].push(Effect.provideContext(effect, context))
      return Effect.void
    }))

/**
 * Acquires a resource that is released before the snapshot and acquired again after every restore, such as a pool of
 * database connections.
 *
 * **When to use**
 *
 * While layers are built, in place of `Effect.acquireRelease` alone. Get at the resource with `RcRef.get`, whose scope
 * is the invocation's in a handler.
 *
 * **Details**
 *
 * The resource is there when the layer is built, so that a failure is one of the start, and then lives until the snapshot
 * or the end of the layer. Where SnapStart is off, that is all. Resources are released in the reverse order of their
 * acquisition, and acquired again in that order.
 *
 * **Example** (A connection)
 *
 * ```ts
 * import * as SnapStart from "effect-lambda-runtime/SnapStart"
 * import * as Context from "effect/Context"
 * import * as Effect from "effect/Effect"
 * import * as Layer from "effect/Layer"
 * import * as RcRef from "effect/RcRef"
 *
 * const connect = Effect.acquireRelease(
 *   Effect.succeed({ query: (text: string) => Effect.succeed(`the answer to ${text}`) }),
 *   () => Effect.log("disconnected")
 * )
 *
 * class Database extends Context.Service<Database, {
 *   readonly query: (text: string) => Effect.Effect<string>
 * }>()("Database") {}
 *
 * const layer = Layer.effect(
 *   Database,
 *   Effect.map(SnapStart.resource(connect), (connection) => ({
 *     query: (text) => Effect.scoped(Effect.flatMap(RcRef.get(connection), ({ query }) => query(text)))
 *   }))
 * )
 *
 * const answer = Effect.flatMap(Database, ({ query }) => query("everything"))
 * await Effect.runPromise(Effect.provide(answer, layer)) // => "the answer to everything"
 * ```
 *
 * @category hooks
 * @since 0.1.0
 */
export const resource =
  // Marked pure so that a bundle without it is without RcRef too.
  /* @__PURE__ */ Effect.fnUntraced(function*<A, E, R>(
    acquire: Effect.Effect<A, E, R>
  ): Effect.fn.Return<RcRef.RcRef<A, E>, E, R | Scope.Scope> {
    const reference = yield* RcRef.make({ acquire, idleTimeToLive: Duration.infinity })
    const acquired = Effect.scoped(RcRef.get(reference))
    yield* acquired
    yield* beforeSnapshot(RcRef.invalidate(reference))
    yield* afterRestore(acquired)
    return reference
  })
