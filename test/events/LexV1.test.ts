import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as LexV1 from "../../src/events/LexV1.ts"
import { decode, encode } from "./codec.ts"

describe("LexV1", () => {
  it.effect("reads a slot that is not filled, which is null, and its details as well", () =>
    Effect.gen(function*() {
      const { currentIntent, requestAttributes } = yield* decode(LexV1.Event)(LexV1.sample())
      assert.isNull(currentIntent.slots?.["PickupDate"])
      assert.isNull(currentIntent.slotDetails?.["PickupDate"])
      assert.isNull(requestAttributes)
    }))

  it.effect("sends slots that are not filled as null, and leaves out what is not given", () =>
    Effect.gen(function*() {
      const dialogAction = { type: "Delegate", slots: { FlowerType: null } }
      assert.deepStrictEqual(
        yield* encode(LexV1.Result)({
          sessionAttributes: undefined,
          dialogAction: { ...dialogAction, message: undefined }
        }),
        { dialogAction }
      )
    }))

  it.effect("takes what is kept for the session back as it came, null where there is none", () =>
    Effect.gen(function*() {
      const { currentIntent, sessionAttributes } = yield* decode(LexV1.Event)({
        ...LexV1.sample(),
        sessionAttributes: null
      })
      const { slots } = currentIntent
      const result: LexV1.Result = { sessionAttributes, dialogAction: { type: "Delegate", slots } }
      assert.deepStrictEqual<unknown>(yield* encode(LexV1.Result)(result), {
        dialogAction: { type: "Delegate", slots }
      })
    }))
})
