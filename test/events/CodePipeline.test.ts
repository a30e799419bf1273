import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as CodePipeline from "../../src/events/CodePipeline.ts"
import { decode, encode } from "./codec.ts"

const pipeline = CodePipeline.samplePipelineExecutionStateChange()

describe("CodePipeline", () => {
  it.effect("hides the credentials of a job, and gives them to who asks", () =>
    Effect.gen(function*() {
      const json = CodePipeline.sampleJobEvent()
      const event = yield* decode(CodePipeline.JobEvent)(json)
      const { artifactCredentials } = event["CodePipeline.job"].data
      const secret = json["CodePipeline.job"].data.artifactCredentials.secretAccessKey
      assert.strictEqual(Redacted.value(artifactCredentials.secretAccessKey), secret)
      assert.notInclude(JSON.stringify(event), secret)
      assert.notInclude(
        String(artifactCredentials.sessionToken),
        json["CodePipeline.job"].data.artifactCredentials.sessionToken
      )
      assert.deepStrictEqual(yield* encode(CodePipeline.JobEvent)(event), json)
    }))

  it.effect("reads parameters that are text, empty, absent, and JSON", () =>
    Effect.gen(function*() {
      const parameters = (json: unknown) =>
        Effect.map(
          decode(CodePipeline.JobEvent)(json),
          (event) => event["CodePipeline.job"].data.actionConfiguration.configuration.UserParameters
        )
      assert.strictEqual(yield* parameters(CodePipeline.sampleJobEvent("true")), "true")
      assert.strictEqual(yield* parameters(CodePipeline.sampleJobEvent("")), "")
      const { "CodePipeline.job": job } = CodePipeline.sampleJobEvent()
      const without = { ...job, data: { ...job.data, actionConfiguration: { configuration: { FunctionName: "f" } } } }
      assert.isUndefined(yield* parameters({ "CodePipeline.job": without }))
      const typed = yield* decode(CodePipeline.jobEventOf(Schema.Struct({ at: Schema.Date })))(
        CodePipeline.sampleJobEvent({ at: "2026-01-02T03:04:05.678Z" })
      )
      const { UserParameters } = typed["CodePipeline.job"].data.actionConfiguration.configuration
      assert.strictEqual(UserParameters.at.toISOString(), "2026-01-02T03:04:05.678Z")
    }))

  it.effect("reads the version of a pipeline as a number and as text", () =>
    Effect.gen(function*() {
      const versions = [1, 3.5, "1", "1.0"]
      const events = yield* Effect.forEach(versions, (version) =>
        decode(CodePipeline.PipelineExecutionStateChange)({ ...pipeline, detail: { ...pipeline.detail, version } }))
      assert.deepStrictEqual(
        events.map(({ detail }) =>
          detail.version
        ),
        versions
      )
    }))

  it.effect("reads both regions of an action", () =>
    Effect.gen(function*() {
      const { detail, region } = yield* decode(CodePipeline.ActionExecutionStateChange)(
        CodePipeline.sampleActionExecutionStateChange()
      )
      assert.deepStrictEqual([region, detail.region], ["us-east-1", "us-west-2"])
    }))
})
