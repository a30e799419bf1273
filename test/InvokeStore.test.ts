import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda"
import { assert, describe, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Http from "node:http"
import { createRequire } from "node:module"
import * as invokeStore from "../src/internal/invokeStore.ts"
import * as Invocation from "../src/Invocation.ts"

type Package = typeof import("@aws/lambda-invoke-store")

const require = createRequire(import.meta.url)

/** A copy of the npm package of its own, as every bundled library has one. */
const loadPackage = (): Package => {
  const path = require.resolve("@aws/lambda-invoke-store")
  delete require.cache[path]
  return require(path)
}

/** Replaces something outside this test until its scope closes. */
const replace = (target: object, key: string, value: unknown) =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const before: unknown = Reflect.get(target, key)
      set(target, key, value)
      return before
    }),
    (before) => Effect.sync(() => set(target, key, before))
  )

const set = (target: object, key: string, value: unknown) =>
  value === undefined ? Reflect.deleteProperty(target, key) : Reflect.set(target, key, value)

const withoutGlobal = replace(globalThis, "awslambda", undefined)

const globalStore = (): unknown => Reflect.get(Reflect.get(globalThis, "awslambda") ?? {}, "InvokeStore")

const environment = (variables: Record<string, string>) =>
  Effect.provideService(
    ConfigProvider.ConfigProvider,
    ConfigProvider.fromEnvRecord(variables)
  )

const keys = loadPackage().InvokeStoreBase.PROTECTED_KEYS

/** Runs an effect as the loop does it: a worker is not interruptible, and gives the context of the invocation. */
const serve = <A, E>(
  store: invokeStore.InvokeStore,
  invocation: Invocation.Invocation["Service"],
  effect: Effect.Effect<A, E, Invocation.Invocation>
): Effect.Effect<A, E> =>
  Effect.uninterruptible(store.within(invocation, Context.make(Invocation.Invocation, invocation), effect))

const invocation = Invocation.make({
  requestId: "request",
  traceId: "Root=1-trace",
  tenantId: "tenant",
  payload: new Uint8Array()
})
const withoutIds = Invocation.make({ requestId: "other request", payload: new Uint8Array() })

describe("InvokeStore", () => {
  describe.each([
    {
      name: "the package's store for one invocation",
      several: false,
      make: Effect.promise(() => loadPackage().InvokeStore.getInstanceAsync(false))
    },
    {
      name: "the package's store for several invocations",
      several: true,
      make: Effect.promise(() => loadPackage().InvokeStore.getInstanceAsync(true))
    },
    {
      name: "our store for one invocation, found by the package",
      several: false,
      make: Effect.andThen(
        invokeStore.install(false),
        Effect.promise(() => loadPackage().InvokeStore.getInstanceAsync())
      )
    },
    {
      name: "our store for several invocations, found by the package",
      several: true,
      make: Effect.andThen(
        invokeStore.install(true),
        Effect.promise(() => loadPackage().InvokeStore.getInstanceAsync())
      )
    }
  ])("$name", ({ make, several }) => {
    const fresh = Effect.andThen(withoutGlobal, make)

    it.effect("is the global one", () =>
      Effect.gen(function*() {
        assert.strictEqual(yield* fresh, globalStore())
      }))

    it.effect("has no context before the first invocation", () =>
      Effect.gen(function*() {
        const store = yield* fresh
        assert.strictEqual(store.getRequestId(), "-")
        assert.isUndefined(store.getXRayTraceId())
        assert.isUndefined(store.getTenantId())
        assert.isUndefined(store.getTraceparent())
        assert.isUndefined(store.getTracestate())
        assert.isUndefined(store.getBaggage())
        assert.isUndefined(store.get("custom"))
        assert.isUndefined(store.getContext())
        assert.isFalse(store.hasContext())
      }))

    it.effect("gives a context to a function and returns its result", () =>
      Effect.gen(function*() {
        const store = yield* fresh
        const context = {
          [keys.REQUEST_ID]: "request",
          [keys.X_RAY_TRACE_ID]: "trace",
          [keys.TENANT_ID]: "tenant",
          [keys.TRACEPARENT]: "parent",
          [keys.TRACESTATE]: "state",
          [keys.BAGGAGE]: "baggage",
          custom: 1
        }
        const seen = store.run(context, () => [
          store.getRequestId(),
          store.getXRayTraceId(),
          store.getTenantId(),
          store.getTraceparent(),
          store.getTracestate(),
          store.getBaggage(),
          store.get("custom"),
          store.get(keys.TENANT_ID),
          store.hasContext(),
          store.getContext() === context
        ])
        assert.deepStrictEqual(seen, [
          "request",
          "trace",
          "tenant",
          "parent",
          "state",
          "baggage",
          1,
          "tenant",
          true,
          true
        ])
      }))

    it.effect("takes values under any other key", () =>
      Effect.gen(function*() {
        const store = yield* fresh
        const key = Symbol("powertools")
        const context: Record<string | symbol, unknown> = { [keys.REQUEST_ID]: "request", custom: "before" }
        store.run(context, () => {
          store.set("custom", "after")
          store.set(key, [1])
          assert.strictEqual(store.get("custom"), "after")
          assert.deepStrictEqual(store.get(key), [1])
        })
        assert.deepStrictEqual(context, { [keys.REQUEST_ID]: "request", custom: "after", [key]: [1] })
      }))

    it.effect("refuses to change what Lambda has said", () =>
      Effect.gen(function*() {
        const store = yield* fresh
        for (const key of Object.values(keys)) {
          const message = `Cannot modify protected Lambda context field: ${String(key)}`
          assert.throws(() => store.run({}, () => store.set(key, "mine")), message)
          assert.throws(() => store.set(key, "mine"), message)
        }
      }))

    it.effect("lets errors through", () =>
      Effect.gen(function*() {
        const store = yield* fresh
        assert.throws(() =>
          store.run({}, () => {
            throw new RangeError("too far")
          }), "too far")
        const rejected = yield* Effect.flip(
          Effect.tryPromise({ try: () => store.run({}, () => Promise.reject("later")), catch: (reason) => reason })
        )
        assert.strictEqual(rejected, "later")
      }))

    it.effect(
      several ? "keeps each context to its run" : "keeps the context of the last run",
      () =>
        Effect.gen(function*() {
          const store = yield* fresh
          const traces: Array<string> = []
          const trace = async (requestId: string) => {
            traces.push(store.getRequestId())
            await Promise.resolve()
            await new Promise(setImmediate)
            traces.push(store.getRequestId())
            return requestId
          }
          const run = (requestId: string) => store.run({ [keys.REQUEST_ID]: requestId }, () => trace(requestId))
          assert.deepStrictEqual(yield* Effect.promise(() => Promise.all([run("a"), run("b")])), ["a", "b"])
          assert.deepStrictEqual(traces, several ? ["a", "b", "a", "b"] : ["a", "b", "b", "b"])
          assert.strictEqual(store.getRequestId(), several ? "-" : "b")
        })
    )

    it.effect(
      several ? "takes no value outside of a run" : "takes a value outside of a run",
      () =>
        Effect.gen(function*() {
          const store = yield* fresh
          if (several) {
            assert.throws(() => store.set("custom", 1), "No context available")
          } else {
            store.set("custom", 1)
            assert.deepStrictEqual(store.getContext(), { custom: 1 })
          }
        })
    )
  })

  describe("install", () => {
    it.effect("is found by every copy of the package", () =>
      Effect.gen(function*() {
        yield* withoutGlobal
        yield* invokeStore.install(false)
        const stores = yield* Effect.promise(() =>
          Promise.all([loadPackage(), loadPackage()].map(({ InvokeStore }) => InvokeStore.getInstanceAsync()))
        )
        assert.deepStrictEqual(stores.map((store) => store === globalStore()), [true, true])
      }))

    it.effect("leaves alone what else Lambda keeps there", () =>
      Effect.gen(function*() {
        const namespace: object = { streamifyResponse: () => 1 }
        yield* replace(globalThis, "awslambda", namespace)
        yield* invokeStore.install(false)
        assert.strictEqual(Reflect.get(globalThis, "awslambda"), namespace)
        assert.sameMembers(Object.keys(namespace), ["streamifyResponse", "InvokeStore"])
      }))

    it.effect.each([1, 8])(
      "uses the store that a library has made during INIT, for %i at once",
      (maxConcurrency) =>
        Effect.gen(function*() {
          yield* withoutGlobal
          const found = yield* Effect.promise(() => loadPackage().InvokeStore.getInstanceAsync(maxConcurrency > 1))
          const store = yield* invokeStore.install(maxConcurrency > 1)
          assert.strictEqual(globalStore(), found)
          assert.strictEqual(yield* serve(store, invocation, Effect.sync(() => found.getRequestId())), "request")
        })
    )

    it.effect("uses a store for several although there is just one", () =>
      Effect.gen(function*() {
        yield* withoutGlobal
        const found = yield* Effect.promise(() => loadPackage().InvokeStore.getInstanceAsync(true))
        const store = yield* invokeStore.install(false)
        const read = Effect.andThen(Effect.yieldNow, Effect.sync(() => found.getRequestId()))
        assert.strictEqual(yield* serve(store, invocation, read), "request")
      }))

    it.effect("replaces a store that would mix up several invocations", () =>
      Effect.gen(function*() {
        yield* withoutGlobal
        const found = yield* Effect.promise(() => loadPackage().InvokeStore.getInstanceAsync(false))
        yield* invokeStore.install(true)
        const ours = yield* Effect.promise(() => loadPackage().InvokeStore.getInstanceAsync())
        assert.notStrictEqual(ours, found)
        ours.run({}, () => assert.isTrue(ours.hasContext()))
        assert.isFalse(ours.hasContext())
      }))

    it.effect.each([true, 1, {}, { run: 1 }])("replaces %o, which is no store", (value) =>
      Effect.gen(function*() {
        yield* replace(globalThis, "awslambda", { InvokeStore: value })
        yield* invokeStore.install(false)
        assert.notStrictEqual(globalStore(), value)
        const store = yield* Effect.promise(() => loadPackage().InvokeStore.getInstanceAsync())
        assert.strictEqual(store.getRequestId(), "-")
      }))

    it.effect("stays the same object when the process later serves several at once", () =>
      Effect.gen(function*() {
        yield* withoutGlobal
        yield* serve(yield* invokeStore.install(false), invocation, Effect.void)
        const store = yield* Effect.promise(() => loadPackage().InvokeStore.getInstanceAsync())
        const several = yield* invokeStore.install(true)
        assert.strictEqual(store, globalStore())
        assert.strictEqual(store.getRequestId(), "-")
        assert.strictEqual(yield* serve(several, invocation, Effect.sync(() => store.getRequestId())), "request")
        assert.strictEqual(store.getRequestId(), "-")
      }))

    it.effect.each(["1", "true"])(
      "keeps the global away when AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA is %s",
      (value) =>
        Effect.gen(function*() {
          yield* withoutGlobal
          for (const maxConcurrency of [1, 8]) {
            const store = yield* environment({ AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA: value })(
              invokeStore.install(maxConcurrency > 1)
            )
            const read = Effect.map(Invocation.Invocation, ({ requestId }) => requestId)
            assert.strictEqual(yield* serve(store, invocation, read), "request")
            assert.notProperty(globalThis, "awslambda")
          }
        })
    )

    it.effect.each(["0", "false", "TRUE", ""])("takes the value %j of it for no", (value) =>
      Effect.gen(function*() {
        yield* withoutGlobal
        yield* environment({ AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA: value })(invokeStore.install(false))
        assert.isDefined(globalStore())
      }))
  })

  describe.each([1, 8])("with up to %i invocations at once", (maxConcurrency) => {
    const installed = Effect.gen(function*() {
      yield* withoutGlobal
      const within = yield* invokeStore.install(maxConcurrency > 1)
      return { within, store: yield* Effect.promise(() => loadPackage().InvokeStore.getInstanceAsync()) }
    })

    it.effect("carries the ids of the invocation", () =>
      Effect.gen(function*() {
        const { store, within } = yield* installed
        const ids = Effect.sync(() => [store.getRequestId(), store.getXRayTraceId(), store.getTenantId()])
        assert.deepStrictEqual(yield* serve(within, invocation, ids), ["request", "Root=1-trace", "tenant"])
        assert.deepStrictEqual(yield* serve(within, withoutIds, ids), ["other request", undefined, undefined])
      }))

    it.effect("forgets what libraries have added", () =>
      Effect.gen(function*() {
        const { store, within } = yield* installed
        const count = Effect.sync(() => {
          const next = (store.get<number>("count") ?? 0) + 1
          store.set("count", next)
          return next
        })
        assert.strictEqual(yield* serve(within, invocation, Effect.andThen(count, count)), 2)
        assert.strictEqual(yield* serve(within, invocation, count), 1)
      }))

    it.effect(
      maxConcurrency === 1 ? "sets the trace id's variable" : "leaves the trace id's variable alone",
      () =>
        Effect.gen(function*() {
          yield* replace(process.env, "_X_AMZN_TRACE_ID", "before")
          const { within } = yield* installed
          const read = Effect.sync(() => process.env["_X_AMZN_TRACE_ID"])
          const seen = [
            yield* serve(within, invocation, read),
            yield* serve(within, withoutIds, read),
            yield* serve(within, invocation, read)
          ]
          const expected = maxConcurrency === 1
            ? ["Root=1-trace", undefined, "Root=1-trace"]
            : ["before", "before", "before"]
          assert.deepStrictEqual(seen, expected)
        })
    )
  })
})

describe("the AWS SDK", () => {
  interface Call {
    readonly payload: string
    readonly traceId: string | undefined
  }

  /** Answers calls in the reverse order of their arrival, once there are as many as are made at once. */
  const lambdaServer = (atOnce: number) =>
    Effect.acquireRelease(
      Effect.callback<{ readonly endpoint: string; readonly calls: Array<Call>; readonly server: Http.Server }>(
        (resume) => {
          const calls: Array<Call> = []
          const waiting: Array<Http.ServerResponse> = []
          const server = Http.createServer((request, response) => {
            let payload = ""
            request.setEncoding("utf8").on("data", (text: string) => {
              payload += text
            })
            request.on("end", () => {
              calls.push({ payload, traceId: request.headers["x-amzn-trace-id"]?.toString() })
              waiting.push(response)
              if (waiting.length < atOnce) return
              for (const each of waiting.splice(0).toReversed()) each.end("{}")
            })
          })
          server.listen(0, "127.0.0.1", () => {
            const address = server.address()
            const port = typeof address === "object" ? address?.port : undefined
            resume(Effect.succeed({ endpoint: `http://127.0.0.1:${port}`, calls, server }))
          })
        }
      ),
      ({ server }) =>
        Effect.sync(() => {
          server.closeAllConnections()
          server.close()
        })
    )

  const client = (endpoint: string) =>
    Effect.acquireRelease(
      Effect.sync(() =>
        new LambdaClient({
          endpoint,
          region: "us-east-1",
          credentials: { accessKeyId: "id", secretAccessKey: "secret" },
          maxAttempts: 1
        })
      ),
      (lambda) => Effect.sync(() => lambda.destroy())
    )

  // The SDK keeps the first store that it finds, in this process too, so these share one.
  it.live.each([1, 32])("sends the trace id of its invocation, with %i at once", (atOnce) =>
    Effect.gen(function*() {
      yield* replace(process.env, "AWS_LAMBDA_FUNCTION_NAME", "function")
      yield* replace(process.env, "_X_AMZN_TRACE_ID", undefined)
      const store = yield* invokeStore.install(atOnce > 1)
      const { calls, endpoint } = yield* lambdaServer(atOnce)
      const lambda = yield* client(endpoint)
      const call = (payload: string) =>
        Effect.promise(() => lambda.send(new InvokeCommand({ FunctionName: "other", Payload: payload })))

      /** Two calls in a row, so that the second one goes out on a connection that another invocation has opened. */
      const handler = Effect.gen(function*() {
        const { requestId } = yield* Invocation.Invocation
        // The SDK would be content with the variable.
        set(process.env, "_X_AMZN_TRACE_ID", undefined)
        yield* call(`${requestId}, first`)
        yield* Effect.flatMap(Effect.forkChild(call(`${requestId}, second`)), Fiber.join)
      })
      yield* Effect.forEach(
        Array.from({ length: atOnce }, (_, index) => index),
        (index) =>
          serve(
            store,
            Invocation.make({ requestId: `r${index}`, traceId: `Root=1-${index}`, payload: new Uint8Array() }),
            handler
          ),
        { concurrency: "unbounded" }
      )
      assert.sameDeepMembers(
        calls,
        Array.from({ length: atOnce }, (_, index) => [
          { payload: `r${index}, first`, traceId: `Root=1-${index}` },
          { payload: `r${index}, second`, traceId: `Root=1-${index}` }
        ]).flat()
      )
    }))
})
