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
import { interrupt, interruptFunction } from "./support/interrupted.ts"

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

const marker = "EFFECT_LAMBDA_BENCH"

const busy = "The operation cannot be performed at this time. An update is in progress for resource: hello"

const Configuration = Schema.Struct({
  Environment: Schema.Struct({ Variables: Schema.Struct({ [marker]: Schema.String }) })
})
/** What a cold start was forced with. */
const markerOf = (body: unknown) => Schema.decodeUnknownSync(Configuration)(body).Environment.Variables[marker]

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
      assert.match(stderr, /^✔ Measure 1 cold start and 1 warm invocation of hello /)
      assert.include(stderr, `Next: effect-lambda deploy hello --output ${output}\n`)
      assert.match(
        stdout,
        /^ +minimum +median +maximum +runs\nstart to first poll +[\d.]+ ms +[\d.]+ ms +[\d.]+ ms +1\n/
      )
    }))

  it.live("runs the function with the Node that runs the command, as Lambda would, and tells of another", () =>
    Effect.gen(function*() {
      const entry = path.join(folder, "node.ts")
      fs.writeFileSync(
        entry,
        `import * as Handler from "effect-lambda-runtime/Handler"
import * as Lambda from "effect-lambda-runtime/Lambda"
import * as NodeLambda from "effect-lambda-runtime/NodeLambda"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

const told = () => Effect.fail(new Error([process.execPath, ...process.execArgv].join(" ")))
NodeLambda.runMain(Lambda.serve(Handler.make({ event: Schema.Unknown, result: Schema.Unknown }, told)))
`
      )
      yield* builtFunction.build({
        entry,
        output: folder,
        target: "image",
        nodeMajor: "22",
        codeCache: false,
        trial: false
      })
      // One that is found in the path, or where Node.js often is, would be another.
      const environment = { PATH: "/nowhere" }
      const args = ["bench", "node", "--output", output, "--cold", "1", "--warm", "1"]
      const { stderr } = yield* run(args, { environment })
      const pathless = yield* run(args, { environment: { PATH: undefined } })
      assert.include(pathless.stderr, "failed on the event: ")
      assert.include(
        stderr,
        `failed on the event: Error: ${process.execPath} --max-semi-space-size=51 --max-old-space-size=922\n`
      )
    }))

  it.live("tells of another Node than the function was built for, and what comes after an image", () =>
    Effect.gen(function*() {
      const name = "picture"
      const entry = "examples/hello-json/main.ts"
      const options = { entry, name, output: folder, codeCache: false, trial: false }
      const arch = process.arch === "arm64" ? "arm64" : "x64"
      yield* builtFunction.build({ ...options, target: "image", nodeMajor: "22", architecture: arch })
      const args = ["bench", name, "--output", output, "--event", "examples/hello-json/event.json"]
      const { stderr } = yield* run([...args, "--cold", "1", "--warm", "1"])
      assert.include(
        stderr,
        `! the function was built for Node.js 22 for linux-${arch}, and was measured with Node.js 24 for `
      )
      assert.match(stderr, /\nNext: docker buildx build .* --tag picture \S+\n$/)
    }))

  it.live("leaves no process when it is interrupted", () =>
    Effect.gen(function*() {
      const entry = "test/fixtures/packaging/calls.ts"
      yield* builtFunction.build({ entry, output: folder, codeCache: false, trial: false })
      const { exitCode, stdout } = yield* Effect.promise(() =>
        interruptFunction(["bench", "calls", "--output", output])
      )
      assert.deepStrictEqual([exitCode, stdout], [130, ""])
    }))

  it.live("fails when the function fails on the event, and when it does not start", () =>
    Effect.gen(function*() {
      const failing = yield* run(["bench", "hello", "--output", output, "--cold", "1", "--warm", "1"])
      assert.strictEqual(failing.exitCode, 1)
      assert.match(failing.stderr, /✘ the function failed on the event: EventError: the event .*; age: Missing key\n$/)
      const ending = yield* run(
        ["bench", "hello", "--output", output, "--env", "NODE_OPTIONS=--no-such-option", "--cold", "1"]
      )
      assert.match(
        ending.stderr,
        /✘ the function ended with exit code 9: .*--no-such-option is not allowed in NODE_OPTIONS\n$/
      )
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
      const [first, second, ...last] = configurations.map(({ body }) => body)
      for (const [run, body] of [first, second].entries()) {
        const added = markerOf(body)
        assert.match(added, new RegExp(`^\\d+-${run}$`))
        assert.deepStrictEqual(body, { Environment: { Variables: { ...Variables, [marker]: added } } })
      }
      assert.deepStrictEqual(last, [{ Environment: { Variables } }])
    })))

  it.live("takes no variables for a deployed function, and goes on where it was measured", () =>
    Effect.scoped(Effect.gen(function*() {
      const stub = yield* awsStub.make
      stub.function = { FunctionName: "hello" }
      const args = ["bench", "hello", "--remote", "--cold", "1", "--warm", "1"]
      const refused = yield* run([...args, "--env", "A=b"], { environment: stub.environment })
      assert.match(refused.stderr, /^✘ --env is for a function that runs here: /)
      assert.deepStrictEqual(stub.requests, [])
      const told = yield* run([...args, "--region", "us-east-1"], { environment: stub.environment })
      assert.include(told.stderr, "Next: effect-lambda invoke hello --remote --tail --region us-east-1\n")
    })))

  it.live("puts the configuration back when it is interrupted in the middle of an update", () =>
    Effect.scoped(Effect.gen(function*() {
      const stub = yield* awsStub.make
      const Variables = { TABLE: "orders" }
      stub.function = { FunctionName: "hello", Environment: { Variables } }
      stub.states.push({}, ...Array.from({ length: 4 }, () => ({ LastUpdateStatus: "InProgress" })))
      const updating = new Promise<void>((resolve) => {
        const { push } = stub.requests
        stub.requests.push = (...requests) => {
          const operation = requests[0]?.operation ?? ""
          if (operation.startsWith("PUT ")) {
            stub.requests.push = push
            // The next one comes too soon.
            queueMicrotask(() =>
              stub.refusals.set(operation, [{ status: 409, type: "ResourceConflictException", message: busy }])
            )
            resolve()
          }
          return push.apply(stub.requests, requests)
        }
      })
      const { exitCode, stderr } = yield* Effect.promise(() =>
        interrupt(["bench", "hello", "--remote", "--cold", "1"], updating, stub.environment)
      )
      assert.strictEqual(exitCode, 130)
      assert.notInclude(stderr, "left")
      const changes = stub.requests.filter(({ operation }) => operation.startsWith("PUT ")).map(({ body }) => body)
      assert.isNotEmpty(markerOf(changes[0]))
      assert.deepStrictEqual(changes.slice(1), [{ Environment: { Variables } }, { Environment: { Variables } }])
      assert.deepStrictEqual(stub.function["Environment"], { Variables })
    })))

  const unmeasurable: ReadonlyArray<readonly [string, Record<string, unknown>, string]> = [
    ["a version", { Version: "7" }, "hello is version 7, which nothing can change to force a cold start: "],
    [
      "a function on Managed Instances",
      { CapacityProviderConfig: { LambdaManagedInstancesCapacityProviderConfig: { CapacityProviderArn: "arn" } } },
      "hello runs on Managed Instances, which start before there is an event: "
    ],
    [
      "variables that cannot be read, and would be lost",
      { Environment: { Error: { ErrorCode: "AccessDeniedException", Message: "no key" } } },
      "the variables of hello cannot be read, and would be lost: no key"
    ]
  ]
  it.live.each(unmeasurable)(
    "changes nothing of %s",
    ([_, configuration, problem]) =>
      Effect.scoped(Effect.gen(function*() {
        const stub = yield* awsStub.make
        stub.function = { FunctionName: "hello", ...configuration }
        const { exitCode, stderr } = yield* run(["bench", "hello", "--remote"], { environment: stub.environment })
        assert.strictEqual(exitCode, 1)
        assert.include(stderr, `✘ ${problem}`)
        assert.deepStrictEqual(stub.requests.map(({ operation }) => operation.split(" ")[0]), ["GET"])
      }))
  )

  it.live("goes on when Lambda is busy for a moment", () =>
    Effect.scoped(Effect.gen(function*() {
      const stub = yield* awsStub.make
      stub.function = { FunctionName: "hello" }
      stub.refusals.set("POST /2015-03-31/functions/hello/invocations", [
        { status: 429, type: "TooManyRequestsException", message: "Rate Exceeded." }
      ])
      const args = ["bench", "hello", "--remote", "--cold", "1", "--warm", "2"]
      const { exitCode, stderr } = yield* run(args, { environment: stub.environment })
      assert.strictEqual(exitCode, 0, stderr)
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

  it("is read where the log is JSON, and its begin is missing", () => {
    const report = (metrics: object) =>
      JSON.stringify({
        time: "2026-01-01T00:00:00.000Z",
        type: "platform.report",
        record: { requestId: "1", metrics: { billedDurationMs: 9, memorySizeMB: 128, ...metrics }, status: "success" }
      })
    const log =
      `"cut":"off"}\n{"type":"platform.start","record":{}}\n{"message":"REPORT RequestId: 1\\tDuration: 1 ms"}\n`
    assert.deepStrictEqual(readReport(`${log}${report({ durationMs: 8.25, initDurationMs: 120.5 })}\n`), {
      duration: 8.25,
      initDuration: 120.5
    })
    assert.deepStrictEqual(readReport(log + report({ durationMs: 3 })), { duration: 3, initDuration: undefined })
    assert.isUndefined(readReport(log))
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
