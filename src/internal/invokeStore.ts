/**
 * Carries the ids of an invocation to code that knows nothing of Effect, and keeps the asynchronous contexts of
 * invocations apart.
 *
 * https://github.com/awslabs/aws-lambda-invoke-store
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { constVoid } from "effect/Function"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import { env } from "node:process"
import type { Invocation } from "../Invocation.ts"
import { environmentVariable } from "./environmentVariable.ts"
import { fromInvocation, type InvokeContext, InvokeContextStore } from "./invokeStoreContext.ts"
import { isolate } from "./invokeStoreIsolation.ts"

export interface InvokeStore {
  /**
   * Runs what serves an invocation with the services of `context`, in a fiber of its own. All code of the user belongs
   * inside: the handler, its streams, background tasks and finalizers.
   *
   * To be run uninterruptibly, as `effect` then is: interrupting the worker interrupts the effect where it allows that,
   * and the worker goes on with the result.
   */
  readonly within: <A, E, R>(
    invocation: Invocation["Service"],
    context: Context.Context<R>,
    effect: Effect.Effect<A, E, R>
  ) => Effect.Effect<A, E>
}

/**
 * Gives this process its store, for good: libraries keep the first that they find. Best done before the layers of the
 * function are built, because these may use the AWS SDK.
 */
export const install: (several: boolean) => Effect.Effect<InvokeStore> = Effect.fnUntraced(
  function*(several) {
    const holder = yield* CurrentStore
    const store = (yield* noGlobal) ? makePrivate(holder.store, several) : makeGlobal(several)
    holder.store = store
    return {
      within: (invocation, context, effect) =>
        isolate(context, (start) => {
          if (!several) setTraceVariable(invocation)
          return store.run(fromInvocation(invocation), start)
        }, effect)
    }
  }
)

/** What a runtime needs of a store, whoever made it. */
interface Store {
  readonly run: <A>(context: InvokeContext, f: () => A) => A
  readonly hasContext: () => boolean
  readonly getRequestId?: () => string
  readonly getXRayTraceId?: () => string | undefined
  readonly getTenantId?: () => string | undefined
}

/** The store of this process, as soon as it has one: for what is called from outside of Effect. */
export const CurrentStore: Context.Reference<{ store: Store | undefined }> = Context.Reference(
  "effect-lambda-runtime/internal/InvokeStore",
  { defaultValue: (): { store: Store | undefined } => ({ store: undefined }) }
)

/** The ids of the invocation in whose asynchronous context this is called. */
export interface CurrentIds {
  /** `-` outside an invocation. */
  readonly requestId: string
  readonly traceId: string | undefined
  readonly tenantId: string | undefined
}

export const currentIds = ({ store }: { readonly store: Store | undefined }): CurrentIds => ({
  requestId: store?.getRequestId?.() ?? "-",
  traceId: store?.getXRayTraceId?.(),
  tenantId: store?.getTenantId?.()
})

const noGlobal = environmentVariable("AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA").pipe(
  Effect.map((value) => value === "1" || value === "true"),
  Effect.orElseSucceed(() => false)
)

const make = (several: boolean): InvokeContextStore => {
  const store = new InvokeContextStore()
  if (several) store.keepApart()
  return store
}

/** All workers of a process share one. */
const makePrivate = (present: Store | undefined, several: boolean): InvokeContextStore => {
  if (!(present instanceof InvokeContextStore)) return make(several)
  if (several) present.keepApart()
  return present
}

/** A store that is there already was made by a library that goes on using it, so it is used unless it cannot be. */
const makeGlobal = (several: boolean): Store => {
  const namespace = globalNamespace()
  const present = namespace["InvokeStore"]
  if (present instanceof InvokeContextStore) {
    if (several) present.keepApart()
    return present
  }
  if (isStore(present) && (!several || keepsApart(present))) return present
  const store = make(several)
  namespace["InvokeStore"] = store
  return store
}

const globalNamespace = (): Record<string, unknown> => {
  const present: unknown = Reflect.get(globalThis, "awslambda")
  if (Predicate.isObject(present)) return present
  const namespace = {}
  Reflect.set(globalThis, "awslambda", namespace)
  return namespace
}

const isStore = (value: unknown): value is Store =>
  Predicate.hasProperty(value, "run") && typeof value.run === "function" &&
  Predicate.hasProperty(value, "hasContext") && typeof value.hasContext === "function"

const keepsApart = (store: Store): boolean => {
  store.run({}, constVoid)
  return !store.hasContext()
}

/**
 * For code that does not know the store. Such code reads the environment of the process, not a `ConfigProvider`.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html
 */
const setTraceVariable = ({ traceId }: Invocation["Service"]): void => {
  if (Option.isSome(traceId)) env["_X_AMZN_TRACE_ID"] = traceId.value
  else delete env["_X_AMZN_TRACE_ID"]
}
