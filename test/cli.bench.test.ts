import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as fs from "node:fs"
import * as path from "node:path"
import { afterAll, beforeAll } from "vitest"
import { summarize } from "../src/cli/bench/Measurement.ts"
import { readReport } from "../src/cli/bench/remote.ts"
import { projectFolder } from "./doctest/docstrings.ts"
import * as awsStub from "./support/awsStub.ts"
import * as builtFunction from "./support/builtFunction.ts"
import { run } from "./support/effectLambda.ts"

const folder = builtFunction.temporaryFolder("cli-bench")
const output = path.relative(projectFolder, folder)

beforeAll(() =>
  Effect.runPromise(
    builtFunction.build({
      entry: "examples/hello-json/main.ts",
      output: folder,
      name: "hello",
      trial: false,
      codeCache: false
    })
  )
)
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }))

interface Row {
  readonly what: string
  readonly minimum: number
  readonly median: number
  readonly maximum: number
  readonly samples: ReadonlyArray<number>
}

describe("effect-lambda bench", () => {
  it.live("measures a function on this machine: a fresh process for each cold start", () =>
    Effect.gen(function*() {
      const args = ["bench", "hello", "--output", output, "--event", "examples/hello-json/event.json"]
      const { exitCode, stdout } = yield* run([...args, "--cold", "2", "--warm", "5", "--json"])
      assert.strictEqual(exitCode, 0, stdout)
      const { result }: { readonly result: ReadonlyArray<Row> } = JSON.parse(stdout)
      assert.deepStrictEqual(result.map(({ samples, what }) => [what, samples.length]), [
        ["start to first poll", 2],
        ["first invocation", 2],
        ["warm invocation", 5]
      ])
      for (const { maximum, median, minimum } of result) {
        assert.isTrue(0 < minimum && minimum <= median && median <= maximum)
      }
    }))

  it.live("prints a table", () =>
    Effect.gen(function*() {
      const args = ["bench", "hello", "--output", output, "--event", "examples/hello-json/event.json"]
      const { stderr, stdout } = yield* run([...args, "--cold", "1", "--warm", "1"])
      assert.include(stderr, `Next: effect-lambda deploy hello --output ${output}\n`)
      assert.match(
        stdout,
        /^ +minimum +median +maximum +runs\nstart to first poll +[\d.]+ ms +[\d.]+ ms +[\d.]+ ms +1\n/
      )
    }))

  it.live("fails when the function fails on the event, and when it does not start", () =>
    Effect.gen(function*() {
      const failing = yield* run(["bench", "hello", "--output", output, "--cold", "1", "--warm", "1"])
      assert.strictEqual(failing.exitCode, 1)
      assert.match(failing.stderr, /✘ the function failed on the event: .*EventError/)
      const ending = yield* run(
        ["bench", "hello", "--output", output, "--env", "NODE_OPTIONS=--no-such-option", "--cold", "1"]
      )
      assert.match(ending.stderr, /✘ the function ended with exit code 9 before its first poll\n$/)
    }))

  it.live("refuses to measure nothing", () =>
    Effect.gen(function*() {
      const { exitCode, stderr } = yield* run(["bench", "hello", "--output", output, "--cold", "0"])
      assert.strictEqual(exitCode, 1)
      assert.include(stderr, "--cold is 0: it must be above 0")
    }))

  it.live("measures a deployed function by its REPORT lines, and leaves its configuration as it was", () =>
    Effect.scoped(Effect.gen(function*() {
      const stub = yield* awsStub.make
      const Variables = { TABLE: "orders" }
      stub.function = { FunctionName: "hello", Environment: { Variables } }
      const told = yield* run(["bench", "hello", "--remote", "--cold", "2", "--warm", "3", "--json"], {
        environment: stub.environment
      })
      const { result }: { readonly result: ReadonlyArray<Row> } = JSON.parse(told.stdout)
      assert.deepStrictEqual(result.map(({ samples, what }) => [what, samples]), [
        ["init duration", [120.5, 120.5]],
        ["duration after a cold start", [8.25, 8.25]],
        ["duration, warm", [8.25, 8.25, 8.25]]
      ])
      const configurations = stub.requests.filter(({ operation }) => operation.startsWith("PUT "))
      assert.deepStrictEqual(configurations.map(({ body }) => body), [
        { Environment: { Variables: { ...Variables, EFFECT_LAMBDA_BENCH: "0" } } },
        { Environment: { Variables: { ...Variables, EFFECT_LAMBDA_BENCH: "1" } } },
        { Environment: { Variables } }
      ])
    })))
})

describe("a REPORT line", () => {
  it("is read among others", () => {
    const log = "START RequestId: 1\nhello\nREPORT RequestId: 1\tDuration: 8.25 ms\tBilled Duration: 9 ms\t" +
      "Memory Size: 128 MB\tMax Memory Used: 70 MB\tInit Duration: 120.50 ms\t\n"
    assert.deepStrictEqual(readReport(log), { duration: 8.25, initDuration: 120.5 })
    assert.deepStrictEqual(readReport("REPORT RequestId: 1\tDuration: 3 ms\tBilled Duration: 4 ms\n"), {
      duration: 3,
      initDuration: undefined
    })
    assert.isUndefined(readReport("nothing of the kind"))
  })
})

describe("a summary", () => {
  const finite = Schema.Finite.check(Schema.isBetween({ minimum: -1e6, maximum: 1e6 }))

  it.prop("has half of the samples on either side of the median", [Schema.NonEmptyArray(finite)], ([samples]) => {
    const summary = summarize(samples)
    assert.isDefined(summary)
    const { maximum, median, minimum } = summary
    assert.strictEqual(minimum, Math.min(...samples))
    assert.strictEqual(maximum, Math.max(...samples))
    assert.isAtLeast(samples.filter((sample) => sample <= median).length * 2, samples.length)
    assert.isAtLeast(samples.filter((sample) => sample >= median).length * 2, samples.length)
  })

  it("is none of nothing", () => assert.isUndefined(summarize([])))
})
