import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as CodeBuild from "../../src/events/CodeBuild.ts"
import { decode } from "./codec.ts"

const build = CodeBuild.sampleBuildStateChange()

const withInformation = (information: object) => ({
  ...build,
  detail: {
    ...build.detail,
    "additional-information": { ...build.detail["additional-information"], ...information }
  }
})

const information = (json: unknown) =>
  Effect.map(decode(CodeBuild.BuildStateChange)(json), ({ detail }) => detail["additional-information"])

describe("CodeBuild", () => {
  it.effect("reads times without a zone as UTC, wherever it runs", () =>
    Effect.gen(function*() {
      const { "build-start-time": start } = yield* information(build)
      assert.strictEqual(start && DateTime.formatIso(start), "2017-09-01T16:12:29.000Z")
      const { detail } = yield* decode(CodeBuild.BuildPhaseChange)(CodeBuild.sampleBuildPhaseChange())
      const end = detail["completed-phase-end"]
      assert.strictEqual(end && DateTime.formatIso(end), "2017-09-01T16:14:26.000Z")
    }))

  it.effect("reads a build number and durations with a fraction", () =>
    Effect.gen(function*() {
      const { "build-number": number, phases } = yield* information(withInformation({
        "build-number": 55.5,
        phases: [{ "phase-type": "BUILD", "duration-in-seconds": 70.25 }]
      }))
      assert.strictEqual(number, 55.5)
      assert.strictEqual(phases?.[0]?.["duration-in-seconds"], 70.25)
    }))

  it.effect("reads null within the context of a phase, and a phase without context, end and status", () =>
    Effect.gen(function*() {
      const { phases } = yield* information(withInformation({
        phases: [
          { "phase-type": "INSTALL", "phase-context": [null, "failed"] },
          { "phase-type": "COMPLETED", "start-time": "Sep 1, 2017 4:14:26 PM" }
        ]
      }))
      assert.deepStrictEqual(phases?.map((phase) => phase["phase-context"]), [[null, "failed"], undefined])
      assert.isFalse(Object.hasOwn(phases?.[1] ?? {}, "end-time"))
    }))
})
