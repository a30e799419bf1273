import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Data from "effect/Data"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Random from "effect/Random"
import * as RcRef from "effect/RcRef"
import * as Ref from "effect/Ref"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/testing/TestClock"
import { afterEach, vi } from "vitest"
import * as Handler from "../src/Handler.ts"
import * as Lambda from "../src/Lambda.ts"
import * as LambdaResponse from "../src/LambdaResponse.ts"
import * as LambdaTest from "../src/LambdaTest.ts"
import { RuntimeApi } from "../src/RuntimeApi.ts"
import * as SnapStart from "../src/SnapStart.ts"
import { putBack } from "./support/randomFunctions.ts"
import { environment } from "./support/runtimeApiLayers.ts"

const fork = Effect.forkChild({ startImmediately: true })

const silent = Logger.layer([])

const on = SnapStart.layer.pipe(
  Layer.provide(environment({ AWS_LAMBDA_INITIALIZATION_TYPE: "snap-start" })),
  Layer.orDie,
  Layer.fresh
)

class NoDatabase extends Data.TaggedError("NoDatabase")<{ readonly message: string }> {}

const noDatabase = new NoDatabase({ message: "there is no database" })

/** What happens, in its order. */
class Steps extends Context.Service<Steps, Ref.Ref<ReadonlyArray<string>>>()("Steps") {}

const step = (name: string) => Effect.flatMap(Steps, Ref.update((steps) => [...steps, name]))

const steps = Effect.flatMap(Steps, Ref.get)

const layerSteps = Layer.effect(Steps, Ref.make<ReadonlyArray<string>>([]))

const hooks = (name: string) =>
  Layer.effectDiscard(Effect.andThen(
    SnapStart.beforeSnapshot(step(`before ${name}`)),
    SnapStart.afterRestore(step(`after ${name}`))
  ))

const handler = Handler.raw(() => Effect.as(step("handler"), LambdaResponse.json("done")))

/** A function with these layers, of which the first is built first, until it answers or cannot start. */
const launch = <E>(...layers: ReadonlyArray<Layer.Layer<never, E, Steps>>) =>
  LambdaTest.LambdaTest.use(({ invoke }) =>
    Effect.raceFirst(
      Lambda.launch(
        layers.reduceRight(
          (program: Layer.Layer<never, E, Lambda.Server | Steps>, layer) => Layer.provide(program, layer),
          Lambda.serve(handler)
        )
      ),
      invoke({})
    )
  )

const program = Layer.mergeAll(LambdaTest.layerRuntimeApi, layerSteps, silent)

afterEach(() => {
  vi.restoreAllMocks()
  putBack()
})

describe("hooks", () => {
  it.effect("run before the snapshot in reverse order, and after the restore in order", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* launch(hooks("a"), hooks("b"), hooks("c")), "done")
      assert.deepStrictEqual(yield* steps, [
        "before c",
        "before b",
        "before a",
        "after a",
        "after b",
        "after c",
        "handler"
      ])
    }).pipe(Effect.provide([program, on])))

  it.effect("do not run where SnapStart is off", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* launch(hooks("a")), "done")
      assert.deepStrictEqual(yield* steps, ["handler"])
    }).pipe(Effect.provide(program)))

  it.effect.each([
    {},
    { AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand" },
    { AWS_LAMBDA_INITIALIZATION_TYPE: "provisioned-concurrency" },
    { AWS_LAMBDA_INITIALIZATION_TYPE: "lambda-managed-instances" }
  ])("are off where the environment does not say that there is a snapshot (%j)", (variables) =>
    Effect.gen(function*() {
      assert.isUndefined(yield* Effect.provide(SnapStart.Hooks, Layer.provide(SnapStart.layer, environment(variables))))
    }))

  it.effect("run around the wait for the restore", () =>
    Effect.gen(function*() {
      const api = yield* RuntimeApi
      const restore = yield* Deferred.make<void>()
      const restoreNext = yield* Effect.map(
        Effect.context<Steps>(),
        (context) => Effect.provideContext(Effect.andThen(step("wait"), Deferred.await(restore)), context)
      )
      const launched = yield* fork(
        launch(hooks("a")).pipe(Effect.provideService(RuntimeApi, { ...api, restoreNext }))
      )
      yield* TestClock.adjust("14 days")
      assert.deepStrictEqual(yield* steps, ["before a", "wait"])
      yield* Deferred.succeed(restore, undefined)
      yield* Fiber.join(launched)
      assert.deepStrictEqual(yield* steps, ["before a", "wait", "after a", "handler"])
    }).pipe(Effect.provide([program, on])))

  it.effect("draw nothing that was drawn before the snapshot", () =>
    Effect.gen(function*() {
      const reads = vi.spyOn(process.getBuiltinModule("node:fs"), "readSync")
      const api = yield* RuntimeApi
      const counts: Array<number> = []
      const draw = Effect.andThen(Random.next, Effect.sync(() => void counts.push(reads.mock.calls.length)))
      yield* Effect.provideService(
        launch(Layer.effectDiscard(SnapStart.afterRestore(Effect.andThen(draw, draw)))),
        RuntimeApi,
        { ...api, restoreNext: Effect.andThen(draw, draw) }
      )
      // One read of the kernel gives many numbers.
      assert.deepStrictEqual(counts, [1, 1, 2, 2])
    }).pipe(Effect.provide([program, on])))

  it.effect("that fail before the snapshot are reported, and end the start", () =>
    Effect.gen(function*() {
      const failing = Layer.effectDiscard(SnapStart.beforeSnapshot(Effect.fail(noDatabase)))
      const error = yield* Effect.flip(launch(hooks("a"), failing, hooks("c")))
      assert.instanceOf(error, SnapStart.HookError)
      assert.strictEqual(error.hook, "BeforeSnapshot")
      assert.strictEqual(error.cause, noDatabase)
      assert.strictEqual(error.message, "a hook before the snapshot has failed: there is no database")
      assert.deepStrictEqual(yield* steps, ["before c"])
      const { initErrors, restoreErrors } = yield* LambdaTest.LambdaTest
      assert.deepStrictEqual(
        (yield* initErrors).map(({ errorMessage, errorType }) => [errorType, errorMessage]),
        [["Runtime.BeforeSnapshotError", "there is no database"]]
      )
      assert.deepStrictEqual(yield* restoreErrors, [])
    }).pipe(Effect.provide([program, on])))

  it.effect("that fail after the restore are reported, and end the start", () =>
    Effect.gen(function*() {
      const failing = Layer.effectDiscard(SnapStart.afterRestore(Effect.die("out of order")))
      const error = yield* Effect.flip(launch(hooks("a"), failing, hooks("c")))
      assert.instanceOf(error, SnapStart.HookError)
      assert.strictEqual(error.hook, "AfterRestore")
      assert.strictEqual(error.message, "a hook after the restore has failed: out of order")
      assert.deepStrictEqual(yield* steps, ["before c", "before a", "after a"])
      const { initErrors, restoreErrors } = yield* LambdaTest.LambdaTest
      assert.deepStrictEqual(
        (yield* restoreErrors).map(({ errorMessage, errorType }) => [errorType, errorMessage]),
        [["Runtime.AfterRestoreError", "out of order"]]
      )
      assert.deepStrictEqual(yield* initErrors, [])
    }).pipe(Effect.provide([program, on])))

  it.effect("that interrupt themselves are reported too", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(launch(Layer.effectDiscard(SnapStart.afterRestore(Effect.interrupt))))
      assert.instanceOf(error, SnapStart.HookError)
      const { restoreErrors } = yield* LambdaTest.LambdaTest
      assert.deepStrictEqual((yield* restoreErrors).map(({ errorType }) => errorType), ["Runtime.AfterRestoreError"])
    }).pipe(Effect.provide([program, on])))

  it.effect("have the services of the layer that registers them", () =>
    Effect.gen(function*() {
      class Name extends Context.Service<Name, string>()("Name") {}
      const named = Layer.effectDiscard(Effect.andThen(
        SnapStart.beforeSnapshot(Effect.flatMap(Name, (name) => step(`before ${name}`))),
        SnapStart.afterRestore(Effect.flatMap(Name, (name) => step(`after ${name}`)))
      ))
      yield* launch(
        Layer.provide(named, Layer.succeed(Name, "one")),
        Layer.provide(named, Layer.succeed(Name, "two")).pipe(Layer.fresh)
      )
      assert.deepStrictEqual(yield* steps, ["before two", "before one", "after one", "after two", "handler"])
    }).pipe(Effect.provide([program, on])))

  it.effect.each(
    [["can", Effect.never], ["cannot", Effect.uninterruptible(Effect.never)]] as const
  )(
    "that do not end are reported before Lambda gives up, whether they %s be interrupted",
    ([, hook]) =>
      Effect.gen(function*() {
        const launched = yield* fork(launch(Layer.effectDiscard(SnapStart.afterRestore(hook))))
        yield* TestClock.adjust("9499 millis")
        assert.isUndefined(launched.pollUnsafe())
        yield* TestClock.adjust("1 millis")
        const error = yield* Effect.flip(Fiber.join(launched))
        assert.strictEqual(
          error.message,
          "a hook after the restore has failed: the hooks did not end within 9500 millis"
        )
        const { restoreErrors } = yield* LambdaTest.LambdaTest
        assert.lengthOf(yield* restoreErrors, 1)
      }).pipe(Effect.provide([program, on]))
  )

  it.effect("may take their time before the snapshot", () =>
    Effect.gen(function*() {
      const launched = yield* fork(launch(Layer.effectDiscard(SnapStart.beforeSnapshot(Effect.sleep("2 minutes")))))
      yield* TestClock.adjust("2 minutes")
      assert.strictEqual(yield* Fiber.join(launched), "done")
    }).pipe(Effect.provide([program, on])))

  it.effect.each(
    [["before", SnapStart.beforeSnapshot(Effect.never)], ["after", SnapStart.afterRestore(Effect.never)]] as const
  )("that are interrupted are not reported (%s)", ([, hook]) =>
    Effect.gen(function*() {
      const launched = yield* fork(launch(Layer.effectDiscard(hook)))
      yield* Effect.yieldNow
      yield* Fiber.interrupt(launched)
      const { initErrors, restoreErrors } = yield* LambdaTest.LambdaTest
      assert.deepStrictEqual([yield* initErrors, yield* restoreErrors], [[], []])
    }).pipe(Effect.provide([program, on])))
})

describe("a resource", () => {
  const connect = Effect.suspend(() => {
    let opened = 0
    return Effect.succeed(Effect.acquireRelease(
      Effect.suspend(() => Effect.as(step(`connect ${++opened}`), opened)),
      (connection) => step(`disconnect ${connection}`)
    ))
  })

  class Database extends Context.Service<Database, RcRef.RcRef<number>>()("Database") {}

  const query = Handler.raw(() =>
    Effect.gen(function*() {
      const connection = yield* Effect.flatMap(Database, RcRef.get)
      yield* step(`query ${connection}`)
      return LambdaResponse.json(connection)
    })
  )

  const launchQuery = Effect.gen(function*() {
    const database = Layer.effect(Database, SnapStart.resource(yield* connect))
    const { invoke } = yield* LambdaTest.LambdaTest
    const twice = Effect.andThen(invoke({}), invoke({}))
    return yield* Effect.raceFirst(Lambda.launch(Lambda.serve(query).pipe(Layer.provide(database))), twice)
  })

  it.effect("is released before the snapshot and acquired again after the restore", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* launchQuery, 2)
      assert.deepStrictEqual(yield* steps, [
        "connect 1",
        "disconnect 1",
        "connect 2",
        "query 2",
        "query 2",
        "disconnect 2"
      ])
    }).pipe(Effect.provide([program, on])))

  it.effect("is acquired once where SnapStart is off", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* launchQuery, 1)
      assert.deepStrictEqual(yield* steps, ["connect 1", "query 1", "query 1", "disconnect 1"])
    }).pipe(Effect.provide(program)))

  it.effect("that cannot be acquired fails the start", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(Effect.scoped(SnapStart.resource(Effect.fail(noDatabase))))
      assert.strictEqual(error, noDatabase)
    }))

  it.effect("that cannot be acquired again is reported", () =>
    Effect.gen(function*() {
      let opened = 0
      const once = Effect.suspend(() => opened++ === 0 ? Effect.void : Effect.fail(noDatabase))
      const error = yield* Effect.flip(launch(Layer.effectDiscard(SnapStart.resource(once))))
      assert.instanceOf(error, SnapStart.HookError)
      assert.strictEqual(error.cause, noDatabase)
    }).pipe(Effect.provide([program, on])))

  it.effect("stays with whoever still uses it, until they are done", () =>
    Effect.gen(function*() {
      const hooks: SnapStart.HookLists = { beforeSnapshot: [], afterRestore: [] }
      const reference = yield* Effect.provideService(
        SnapStart.resource(yield* connect),
        SnapStart.Hooks,
        hooks
      )
      const user = yield* Scope.make()
      yield* Scope.provide(RcRef.get(reference), user)
      yield* Effect.forEach(hooks.beforeSnapshot, (hook) => hook)
      assert.deepStrictEqual(yield* steps, ["connect 1"])
      yield* Scope.close(user, Exit.void)
      assert.deepStrictEqual(yield* steps, ["connect 1", "disconnect 1"])
    }).pipe(Effect.provide(layerSteps)))
})
