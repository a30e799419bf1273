import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as ChimeBot from "../../src/events/ChimeBot.ts"
import { decode } from "./codec.ts"

describe("ChimeBot", () => {
  it.effect("does not show the URL that lets anyone write to the room", () =>
    Effect.gen(function*() {
      const event = yield* decode(ChimeBot.Event)(ChimeBot.sample())
      assert.notInclude(JSON.stringify(event), "token=")
    }))

  it.effect("reads a bot that was removed, and has no endpoint and no message", () =>
    Effect.gen(function*() {
      const { InboundHttpsEndpoint: _, Message: __, ...event } = ChimeBot.sample()
      const decoded = yield* decode(ChimeBot.Event)({ ...event, EventType: "Remove" })
      assert.isUndefined(decoded.InboundHttpsEndpoint)
      assert.isUndefined(decoded.Message)
    }))
})
