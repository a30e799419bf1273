/**
 * The workers of these tests are resumed as those of the runtime are: from the data callback of a socket that was
 * opened long before, by one event after the other.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Queue from "effect/Queue"
import * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import * as Stream from "effect/Stream"
import { AsyncLocalStorage } from "node:async_hooks"
import * as Events from "node:events"
import * as fs from "node:fs"
import * as Net from "node:net"
import * as invokeStore from "../src/internal/invokeStore.ts"
import * as Invocation from "../src/Invocation.ts"

type Store = Awaited<ReturnType<typeof import("@aws/lambda-invoke-store").InvokeStore.getInstanceAsync>>

const globalStore = (): Store => {
  const store = globalThis.awslambda.InvokeStore
  if (store === undefined) throw new Error("there is no global store")
  return store
}

/** A socket whose lines are received one at a time, and its peer. */
interface Wire {
  readonly write: (line: string) => void
  readonly line: Effect.Effect<string>
}

/** Sends back each line that it gets. */
const echoServer = Effect.acquireRelease(
  Effect.callback<{ readonly server: Net.Server; readonly port: number }>((resume) => {
    const server = Net.createServer((socket) => {
      socket.on("error", () => socket.destroy())
      socket.pipe(socket)
    })
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      if (address !== null && typeof address === "object") resume(Effect.succeed({ server, port: address.port }))
    })
  }),
  ({ server }) => Effect.sync(() => server.close())
)

const connect = (port: number) =>
  Effect.acquireRelease(
    Effect.callback<Net.Socket>((resume) => {
      const socket = Net.connect(port, "127.0.0.1", () => resume(Effect.succeed(socket)))
    }),
    (socket) => Effect.sync(() => socket.destroy())
  )

const wire = (port: number) =>
  Effect.map(connect(port), (socket): Wire => {
    let text = ""
    let receive: ((line: string) => void) | undefined
    const deliver = () => {
      const end = text.indexOf("\n")
      if (end < 0 || receive === undefined) return
      const line = text.slice(0, end)
      text = text.slice(end + 1)
      const received = receive
      receive = undefined
      received(line)
    }
    socket.setEncoding("utf8").on("data", (more: string) => {
      text += more
      deliver()
    })
    return {
      write: (line) => void socket.write(`${line}\n`),
      line: Effect.callback((resume) => {
        receive = (line) => resume(Effect.succeed(line))
        deliver()
      })
    }
  })

const makeInvocation = (requestId: string) =>
  Invocation.make({
    requestId,
    traceId: `trace of ${requestId}`,
    tenantId: `tenant of ${requestId}`,
    payload: new Uint8Array()
  })

/** Serves events in the order in which they are sent, as the loop of the runtime does. */
const work = <A, E>(
  store: invokeStore.InvokeStore,
  { line, write }: Wire,
  requestIds: ReadonlyArray<string>,
  handler: Effect.Effect<A, E, Invocation.Invocation | Scope.Scope>
): Effect.Effect<ReadonlyArray<Exit.Exit<A, E>>> =>
  Effect.uninterruptible(Effect.forEach(
    requestIds,
    Effect.fnUntraced(function*(expected) {
      write(expected)
      const invocation = makeInvocation(yield* line)
      const scope = Scope.makeUnsafe()
      const context = Context.make(Invocation.Invocation, invocation).pipe(Context.add(Scope.Scope, scope))
      const served = Effect.onExit(Effect.interruptible(handler), (exit) => Scope.close(scope, exit))
      return yield* Effect.exit(store.within(invocation, context, served))
    })
  ))

/** `workers` of them at once, each with its own connection, and `events` events for each. */
const serveAll = Effect.fnUntraced(function*<A, E>(options: {
  readonly workers: number
  readonly events: number
  readonly handler: Effect.Effect<A, E, Invocation.Invocation | Scope.Scope>
}) {
  const store = yield* invokeStore.install(options.workers > 1)
  const { port } = yield* echoServer
  const wires = yield* Effect.replicateEffect(wire(port), options.workers)
  const exits = yield* Effect.forEach(
    wires,
    (wire, worker) =>
      work(
        store,
        wire,
        Array.from({ length: options.events }, (_, event) => `${worker}.${event}`),
        options.handler
      ),
    { concurrency: "unbounded" }
  )
  return yield* Effect.forEach(exits.flat(), (exit) => exit)
})

const requestId = Effect.map(Invocation.Invocation, ({ requestId }) => requestId)

describe("64 interleaved invocations", () => {
  const workers = 64
  const events = 3

  it.live("each see their own ids and their own AsyncLocalStorage, whatever resumes them", () =>
    Effect.gen(function*() {
      const users = new AsyncLocalStorage<string>()
      const { port } = yield* echoServer

      // What all invocations share: made before them, and resuming them from its own asynchronous context.
      const shared = yield* connect(port)
      const replies = new Map<string, () => void>()
      shared.setEncoding("utf8").on("data", (text: string) => {
        for (const line of text.split("\n")) replies.get(line)?.()
      })
      const emitter = new Events.EventEmitter().setMaxListeners(0)
      const jobs = yield* Queue.unbounded<Deferred.Deferred<void>>()
      yield* Effect.forkScoped(Effect.forever(
        Effect.flatMap(Queue.take(jobs), (job) => Effect.andThen(Effect.yieldNow, Deferred.succeed(job, undefined)))
      ))
      const semaphore = yield* Semaphore.make(3)
      let arrived = 0
      let open = yield* Deferred.make<void>()

      const handler = Effect.gen(function*() {
        const { requestId } = yield* Invocation.Invocation
        const wrong: Array<string> = []
        let checks = 0
        const check = (place: string) => {
          checks++
          const store = globalStore()
          const seen = [store.getRequestId(), store.getXRayTraceId(), store.getTenantId(), users.getStore()]
          const expected = [requestId, `trace of ${requestId}`, `tenant of ${requestId}`, `user of ${requestId}`]
          if (seen.join() !== expected.join()) wrong.push(`${requestId} ${place}: ${seen.join()}`)
        }
        const checked = (place: string) => Effect.sync(() => check(place))
        const hops = async (place: string) => {
          check(`${place}, before await`)
          await Promise.resolve()
          check(`${place}, after a microtask`)
          await new Promise((resolve) => setTimeout(resolve, 1))
          check(`${place}, after a timer`)
          await new Promise(setImmediate)
          check(`${place}, after an immediate`)
        }

        assert.isUndefined(users.getStore())
        users.enterWith(`user of ${requestId}`)
        yield* Effect.addFinalizer(() =>
          Effect.sync(() => {
            check("in a finalizer")
            if (wrong.length > 0) throw new Error(wrong.join("\n"))
          })
        )

        /** Waits until all workers are here, so that one fiber resumes all the others. */
        const meet = Effect.suspend(() => {
          const here = open
          if (++arrived < workers) return Deferred.await(here)
          arrived = 0
          open = Deferred.makeUnsafe()
          return Deferred.succeed(here, undefined)
        })

        const steps: ReadonlyArray<readonly [string, Effect.Effect<unknown, never, Scope.Scope>]> = [
          ["sleep", Effect.sleep(1)],
          ["promise", Effect.promise(() => hops("in a promise"))],
          [
            "callback",
            Effect.callback<void>((resume) => {
              check("when a callback is registered")
              fs.stat(import.meta.filename, () => {
                check("in a callback")
                resume(Effect.void)
              })
            })
          ],
          [
            "socket of all",
            Effect.callback<void>((resume) => {
              replies.set(requestId, () => resume(checked("as what a foreign callback gives")))
              shared.write(`${requestId}\n`)
            })
          ],
          [
            "emitter of all",
            Effect.callback<void>((resume) => {
              emitter.once("event", () => resume(Effect.void))
              setImmediate(() => emitter.emit("event"))
            })
          ],
          [
            "another fiber",
            Effect.flatMap(Deferred.make<void>(), (job) => Effect.andThen(Queue.offer(jobs, job), Deferred.await(job)))
          ],
          ["semaphore", semaphore.withPermit(Effect.andThen(Effect.yieldNow, checked("with a permit")))],
          [
            "stream",
            Stream.fromAsyncIterable(
              async function*() {
                for (let item = 0; item < 3; item++) {
                  await hops("in an async generator")
                  yield item
                }
              }(),
              (error) => error
            ).pipe(
              Stream.orDie,
              Stream.mapEffect((item) => Effect.as(Effect.promise(() => hops("in a stream")), item), {
                concurrency: 2
              }),
              Stream.buffer({ capacity: 1 }),
              Stream.runForEach(() => checked("at the end of a stream"))
            )
          ],
          [
            "forked children",
            Effect.flatMap(
              Effect.forEach([true, false], (startImmediately) =>
                Effect.forkChild(
                  Effect.andThen(checked("in a child"), Effect.promise(() => hops("in a child's promise"))),
                  { startImmediately }
                )),
              Fiber.joinAll
            )
          ],
          [
            "detached and scoped fibers",
            Effect.flatMap(
              Effect.all([
                Effect.forkDetach(Effect.andThen(Effect.sleep(1), checked("in a detached fiber"))),
                Effect.forkScoped(Effect.andThen(Effect.yieldNow, checked("in a scoped fiber")))
              ]),
              Fiber.joinAll
            )
          ],
          [
            "race",
            Effect.raceFirst(
              Effect.onInterrupt(
                Effect.andThen(checked("in a race"), Effect.never),
                () => Effect.promise(() => hops("when a race is lost"))
              ),
              Effect.andThen(Effect.sleep(1), checked("when a race is won"))
            )
          ],
          ["timeout", Effect.timeoutOption(Effect.onExit(Effect.never, () => checked("after a timeout")), "1 millis")],
          ["more than one turn", Effect.forEach(Array(3000), () => Effect.void, { discard: true })],
          [
            "everything at once",
            Effect.forEach([1, 2, 3], () => Effect.promise(() => hops("at once")), { concurrency: "unbounded" })
          ]
        ]

        // Each invocation takes the steps in an order of its own.
        const rotation = Number(requestId.replace(".", "")) % steps.length
        for (const [place, step] of [...steps.slice(rotation), ...steps.slice(0, rotation)]) {
          yield* step
          check(`after: ${place}`)
        }
        yield* meet
        check("after: all have met")
        return checks
      })

      const checks = yield* serveAll({ workers, events, handler })
      assert.lengthOf(checks, workers * events)
      assert.isAbove(Math.min(...checks), 70)
      assert.isFalse(globalStore().hasContext())
      assert.isUndefined(users.getStore())
    }))
})

describe.each([1, 4])("AsyncLocalStorage of the user, with %i workers", (workers) => {
  const users = new AsyncLocalStorage<string>()
  const seen = Effect.sync(() => users.getStore())
  const enter = Effect.flatMap(requestId, (id) => Effect.sync(() => users.enterWith(id)))

  const handlers: ReadonlyArray<readonly [string, Effect.Effect<void, never, Invocation.Invocation | Scope.Scope>]> = [
    ["before the handler waits", enter],
    ["after the handler has waited", Effect.andThen(Effect.sleep(1), enter)],
    ["before and after", Effect.andThen(enter, Effect.andThen(Effect.sleep(1), enter))],
    ["in a promise", Effect.flatMap(requestId, (id) => Effect.promise(async () => users.enterWith(id)))],
    ["in a child that starts at once", Effect.flatMap(Effect.forkChild(enter, { startImmediately: true }), Fiber.join)],
    [
      "in a finalizer",
      Effect.flatMap(requestId, (id) => Effect.addFinalizer(() => Effect.sync(() => users.enterWith(id))))
    ],
    ["in a stream", Stream.runForEach(Stream.range(1, 2), () => Effect.andThen(Effect.yieldNow, enter))]
  ]

  it.live.each(handlers)(
    "is not shown to other invocations when it is entered %s",
    ([_, handler]) =>
      Effect.gen(function*() {
        const before = yield* serveAll({
          workers,
          events: 3,
          handler: Effect.flatMap(seen, (value) => Effect.as(handler, value))
        })
        assert.deepStrictEqual(before, Array(workers * 3).fill(undefined))
        assert.isUndefined(users.getStore())
      })
  )

  it.live("is not shown to the worker", () =>
    Effect.gen(function*() {
      const store = yield* invokeStore.install(workers > 1)
      const invocation = makeInvocation("1")
      const context = Context.make(Invocation.Invocation, invocation)
      const between: Array<string | undefined> = []
      yield* Effect.uninterruptible(Effect.gen(function*() {
        for (const handler of [enter, Effect.andThen(enter, Effect.sleep(1)), Effect.andThen(enter, Effect.die("x"))]) {
          yield* Effect.exit(store.within(invocation, context, handler))
          between.push(users.getStore())
        }
      }))
      assert.deepStrictEqual(between, [undefined, undefined, undefined])
    }))

  it.live("stays with the invocation from the handler to its finalizers", () =>
    Effect.gen(function*() {
      const atEnd: Array<string | undefined> = []
      const handler = Effect.gen(function*() {
        yield* Effect.addFinalizer(() => Effect.sync(() => atEnd.push(users.getStore())))
        yield* enter
        yield* Effect.sleep(1)
        return yield* seen
      })
      const values = yield* serveAll({ workers, events: 2, handler })
      const ids = Array.from({ length: workers }, (_, worker) => [`${worker}.0`, `${worker}.1`]).flat()
      assert.deepStrictEqual(values, ids)
      assert.sameMembers(atEnd, ids)
    }))

  it.live("is the program's where an invocation sets nothing", () =>
    Effect.gen(function*() {
      const serving = serveAll({ workers, events: 2, handler: Effect.andThen(Effect.sleep(1), seen) })
      const values = yield* Effect.promise(() => users.run("program", () => Effect.runPromise(Effect.scoped(serving))))
      assert.deepStrictEqual(values, Array(workers * 2).fill("program"))
    }))
})

describe.each([1, 4])("the fiber of an invocation, with %i workers", (workers) => {
  const invocation = makeInvocation("request")
  const context = Context.make(Invocation.Invocation, invocation)

  it.effect("has the services of its context and returns the result", () =>
    Effect.gen(function*() {
      const store = yield* invokeStore.install(workers > 1)
      assert.strictEqual(yield* Effect.uninterruptible(store.within(invocation, context, requestId)), "request")
      const later = Effect.andThen(Effect.yieldNow, requestId)
      assert.strictEqual(yield* Effect.uninterruptible(store.within(invocation, context, later)), "request")
    }))

  const failures: ReadonlyArray<readonly [string, Effect.Effect<never, string>]> = [
    ["a failure", Effect.fail("no")],
    ["a defect", Effect.die("no")],
    ["an interruption", Effect.interrupt]
  ]

  it.effect.each(failures)("passes on %s", ([_, effect]) =>
    Effect.gen(function*() {
      const store = yield* invokeStore.install(workers > 1)
      const expected = yield* Effect.exit(effect)
      const reasons = (exit: Exit.Exit<unknown, unknown>) =>
        Exit.isFailure(exit) ? exit.cause.reasons.map(({ _tag }) => _tag) : []
      for (const each of [effect, Effect.andThen(Effect.yieldNow, effect)]) {
        const exit = yield* Effect.exit(Effect.uninterruptible(store.within(invocation, context, each)))
        assert.deepStrictEqual(reasons(exit), reasons(expected))
      }
    }))

  it.effect("ends its children with it", () =>
    Effect.gen(function*() {
      const store = yield* invokeStore.install(workers > 1)
      const child = Effect.forkChild(Effect.never, { startImmediately: true })
      const fiber = yield* Effect.uninterruptible(store.within(invocation, context, child))
      assert.isTrue(Exit.hasInterrupts(yield* Fiber.await(fiber)))
    }))

  const interrupted = <A, E>(effect: (started: Deferred.Deferred<void>) => Effect.Effect<A, E>) =>
    Effect.gen(function*() {
      const store = yield* invokeStore.install(workers > 1)
      const started = yield* Deferred.make<void>()
      const within = Effect.exit(store.within(invocation, context, effect(started)))
      const worker = yield* Effect.forkChild(within, { startImmediately: true, uninterruptible: true })
      yield* Deferred.await(started)
      const interruption = yield* Effect.forkChild(Fiber.interrupt(worker), { startImmediately: true })
      return { worker, interruption }
    })

  it.effect("is interrupted with its worker where it allows that, and the worker goes on", () =>
    Effect.gen(function*() {
      const { interruption, worker } = yield* interrupted((started) =>
        Effect.andThen(Deferred.succeed(started, undefined), Effect.interruptible(Effect.never)).pipe(
          Effect.onInterrupt(() => Effect.yieldNow),
          Effect.catchCause(() => Effect.andThen(Effect.yieldNow, Effect.succeed("reported")))
        )
      )
      yield* Fiber.join(interruption)
      assert.deepStrictEqual(yield* Fiber.join(worker), Exit.succeed("reported"))
    }))

  it.effect("is waited for where it does not", () =>
    Effect.gen(function*() {
      const answered = yield* Deferred.make<string>()
      const { interruption, worker } = yield* interrupted((started) =>
        Effect.andThen(Deferred.succeed(started, undefined), Deferred.await(answered))
      )
      assert.isUndefined(worker.pollUnsafe())
      yield* Deferred.succeed(answered, "answered")
      yield* Fiber.join(interruption)
      assert.deepStrictEqual(yield* Fiber.join(worker), Exit.succeed("answered"))
    }))

  it.effect("runs although its worker is already interrupted", () =>
    Effect.gen(function*() {
      const store = yield* invokeStore.install(workers > 1)
      const latch = yield* Deferred.make<void>()
      const answer = Effect.exit(Effect.interruptible(Effect.sleep("1 hour")))
      const worker = yield* Effect.forkChild(
        Effect.andThen(Deferred.await(latch), store.within(invocation, context, answer)),
        { startImmediately: true, uninterruptible: true }
      )
      const interruption = yield* Effect.forkChild(Fiber.interrupt(worker), { startImmediately: true })
      yield* Deferred.succeed(latch, undefined)
      yield* Fiber.join(interruption)
      assert.isTrue(Exit.hasInterrupts(yield* Fiber.join(worker)))
    }))
})
