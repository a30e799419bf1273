import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { onLambda } from "./support/lambdaProcess.ts"
import type * as Program from "./support/program.ts"
import { headerValue } from "./support/requestParser.ts"
import * as ScriptedPeer from "./support/scriptedPeer.ts"

const start = Effect.fnUntraced(function*(event: string) {
  const { peer, program } = yield* onLambda("test/fixtures/programs/reluctant.ts")
  yield* (yield* peer.request).respond(ScriptedPeer.event("reluctant", event))
  yield* program.printed(/handler started/)
  return { peer, program }
})

/** The process has ended as Lambda wants it to, and its layers have been released. */
const assertEnded = ({ code, signal, stderr, stdout }: Program.ProgramExit) => {
  assert.deepStrictEqual([code, signal, stderr], [0, null, ""])
  assert.include(stdout, "released")
}

describe("SIGTERM ends a process", () => {
  it.live("whose handler cannot be interrupted", () =>
    Effect.gen(function*() {
      const { peer, program } = yield* start("uninterruptible")
      yield* program.kill("SIGTERM")
      const report = yield* peer.request
      assert.include(report.target, "/reluctant/error")
      assert.strictEqual(JSON.parse((yield* report.whole).text).errorType, "Runtime.Interrupted")
      yield* report.respond(ScriptedPeer.accepted)
      assertEnded(yield* program.exit)
    }))

  it.live("whose report nobody takes", () =>
    Effect.gen(function*() {
      const { peer, program } = yield* start("hang")
      yield* program.kill("SIGTERM")
      assert.include((yield* peer.request).target, "/reluctant/error")
      assertEnded(yield* program.exit)
    }))

  it.live("whose answer nobody takes", () =>
    Effect.gen(function*() {
      const { peer, program } = yield* start("quick")
      assert.include((yield* peer.request).target, "/reluctant/response")
      yield* program.kill("SIGTERM")
      assertEnded(yield* program.exit)
    }))

  it.live.each(["finalizer", "background"])("whose %s does not end", (event) =>
    Effect.gen(function*() {
      const { peer, program } = yield* start(event)
      yield* (yield* peer.request).respond(ScriptedPeer.accepted)
      yield* program.kill("SIGTERM")
      assertEnded(yield* program.exit)
    }))

  it.live("in the middle of a stream, whose end says why", () =>
    Effect.gen(function*() {
      const { peer, program } = yield* start("stream")
      const answer = yield* peer.request
      yield* answer.chunk
      yield* program.kill("SIGTERM")
      const { trailers } = yield* answer.whole
      assert.strictEqual(headerValue(trailers, "lambda-runtime-function-error-type"), "Runtime.Interrupted")
      assertEnded(yield* program.exit)
    }))
})

describe("a process that has lost its connection", () => {
  it.live("ends also when a layer is not released", () =>
    Effect.gen(function*() {
      const { peer, program } = yield* onLambda("test/fixtures/programs/faults.ts", { LAYER: "is not released" })
      yield* (yield* peer.request).connection.reset
      const { code, stderr } = yield* program.exit
      assert.strictEqual(code, 1)
      assert.match(
        stderr,
        /^effect-lambda-runtime: no connection to the Runtime API at [\d.:]+ for \/next: .*ECONNRESET\); the process has not ended within 480 ms: finalizers are still running\n$/
      )
    }))
})

describe("a process that cannot start", () => {
  it.live("ends also when nobody takes its report", () =>
    Effect.gen(function*() {
      const { peer, program } = yield* onLambda("test/fixtures/programs/failingLayer.ts")
      assert.include((yield* peer.request).target, "/init/error")
      const { code, stderr } = yield* program.exit
      assert.strictEqual(code, 1)
      assert.include(stderr, "the database is down")
    }))
})
