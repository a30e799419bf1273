import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as CognitoSync from "../../src/events/CognitoSync.ts"
import { decode, encode } from "./codec.ts"

describe("CognitoSync", () => {
  it.effect("answers the whole event, with all that it does not know, and with records as they shall be", () =>
    Effect.gen(function*() {
      const { level, ...others } = CognitoSync.sample().datasetRecords
      const event = {
        ...CognitoSync.sample(),
        later: true,
        datasetRecords: { ...others, level: { ...level, syncCount: 3 } }
      }
      const decoded = yield* decode(CognitoSync.Event)(event)
      const answer = yield* encode(CognitoSync.Event)({
        ...decoded,
        datasetRecords: {
          ...decoded.datasetRecords,
          lives: { op: "replace", oldValue: "3", newValue: "4" }
        }
      })
      assert.deepStrictEqual<unknown>(answer, {
        ...event,
        datasetRecords: { ...event.datasetRecords, lives: { op: "replace", oldValue: "3", newValue: "4" } }
      })
    }))
})
