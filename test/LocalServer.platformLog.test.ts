import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import * as platformLog from "../src/internal/local/function/platformLog.ts"

const requestId = "6beb7628-d0c3-4fe9-bf5a-d64c559aa25f"

const traceId = "Root=1-643eb81e-7b15c13c3bff33247638ad8d;Parent=4c72ac137fd02fb0"

const report = (options: Partial<platformLog.Report>) =>
  platformLog.report({
    requestId,
    durationMillis: 20.391,
    memorySize: 128,
    peakMemory: 57 * 1_048_576,
    traceId: `${traceId};Sampled=0`,
    ...options
  })

describe("the lines of Lambda in a log", () => {
  it("say where an invocation starts and ends", () => {
    assert.strictEqual(
      platformLog.start({ requestId, version: "$LATEST" }),
      "START RequestId: 6beb7628-d0c3-4fe9-bf5a-d64c559aa25f Version: $LATEST"
    )
    assert.strictEqual(platformLog.end({ requestId }), "END RequestId: 6beb7628-d0c3-4fe9-bf5a-d64c559aa25f")
  })

  it("report what an invocation took", () => {
    assert.strictEqual(
      report({}),
      "REPORT RequestId: 6beb7628-d0c3-4fe9-bf5a-d64c559aa25f\tDuration: 20.39 ms\tBilled Duration: 21 ms\t" +
        "Memory Size: 128 MB\tMax Memory Used: 57 MB\t"
    )
  })

  it("report a timeout", () => {
    assert.strictEqual(
      report({ durationMillis: 3000, status: "timeout", errorType: "ignored" }),
      "REPORT RequestId: 6beb7628-d0c3-4fe9-bf5a-d64c559aa25f\tDuration: 3000.00 ms\tBilled Duration: 3000 ms\t" +
        "Memory Size: 128 MB\tMax Memory Used: 57 MB\tStatus: timeout"
    )
  })

  it("report an error and its type", () => {
    assert.match(
      report({ status: "error", errorType: "Runtime.ExitError" }),
      /\tMax Memory Used: 57 MB\tStatus: error\tError Type: Runtime\.ExitError$/
    )
    assert.match(report({ status: "error" }), /\tStatus: error$/)
  })

  it("leave out a peak of memory that is not known, and round up one that is", () => {
    assert.match(report({ peakMemory: undefined }), /\tMemory Size: 128 MB\t$/)
    assert.include(report({ peakMemory: 57 * 1_048_576 + 1 }), "\tMax Memory Used: 58 MB\t")
  })

  it("have a second line about a trace that is sampled", () => {
    assert.strictEqual(
      report({ traceId: `${traceId};Sampled=1;Lineage=1:fa5e8bd1:0` }),
      `${report({})}\nXRAY TraceId: 1-643eb81e-7b15c13c3bff33247638ad8d\tSegmentId: 4c72ac137fd02fb0\tSampled: true\t`
    )
    assert.strictEqual(
      report({ traceId: "Sampled=1; Root=1-643eb81e-7b15c13c3bff33247638ad8d", status: "timeout" }),
      `${report({ status: "timeout" })}\nXRAY TraceId: 1-643eb81e-7b15c13c3bff33247638ad8d\tSampled: true\t`
    )
  })

  it.each(["", "Sampled=1", "Root=1-2-3", "Root=1-2-3;Sampled=0", "Root=1-2-3;Sampled=?", ";;==;"])(
    "have no second line about the trace %j",
    (value) => {
      assert.strictEqual(report({ traceId: value }), report({}))
    }
  )

  it.prop(
    "bill the time that they show, rounded up to the next millisecond",
    [Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 900_000 }))],
    ([durationMillis]) => {
      const [, shown, billed] =
        /\tDuration: (\d+\.\d\d) ms\tBilled Duration: (\d+) ms\t/.exec(report({ durationMillis })) ?? []
      assert.strictEqual(Number(billed), Math.ceil(Number(shown)))
      assert.closeTo(Number(shown), durationMillis, 0.006)
    }
  )

  it.prop("take any trace header", [Schema.String], ([value]) => {
    assert.isTrue(report({ traceId: value }).startsWith(report({})))
  })

  it("tell that a task timed out", () => {
    assert.strictEqual(
      platformLog.timedOut({ now: Date.UTC(2024, 3, 14, 1, 17, 35, 426), requestId, timeoutMillis: 3000 }),
      "2024-04-14T01:17:35.426Z 6beb7628-d0c3-4fe9-bf5a-d64c559aa25f Task timed out after 3.00 seconds\n"
    )
    assert.strictEqual(platformLog.timedOutMessage(1500), "Task timed out after 1.50 seconds")
  })
})
