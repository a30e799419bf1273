import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as CodeCommit from "../../src/events/CodeCommit.ts"
import { decode, encode } from "./codec.ts"

describe("CodeCommit", () => {
  it.effect("reads times with an offset that has no colon, and encodes them so", () =>
    Effect.gen(function*() {
      const sample = CodeCommit.sample()
      const event = yield* decode(CodeCommit.Event)(sample)
      assert.strictEqual(
        event.Records[0] && DateTime.formatIso(event.Records[0].eventTime),
        "2018-03-20T16:00:00.000Z"
      )
      assert.deepStrictEqual(yield* encode(CodeCommit.Event)(event), sample)
    }))
})
