import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as GameLift from "../../src/events/GameLift.ts"
import * as Sns from "../../src/events/Sns.ts"
import { decode, misfits } from "./codec.ts"

const players = [{ playerId: "player-1" }]

const searching = {
  type: "MatchmakingSearching" as const,
  tickets: [{ ticketId: "ticket-1", startTime: "2017-08-08T21:15:35.676Z", players }],
  gameSessionInfo: { players },
  estimatedWaitMillis: "NOT_AVAILABLE"
}

describe("GameLift", () => {
  it.effect.each(["NOT_AVAILABLE", 25])(
    "reads the estimated wait %j, which rust's crate wants to be text",
    (estimatedWaitMillis) =>
      Effect.gen(function*() {
        const { detail } = yield* decode(GameLift.MatchmakingEvent)(
          GameLift.sample({ ...searching, estimatedWaitMillis })
        )
        assert.strictEqual(
          detail.type === "MatchmakingSearching" && detail.estimatedWaitMillis,
          estimatedWaitMillis
        )
      })
  )

  it.effect("tells a player who has not answered from one who has refused", () =>
    Effect.gen(function*() {
      const { estimatedWaitMillis: _, ...rest } = searching
      const tickets = [{ ...searching.tickets[0], players: [...players, { playerId: "player-2", accepted: false }] }]
      const event = { ...GameLift.sample(), detail: { ...rest, type: "AcceptMatch", matchId: "1", tickets } }
      const { detail } = yield* decode(GameLift.MatchmakingEvent)(event)
      assert.deepStrictEqual(detail.tickets[0]?.players.map(({ accepted }) => accepted), [undefined, false])
    }))

  it.effect("gives the game session of a match, which rust's crate drops", () =>
    Effect.gen(function*() {
      const { detail } = yield* decode(GameLift.MatchmakingEvent)(GameLift.sample())
      assert.deepInclude(detail.gameSessionInfo, { ipAddress: "192.0.2.1", port: 10777 })
    }))

  it.effect("reads what a topic of SNS has", () =>
    Effect.gen(function*() {
      const { Records } = yield* decode(Sns.eventOf(GameLift.MatchmakingEvent))(Sns.sample(GameLift.sample()))
      assert.strictEqual(Records[0]?.Sns.Message.detail.type, "MatchmakingSucceeded")
    }))

  it.effect("refuses a type that it does not know, and names the detail", () =>
    Effect.gen(function*() {
      const event = { ...GameLift.sample(), detail: { ...searching, type: "MatchmakingPaused" } }
      assert.deepStrictEqual(yield* misfits(GameLift.MatchmakingEvent)(event), ["detail"])
    }))
})
