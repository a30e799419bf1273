import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as LexV2 from "../../src/events/LexV2.ts"
import { decode, encode } from "./codec.ts"

const sample = LexV2.sample()

const withSlots = (slots: object) => ({
  ...sample,
  sessionState: { ...sample.sessionState, intent: { ...sample.sessionState.intent, slots } }
})

describe("LexV2", () => {
  it.effect("reads a slot that is not filled, which is null", () =>
    Effect.gen(function*() {
      const { sessionState } = yield* decode(LexV2.Event)(sample)
      assert.isNull(sessionState.intent?.slots?.["PickupDate"])
      assert.strictEqual(sessionState.intent?.slots?.["FlowerType"]?.value?.interpretedValue, "roses")
    }))

  it.effect("reads slots within slots: lists, and parts", () =>
    Effect.gen(function*() {
      const { sessionState } = yield* decode(LexV2.Event)(withSlots({
        Flowers: { shape: "List", values: [LexV2.sampleSlot("roses"), LexV2.sampleSlot("lilies")] },
        Address: { shape: "Composite", subSlots: { City: LexV2.sampleSlot("Seattle"), Street: null } }
      }))
      const slots = sessionState.intent?.slots
      assert.deepStrictEqual(
        slots?.["Flowers"]?.values?.map(({ value }) => value?.interpretedValue),
        ["roses", "lilies"]
      )
      assert.strictEqual(slots?.["Address"]?.subSlots?.["City"]?.value?.interpretedValue, "Seattle")
      assert.isNull(slots?.["Address"]?.subSlots?.["Street"])
    }))

  it.effect("reads the confidence of an interpretation as a number, also from the form of the runtime API", () =>
    Effect.gen(function*() {
      const intent = { name: "OrderFlowers" }
      const { interpretations } = yield* decode(LexV2.Event)({
        ...sample,
        interpretations: [{ intent, nluConfidence: 0.9 }, { intent, nluConfidence: { score: 0.8 } }, { intent }]
      })
      assert.deepStrictEqual(interpretations.map(({ nluConfidence }) => nluConfidence), [0.9, 0.8, undefined])
    }))

  it.effect("reads an event for which Lex proposes nothing", () =>
    Effect.gen(function*() {
      const { proposedNextState: _, ...event } = sample
      assert.isUndefined((yield* decode(LexV2.Event)(event)).proposedNextState)
    }))

  it.effect("takes the intent of the event back, with its new state", () =>
    Effect.gen(function*() {
      const { sessionState: { intent } } = yield* decode(LexV2.Event)(sample)
      const { sessionState } = yield* encode(LexV2.Result)({
        sessionState: {
          dialogAction: { type: "Close" },
          intent: intent === null || intent === undefined ? undefined : { ...intent, state: "Fulfilled" }
        },
        messages: undefined
      })
      assert.strictEqual(sessionState.intent?.state, "Fulfilled")
      assert.deepStrictEqual(sessionState.intent?.slots, sample.sessionState.intent?.slots)
    }))

  it.effect("takes the state of the session back as it came, null where there is none", () =>
    Effect.gen(function*() {
      const { requestAttributes, sessionState } = yield* decode(LexV2.Event)({
        ...sample,
        requestAttributes: null,
        sessionState: { activeContexts: null, sessionAttributes: { customer: "c-1" }, runtimeHints: null, intent: null }
      })
      const dialogAction = { type: "ElicitIntent" } as const
      const result: LexV2.Result = { sessionState: { ...sessionState, dialogAction }, requestAttributes }
      assert.deepStrictEqual(yield* encode(LexV2.Result)(result), {
        sessionState: { sessionAttributes: { customer: "c-1" }, dialogAction }
      })
    }))

  it.effect("asks for a part of a composite slot", () =>
    Effect.gen(function*() {
      const dialogAction = {
        type: "ElicitSlot",
        slotToElicit: "Address",
        subSlotToElicit: { name: "Street" }
      } as const
      const result = { sessionState: { dialogAction } }
      assert.deepStrictEqual(yield* encode(LexV2.Result)(result), result)
    }))
})
