import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Worker } from "node:worker_threads"
import * as EmbeddedMetrics from "./support/embeddedMetrics.ts"
import { onLambda } from "./support/lambdaProcess.ts"
import type * as Program from "./support/program.ts"
import * as ScriptedPeer from "./support/scriptedPeer.ts"

const metrics = "test/fixtures/programs/metrics.ts"

/** The metrics of the lines that are in CloudWatch's format from their first character to their last. */
const metricsIn = (output: string) =>
  output.split("\n").filter((line) => line.startsWith(`{"_aws"`)).flatMap(EmbeddedMetrics.read)

type Peer = Effect.Success<ReturnType<typeof onLambda>>["peer"]

/** Has an event served, and accepts the answer. */
const serve = Effect.fnUntraced(function*(peer: Peer, id: string, event: string) {
  yield* (yield* peer.request).respond(ScriptedPeer.event(id, event))
  const answer = yield* peer.request
  assert.include(answer.target, `/${id}/`)
  yield* answer.whole
  yield* answer.respond(ScriptedPeer.accepted)
})

const assertEnded = ({ code, signal, stderr }: Program.ProgramExit) =>
  assert.deepStrictEqual([code, signal, stderr], [0, null, ""])

describe("a process with LambdaMetrics", () => {
  it.live("has written the metrics of an invocation when it asks for the next event", () =>
    Effect.gen(function*() {
      const { peer, program } = yield* onLambda(metrics)
      yield* serve(peer, "first", "2")
      const next = yield* peer.request
      const { 0: output } = yield* program.printed(/[^]*"Counted":2[^]*/)
      const { ...values } = EmbeddedMetrics.byName(metricsIn(output))
      const builtIn = (name: string) => values[`${name}{service=counting,FunctionName=function}`]
      assert.deepStrictEqual(values["Counted{service=counting}"], [2])
      assert.deepStrictEqual([builtIn("ColdStart"), builtIn("Errors"), builtIn("Concurrency")], [[1], [0], [1]])
      assert.isAbove(builtIn("Duration")?.[0] ?? 0, 0)

      yield* next.respond(ScriptedPeer.event("second", "-1"))
      const answer = yield* peer.request
      assert.include(answer.target, "/second/error")
      yield* answer.respond(ScriptedPeer.accepted)
      yield* peer.request
      yield* program.printed(/"Counted":-1/)
      yield* program.kill("SIGTERM")
      const exit = yield* program.exit
      assertEnded(exit)
      const all = EmbeddedMetrics.byName(metricsIn(exit.stdout))
      assert.deepStrictEqual(all["Counted{service=counting}"], [2, -1])
      assert.deepStrictEqual(all["Errors{service=counting,FunctionName=function}"], [0, 1])
      assert.deepStrictEqual(all["ColdStart{service=counting,FunctionName=function}"], [1])
      assert.include(exit.stdout, "counting 2")
    }))

  it.live("writes what several invocations at a time have counted once", () =>
    Effect.gen(function*() {
      const workers = 8
      const invocations = 200
      const { peer, program } = yield* onLambda(metrics, { AWS_LAMBDA_MAX_CONCURRENCY: String(workers) })
      let sent = 0
      let polls = 0
      // When all have answered and ask again, everything has been written.
      while (polls < workers) {
        const request = yield* peer.request
        if (!request.target.endsWith("/next")) {
          yield* request.respond(ScriptedPeer.accepted)
        } else if (sent < invocations) {
          sent++
          yield* request.respond(ScriptedPeer.event(`id-${sent}`, String(sent)))
        } else {
          polls++
        }
      }
      yield* program.kill("SIGTERM")
      const exit = yield* program.exit
      assertEnded(exit)
      const data = metricsIn(exit.stdout)
      const valuesOf = (name: string) => data.flatMap((datum) => datum.name === name ? datum.values : [])
      const sum = (values: ReadonlyArray<number>) => values.reduce((total, value) => total + value, 0)
      assert.strictEqual(sum(valuesOf("Counted")), invocations * (invocations + 1) / 2)
      assert.lengthOf(valuesOf("Duration"), invocations)
      assert.strictEqual(sum(valuesOf("Errors")), 0)
      assert.isAtMost(Math.max(...valuesOf("Concurrency")), workers)
      assert.strictEqual(data.at(-1)?.dimensions["service"], "counting")
    }))

  it.live("writes metrics as they are where the log is JSON and Lambda drops all but errors", () =>
    Effect.gen(function*() {
      const { peer, program } = yield* onLambda(metrics, {
        AWS_LAMBDA_LOG_FORMAT: "JSON",
        AWS_LAMBDA_LOG_LEVEL: "ERROR"
      })
      yield* serve(peer, "first", "1")
      const { 0: line } = yield* program.printed(/^.*"Counted":1.*$/m)
      assert.strictEqual(JSON.parse(line).level, "ERROR")
      assert.deepStrictEqual(EmbeddedMetrics.byName(EmbeddedMetrics.read(line)), { "Counted{service=counting}": [1] })
    }))

  it.live("goes on when nobody reads its output any more", () =>
    Effect.gen(function*() {
      const { peer, program } = yield* onLambda("test/fixtures/programs/closedOutput.ts", { PROGRAM: "metrics.ts" })
      for (const id of ["first", "second", "third"]) yield* serve(peer, id, "1")
      yield* peer.request
      yield* program.kill("SIGTERM")
      assertEnded(yield* program.exit)
    }))

  it.live("writes what was counted until the handler ends the process", () =>
    Effect.gen(function*() {
      const { peer, program } = yield* onLambda(metrics)
      yield* serve(peer, "first", "1")
      yield* (yield* peer.request).respond(ScriptedPeer.event("second", "0"))
      const { code, stdout } = yield* program.exit
      assert.strictEqual(code, 3)
      assert.deepStrictEqual(EmbeddedMetrics.byName(metricsIn(stdout))["Counted{service=counting}"], [1, 7])
    }))

  it.live("lets the main thread write what its threads have counted, so that lines do not mix", () =>
    Effect.gen(function*() {
      const printed = yield* Effect.callback<string>((resume) => {
        const worker = new Worker(new URL("fixtures/programs/metricsThread.ts", import.meta.url), { stdout: true })
        let text = ""
        worker.stdout.on("data", (chunk: Buffer) => {
          text += chunk.toString()
        })
        worker.stdout.on("end", () => resume(Effect.succeed(text)))
      })
      assert.strictEqual(printed, "a line of metrics\n")
    }))

  it.live("shows an example", () =>
    Effect.gen(function*() {
      const { peer, program } = yield* onLambda("examples/metrics/main.ts")
      yield* serve(peer, "order", `{"id":"o-1","country":"CH","quantity":3}`)
      const { 0: output } = yield* program.printed(/[^]*"OrdersPlaced":1[^]*/)
      const names = metricsIn(output).map(({ dimensions, name, unit }) => [name, unit, Object.keys(dimensions)])
      const builtIn = ["service", "FunctionName"]
      assert.deepStrictEqual(names, [
        ["ColdStart", "Count", builtIn],
        ["Duration", "Milliseconds", builtIn],
        ["Errors", "Count", builtIn],
        ["Concurrency", "Count", builtIn],
        ["Pricing", "Milliseconds", ["service"]],
        ["ItemsPerOrder", "Count", ["service"]],
        ["OrdersPlaced", "Count", ["service", "country"]]
      ])
    }))
})
