import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as LocalServer from "../src/LocalServer.ts"
import * as localHttp from "./support/localHttp.ts"
import { errorType, invoke, makeRuntime, until } from "./support/localServer.ts"
import * as Program from "./support/program.ts"

const fork = Effect.forkChild({ startImmediately: true })

const restorePath = "/2018-06-01/runtime/restore/next"

/** A runtime that can also ask to be restored. */
const makeRestorable = Effect.fnUntraced(function*() {
  const { address } = yield* LocalServer.LocalServer
  const runtime = yield* makeRuntime()
  const get = Effect.fnUntraced(function*(method = "GET") {
    const agent = yield* localHttp.keepAlive(1)
    const reply = yield* localHttp.send({ address, agent, method, path: restorePath })
    return { ...reply, disconnect: Effect.sync(() => agent.destroy()) }
  })
  return {
    ...runtime,
    get,
    failRestore: runtime.post("/restore/error", "{\"errorType\":\"NoDatabase\",\"errorMessage\":\"gone\"}", {
      "lambda-runtime-function-error-type": "Runtime.AfterRestoreError"
    })
  }
})

const silent = Layer.provideMerge(LocalServer.layerTest, Logger.layer([]))

describe("SnapStart on LocalServer", () => {
  it.effect("restores a runtime at once, which then asks for events on the same connection", () =>
    Effect.gen(function*() {
      const { address } = yield* LocalServer.LocalServer
      const agent = yield* localHttp.keepAlive(1)
      const get = (path: string) => localHttp.send({ address, agent, method: "GET", path })
      assert.strictEqual((yield* get(restorePath)).status, 200)
      const event = yield* fork(get("/2018-06-01/runtime/invocation/next"))
      yield* until({ polls: 1 })
      yield* fork(invoke("1"))
      assert.strictEqual((yield* Fiber.join(event)).text, "1")
    }).pipe(Effect.provide(silent)))

  it.effect("restores a runtime at once, which then asks for events on another connection", () =>
    Effect.gen(function*() {
      const runtime = yield* makeRestorable()
      const { headers, status, text } = yield* runtime.get()
      assert.deepStrictEqual([status, text], [200, ""])
      assert.isUndefined(headers["lambda-runtime-aws-request-id"])
      const call = yield* fork(invoke("1"))
      const event = yield* runtime.next
      assert.strictEqual(event.text, "1")
      yield* runtime.respond(event.requestId, "2")
      assert.strictEqual((yield* Fiber.join(call)).text, "2")
    }).pipe(Effect.provide(silent)))

  it.effect("fails calls that a runtime could not be restored for, until another one asks for events", () =>
    Effect.gen(function*() {
      const broken = yield* makeRestorable()
      const waiting = yield* fork(invoke("1"))
      yield* until({ queued: 1 })
      const { disconnect } = yield* broken.get()
      yield* disconnect
      assert.strictEqual((yield* broken.failRestore).status, 202)
      assert.strictEqual((yield* broken.failRestore).status, 403)
      for (const reply of [yield* Fiber.join(waiting), yield* invoke("2")]) {
        assert.strictEqual(reply.status, 500)
        assert.strictEqual(errorType(reply.text), "NoDatabase")
      }
      yield* broken.kill

      const well = yield* makeRestorable()
      assert.strictEqual((yield* well.get()).status, 200)
      const event = yield* fork(well.next)
      yield* until({ polls: 1 })
      yield* fork(invoke("3"))
      assert.strictEqual((yield* Fiber.join(event)).text, "3")
    }).pipe(Effect.provide(silent)))

  it.effect("holds a runtime to the order of calls", () =>
    Effect.gen(function*() {
      const runtime = yield* makeRestorable()
      const refused = (
        reply: localHttp.Reply
      ) => [reply.status, errorType(reply.text), JSON.parse(reply.text).errorMessage]
      const transition = (from: string, to: string) => [
        403,
        "InvalidStateTransition",
        `State transition from ${from} to ${to} failed for runtime. Error: State transition is not allowed`
      ]
      assert.deepStrictEqual(refused(yield* runtime.failRestore), transition("Started", "RuntimeRestoreErrorState"))
      assert.strictEqual((yield* runtime.get()).status, 200)
      assert.deepStrictEqual(refused(yield* runtime.get()), transition("Restoring", "Ready"))
      const call = yield* fork(invoke("1"))
      const event = yield* runtime.next
      assert.deepStrictEqual(refused(yield* runtime.get()), transition("Running", "Ready"))
      assert.deepStrictEqual(refused(yield* runtime.failRestore), transition("Running", "RuntimeRestoreErrorState"))
      yield* runtime.respond(event.requestId, "1")
      yield* Fiber.join(call)
    }).pipe(Effect.provide(silent)))

  it.effect("takes no other methods", () =>
    Effect.gen(function*() {
      const { address } = yield* LocalServer.LocalServer
      const runtime = yield* makeRestorable()
      assert.strictEqual((yield* runtime.get("HEAD")).status, 405)
      assert.strictEqual((yield* runtime.get("POST")).status, 405)
      const other = yield* localHttp.send({ address, method: "GET", path: "/2018-06-01/runtime/restore/error" })
      assert.strictEqual(other.status, 405)
    }).pipe(Effect.provide(silent)))

  it.effect("is not there where several invocations run at a time, as on Managed Instances", () =>
    Effect.gen(function*() {
      const runtime = yield* makeRestorable()
      assert.strictEqual((yield* runtime.get()).status, 404)
      assert.strictEqual((yield* runtime.failRestore).status, 404)
    }).pipe(Effect.provide(Layer.provideMerge(LocalServer.layerTestOptions({ maxConcurrency: 2 }), Logger.layer([])))))

  it.live("runs a function with hooks as Lambda does", () =>
    Effect.gen(function*() {
      const program = yield* Program.start("test/fixtures/programs/snapStart.ts", {
        AWS_LAMBDA_INITIALIZATION_TYPE: "snap-start",
        LOCAL_LAMBDA_PORT: "0"
      })
      const [, address = ""] = yield* program.printed(/http:\/\/(127\.0\.0\.1:\d+)\/invoke/)
      yield* program.printed(/after second/)
      const answer = yield* localHttp.send({ address, path: "/invoke", body: "{}" })
      assert.strictEqual(answer.status, 200)
      const { connection }: { readonly connection?: unknown } = JSON.parse(answer.text)
      assert.strictEqual(connection, 2)
      yield* program.kill("SIGTERM")
      assert.strictEqual((yield* program.exit).code, 0)
    }))
})
