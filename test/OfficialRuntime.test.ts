/**
 * The local server as the Runtime API of AWS's own runtime for Node, aws-lambda-ric, in a process of its own.
 *
 * The package compiles native code when it is installed, so this project does not depend on it. Set `AWS_LAMBDA_RIC` to
 * its folder, or install it into `bench`.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import { type ChildProcess, spawn } from "node:child_process"
import * as fs from "node:fs"
import * as path from "node:path"
import * as LocalServer from "../src/LocalServer.ts"
import { errorType, invoke, invokeStreaming, until } from "./support/localServer.ts"

const main = path.join(
  process.env["AWS_LAMBDA_RIC"] ?? path.join(import.meta.dirname, "../bench/node_modules/aws-lambda-ric"),
  "index.mjs"
)

const fork = Effect.forkChild({ startImmediately: true })

interface Runtime {
  /** The exit code, when it has ended. */
  readonly exit: Effect.Effect<number | null>
}

/** Starts aws-lambda-ric with a handler of `test/fixtures/ric`. It is killed when the scope closes. */
const start = Effect.fnUntraced(function*(handler: string, environment: Record<string, string> = {}) {
  const { address } = yield* LocalServer.LocalServer
  const ended = yield* Deferred.make<number | null>()
  yield* Effect.acquireRelease(
    Effect.sync((): ChildProcess => {
      const child = spawn(process.execPath, [main, handler], {
        stdio: "ignore",
        env: {
          AWS_LAMBDA_RUNTIME_API: address,
          _HANDLER: handler,
          LAMBDA_TASK_ROOT: path.join(import.meta.dirname, "fixtures/ric"),
          AWS_LAMBDA_FUNCTION_NAME: "function",
          AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
          AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "128",
          AWS_LAMBDA_LOG_GROUP_NAME: "/aws/lambda/function",
          AWS_LAMBDA_LOG_STREAM_NAME: "stream",
          ...environment
        }
      })
      child.on("exit", (code) => Deferred.doneUnsafe(ended, Effect.succeed(code)))
      return child
    }),
    (child) => {
      child.kill("SIGKILL")
      return Deferred.await(ended)
    }
  )
  const runtime: Runtime = { exit: Deferred.await(ended) }
  return runtime
})

const tests = () => {
  it.effect("serves invocations, one after the other", () =>
    Effect.gen(function*() {
      yield* start("index.hello")
      const clientContext = { custom: { city: "Zürich 🫖" } }
      for (const name of ["Ada", "Grace", "Edsger"]) {
        const reply = yield* invoke(JSON.stringify({ name }), {
          "x-amz-client-context": Buffer.from(JSON.stringify(clientContext)).toString("base64")
        })
        assert.strictEqual(reply.status, 200)
        assert.strictEqual(reply.headers["content-type"], "application/json")
        const { remaining, ...answer } = JSON.parse(reply.text)
        assert.deepStrictEqual(answer, {
          message: `Hello ${name}`,
          requestId: reply.headers["x-amzn-requestid"],
          functionArn: "arn:aws:lambda:us-east-1:123456789012:function:function",
          clientContext
        })
        assert.isBelow(remaining, 15 * 60_000 + 1)
      }
    }).pipe(Effect.provide(LocalServer.layerTest)))

  it.effect("serves what came before it started", () =>
    Effect.gen(function*() {
      const calls = yield* Effect.forEach(["1", "2", "3"], (name) => fork(invoke(JSON.stringify({ name }))))
      yield* until({ queued: 3 })
      yield* start("index.hello")
      for (const [index, call] of calls.entries()) {
        const { text } = yield* Fiber.join(call)
        assert.strictEqual(JSON.parse(text).message, `Hello ${index + 1}`)
      }
    }).pipe(Effect.provide(LocalServer.layerTest)))

  it.effect("reports the error of a handler and goes on", () =>
    Effect.gen(function*() {
      yield* start("index.failing")
      for (const name of ["one", "two"]) {
        const reply = yield* invoke(JSON.stringify({ name }))
        assert.strictEqual(reply.status, 500)
        assert.strictEqual(reply.headers["x-amz-function-error"], "Unhandled")
        const { errorMessage, errorType } = JSON.parse(reply.text)
        assert.strictEqual(errorType, "RangeError")
        assert.strictEqual(errorMessage, `${name} is out of range`)
      }
    }).pipe(Effect.provide(LocalServer.layerTest)))

  it.effect("streams with an HTTP head, one answer after the other", () =>
    Effect.gen(function*() {
      yield* start("index.streaming")
      for (const parts of [["short", " and ", "stout"], ["again"]]) {
        const reply = yield* invoke(JSON.stringify({ parts }))
        assert.strictEqual(reply.status, 201)
        assert.strictEqual(reply.headers["content-type"], "text/plain")
        assert.strictEqual(reply.headers["x-tea"], "Earl Grey")
        assert.deepStrictEqual(reply.headers["set-cookie"], ["a=b", "c=d"])
        assert.strictEqual(reply.text, parts.join(""))
      }
    }).pipe(Effect.provide(LocalServer.layerTest)))

  it.effect("streams bytes with a content type of its own", () =>
    Effect.gen(function*() {
      yield* start("index.plainStreaming")
      const parts = Array.from({ length: 20 }, (_, index) => String(index % 10).repeat(100_000))
      const reply = yield* invoke(JSON.stringify({ parts }))
      assert.strictEqual(reply.status, 200)
      assert.strictEqual(reply.headers["content-type"], "text/csv")
      assert.isTrue(reply.text === parts.join(""))
    }).pipe(Effect.provide(LocalServer.layerTest)))

  it.effect("cuts off a stream that fails half-way, and goes on", () =>
    Effect.gen(function*() {
      yield* start("index.breakingStream")
      for (let count = 0; count < 2; count++) {
        const reply = yield* (yield* invokeStreaming("{}")).reply
        assert.strictEqual(reply.status, 200)
        assert.strictEqual(yield* reply.read, "begun")
        assert.isTrue(Exit.isFailure(yield* Effect.exit(reply.read)))
      }
    }).pipe(Effect.provide(LocalServer.layerTest)))

  it.effect("reports that it cannot start", () =>
    Effect.gen(function*() {
      const call = yield* fork(invoke("{}"))
      yield* until({ queued: 1 })
      const runtime = yield* start("broken.handler")
      const reply = yield* Fiber.join(call)
      assert.strictEqual(reply.status, 500)
      assert.strictEqual(JSON.parse(reply.text).errorMessage, "cannot start")
      assert.notStrictEqual(yield* runtime.exit, 0)
      assert.strictEqual((yield* invoke("{}")).text, reply.text)
    }).pipe(Effect.provide(LocalServer.layerTest)))

  it.effect("may end in the middle of an invocation and be started again", () =>
    Effect.gen(function*() {
      const exiting = yield* start("index.exiting")
      const call = yield* fork(invoke("{}"))
      assert.strictEqual(yield* exiting.exit, 7)
      yield* start("index.hello")
      assert.strictEqual(errorType((yield* Fiber.join(call)).text), "Runtime.ExitError")
      const { text } = yield* invoke("{\"name\":\"successor\"}")
      assert.strictEqual(JSON.parse(text).message, "Hello successor")
    }).pipe(Effect.provide(LocalServer.layerTest)))

  it.effect("serves several invocations at once with its worker threads", () =>
    Effect.gen(function*() {
      yield* start("index.hello", { AWS_LAMBDA_MAX_CONCURRENCY: "4", AWS_LAMBDA_NODEJS_WORKER_COUNT: "2" })
      yield* until({ polls: 2 })
      const names = Array.from({ length: 20 }, (_, index) => `World${index}`)
      const replies = yield* Effect.forEach(names, (name) => invoke(JSON.stringify({ name })), {
        concurrency: "unbounded"
      })
      assert.deepStrictEqual(replies.map(({ text }) => JSON.parse(text).message), names.map((name) => `Hello ${name}`))
    }).pipe(Effect.provide(LocalServer.layerOptions({ port: 0, maxConcurrency: 4 }))))
}

describe("aws-lambda-ric on LocalServer", () => {
  if (fs.existsSync(main)) {
    tests()
  } else {
    it("is not installed: set AWS_LAMBDA_RIC to its folder to run these tests", () => {
      assert.isFalse(fs.existsSync(main))
    })
  }
})
