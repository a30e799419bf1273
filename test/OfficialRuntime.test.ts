/**
 * The local server as the Runtime API of AWS's own runtime for Node, aws-lambda-ric, in a process of its own.
 *
 * The package compiles native code when it is installed, so this project does not depend on it. Set `AWS_LAMBDA_RIC` to
 * its folder, or install it into `bench`.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Data from "effect/Data"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import { spawn } from "node:child_process"
import * as fs from "node:fs"
import * as path from "node:path"
import * as LocalServer from "../src/LocalServer.ts"
import { errorType, invoke, invokeStreaming, until } from "./support/localServer.ts"

const folder = process.env["AWS_LAMBDA_RIC"] ?? path.join(import.meta.dirname, "../bench/node_modules/aws-lambda-ric")

/** Its native part is the last thing that is there. */
const isInstalled = fs.existsSync(path.join(folder, "rapid-client.node"))

const fork = Effect.forkChild({ startImmediately: true })

interface Runtime {
  /** Returns when the process has ended. */
  readonly ended: Effect.Effect<{ readonly code: number | null; readonly output: string }>
}

class RuntimeEnded extends Data.TaggedError("RuntimeEnded")<{ readonly message: string }> {}

/** Starts aws-lambda-ric with a handler of `test/fixtures/ric`. It is killed when the scope closes. */
const start = Effect.fnUntraced(function*(handler: string, environment: Record<string, string> = {}) {
  const { address } = yield* LocalServer.LocalServer
  const ended = yield* Deferred.make<{ readonly code: number | null; readonly output: string }>()
  yield* Effect.acquireRelease(
    Effect.sync(() => {
      const child = spawn(process.execPath, [path.join(folder, "index.mjs"), handler], {
        stdio: ["ignore", "pipe", "pipe"],
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
      let output = ""
      const collect = (data: Buffer) => {
        output += data.toString()
      }
      child.stdout.on("data", collect)
      child.stderr.on("data", collect)
      child.on("close", (code) => Deferred.doneUnsafe(ended, Effect.succeed({ code, output })))
      return child
    }),
    (child) => {
      child.kill("SIGKILL")
      return Deferred.await(ended)
    }
  )
  const runtime: Runtime = { ended: Deferred.await(ended) }
  return runtime
})

/** Runs a test with aws-lambda-ric beside it, which must not end before the test does. */
const withRuntime = <A, E, R>(
  handler: string,
  test: Effect.Effect<A, E, R>,
  environment: Record<string, string> = {}
) =>
  Effect.flatMap(start(handler, environment), ({ ended }) =>
    Effect.raceFirst(
      test,
      Effect.flatMap(
        ended,
        ({ code, output }) => new RuntimeEnded({ message: `aws-lambda-ric ended with ${code}:\n${output}` })
      )
    ))

const tests = () => {
  it.live("serves invocations, one after the other", () =>
    withRuntime(
      "index.hello",
      Effect.gen(function*() {
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
          assert.isAbove(remaining, 0)
          assert.isAtMost(remaining, 3_000)
        }
      })
    ).pipe(Effect.provide(LocalServer.layerTest)))

  it.effect("serves what came before it started", () =>
    Effect.gen(function*() {
      const calls = yield* Effect.forEach(["1", "2", "3"], (name) => fork(invoke(JSON.stringify({ name }))))
      yield* until({ queued: 3 })
      const replies = yield* withRuntime("index.hello", Effect.forEach(calls, Fiber.join))
      assert.deepStrictEqual(replies.map(({ text }) => JSON.parse(text).message), ["Hello 1", "Hello 2", "Hello 3"])
    }).pipe(Effect.provide(LocalServer.layerTest)))

  it.effect("reports the error of a handler and goes on", () =>
    withRuntime(
      "index.failing",
      Effect.gen(function*() {
        for (const name of ["one", "two"]) {
          const reply = yield* invoke(JSON.stringify({ name }))
          assert.strictEqual(reply.status, 500)
          assert.strictEqual(reply.headers["x-amz-function-error"], "Unhandled")
          const { errorMessage, errorType } = JSON.parse(reply.text)
          assert.strictEqual(errorType, "RangeError")
          assert.strictEqual(errorMessage, `${name} is out of range`)
        }
      })
    ).pipe(Effect.provide(LocalServer.layerTest)))

  it.effect("streams with an HTTP head, one answer after the other", () =>
    withRuntime(
      "index.streaming",
      Effect.gen(function*() {
        for (const parts of [["short", " and ", "stout"], ["again"]]) {
          const reply = yield* invoke(JSON.stringify({ parts }))
          assert.strictEqual(reply.status, 201)
          assert.strictEqual(reply.headers["content-type"], "text/plain")
          assert.strictEqual(reply.headers["x-tea"], "Earl Grey")
          assert.deepStrictEqual(reply.headers["set-cookie"], ["a=b", "c=d"])
          assert.strictEqual(reply.text, parts.join(""))
        }
      })
    ).pipe(Effect.provide(LocalServer.layerTest)))

  it.effect("streams bytes with a content type of its own", () =>
    withRuntime(
      "index.plainStreaming",
      Effect.gen(function*() {
        const parts = Array.from({ length: 20 }, (_, index) => String(index % 10).repeat(100_000))
        const reply = yield* invoke(JSON.stringify({ parts }))
        assert.strictEqual(reply.status, 200)
        assert.strictEqual(reply.headers["content-type"], "text/csv")
        assert.isTrue(reply.text === parts.join(""))
      })
    ).pipe(Effect.provide(LocalServer.layerTest)))

  it.effect("cuts off a stream that fails half-way, and goes on", () =>
    withRuntime(
      "index.breakingStream",
      Effect.gen(function*() {
        for (let count = 0; count < 2; count++) {
          const reply = yield* (yield* invokeStreaming("{}")).reply
          assert.strictEqual(reply.status, 200)
          assert.strictEqual(yield* reply.read, "begun")
          assert.isTrue(Exit.isFailure(yield* Effect.exit(reply.read)))
        }
      })
    ).pipe(Effect.provide(LocalServer.layerTest)))

  it.effect("reports that it cannot start", () =>
    Effect.gen(function*() {
      const call = yield* fork(invoke("{}"))
      yield* until({ queued: 1 })
      const runtime = yield* start("broken.handler")
      const reply = yield* Fiber.join(call)
      assert.strictEqual(reply.status, 500)
      assert.strictEqual(JSON.parse(reply.text).errorMessage, "cannot start")
      assert.notStrictEqual((yield* runtime.ended).code, 0)
      assert.strictEqual((yield* invoke("{}")).text, reply.text)
    }).pipe(Effect.provide(LocalServer.layerTest)))

  it.effect("may end in the middle of an invocation and be started again", () =>
    Effect.gen(function*() {
      const exiting = yield* start("index.exiting")
      const call = yield* fork(invoke("{}"))
      assert.strictEqual((yield* exiting.ended).code, 7)
      yield* withRuntime(
        "index.hello",
        Effect.gen(function*() {
          assert.strictEqual(errorType((yield* Fiber.join(call)).text), "Runtime.ExitError")
          const { text } = yield* invoke("{\"name\":\"successor\"}")
          assert.strictEqual(JSON.parse(text).message, "Hello successor")
        })
      )
    }).pipe(Effect.provide(LocalServer.layerTest)))

  it.effect("serves several invocations at once with its worker threads", () =>
    withRuntime(
      "index.hello",
      Effect.gen(function*() {
        yield* until({ polls: 2 })
        const names = Array.from({ length: 20 }, (_, index) => `World${index}`)
        const replies = yield* Effect.forEach(names, (name) => invoke(JSON.stringify({ name })), {
          concurrency: "unbounded"
        })
        assert.deepStrictEqual(
          replies.map(({ text }) => JSON.parse(text).message),
          names.map((name) => `Hello ${name}`)
        )
      }),
      { AWS_LAMBDA_MAX_CONCURRENCY: "4", AWS_LAMBDA_NODEJS_WORKER_COUNT: "2" }
    ).pipe(Effect.provide(LocalServer.layerOptions({ port: 0, maxConcurrency: 4 }))))
}

describe("aws-lambda-ric on LocalServer", () => {
  if (isInstalled) {
    tests()
  } else {
    it("is not installed: set AWS_LAMBDA_RIC to its folder to run these tests", () => {
      assert.isFalse(isInstalled)
    })
  }
})
