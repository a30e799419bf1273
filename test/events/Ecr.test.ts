import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Ecr from "../../src/events/Ecr.ts"
import { decode } from "./codec.ts"

describe("Ecr", () => {
  it.effect("reads severities that are missing, some or all, and tags that are none", () =>
    Effect.gen(function*() {
      const json = Ecr.sampleImageScan()
      const { "finding-severity-counts": _, ...clean } = json.detail
      const some = yield* decode(Ecr.ImageScan)(json)
      const none = yield* decode(Ecr.ImageScan)({ ...json, detail: clean })
      assert.deepStrictEqual(some.detail["finding-severity-counts"], { CRITICAL: 10, MEDIUM: 9 })
      assert.isUndefined(some.detail["finding-severity-counts"]?.HIGH)
      assert.isUndefined(none.detail["finding-severity-counts"])
      assert.deepStrictEqual(none.detail["image-tags"], [])
    }))

  it.effect("reads the deletion of an image without a tag", () =>
    Effect.gen(function*() {
      const json = Ecr.sampleImageAction()
      const { "image-tag": _, ...untagged } = json.detail
      const { detail } = yield* decode(Ecr.ImageAction)({ ...json, detail: { ...untagged, "action-type": "DELETE" } })
      assert.isUndefined(detail["image-tag"])
    }))
})
