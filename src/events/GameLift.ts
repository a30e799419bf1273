/**
 * Events of Amazon GameLift FlexMatch, which come by way of EventBridge or of a topic of SNS.
 *
 * @see https://docs.aws.amazon.com/gameliftservers/latest/flexmatchguide/match-events.html
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { checkedInPlace } from "../internal/events/checkedInPlace.ts"
import { nullish } from "../internal/events/nullish.ts"
import { openEnum } from "../internal/events/openEnum.ts"
import * as EventBridge from "./EventBridge.ts"

/**
 * A player who looks for a match.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Player = Schema.Struct({
  playerId: Schema.String,
  /** None before there is a match. */
  team: nullish(Schema.String),
  /** None as long as the player has not answered. */
  accepted: nullish(Schema.Boolean),
  /** Where the match has a game session. */
  playerSessionId: nullish(Schema.String)
})

/**
 * A decoded {@link Player}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Player extends Schema.Schema.Type<typeof Player> {}

/**
 * The players who look for a match together.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Ticket = Schema.Struct({
  ticketId: Schema.String,
  startTime: Schema.DateTimeUtcFromString,
  players: Schema.Array(checkedInPlace(Player))
})

/**
 * A decoded {@link Ticket}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Ticket extends Schema.Schema.Type<typeof Ticket> {}

/**
 * How often a rule has let a match pass.
 *
 * @category schemas
 * @since 0.1.0
 */
export const RuleEvaluationMetric = Schema.Struct({
  ruleName: Schema.String,
  passedCount: Schema.Finite,
  failedCount: Schema.Finite
})

/**
 * A decoded {@link RuleEvaluationMetric}.
 *
 * @category models
 * @since 0.1.0
 */
export interface RuleEvaluationMetric extends Schema.Schema.Type<typeof RuleEvaluationMetric> {}

/**
 * The game that the players are brought to.
 *
 * @category schemas
 * @since 0.1.0
 */
export const GameSessionInfo = Schema.Struct({
  players: Schema.Array(checkedInPlace(Player)),
  /** This and the following: where the match has a game session. */
  gameSessionArn: nullish(Schema.String),
  ipAddress: nullish(Schema.String),
  dnsName: nullish(Schema.String),
  port: nullish(Schema.Finite)
})

/**
 * Decoded {@link GameSessionInfo}.
 *
 * @category models
 * @since 0.1.0
 */
export interface GameSessionInfo extends Schema.Schema.Type<typeof GameSessionInfo> {}

const ticketFields = {
  tickets: Schema.Array(Ticket),
  gameSessionInfo: GameSessionInfo,
  /** What the matchmaking configuration attaches to all of its events. */
  customEventData: nullish(Schema.String)
}

const matchFields = { ...ticketFields, matchId: Schema.String }

const failureFields = {
  ...ticketFields,
  /** Where there was one. */
  matchId: nullish(Schema.String),
  reason: Schema.String,
  message: Schema.String,
  ruleEvaluationMetrics: nullish(Schema.Array(checkedInPlace(RuleEvaluationMetric)))
}

/**
 * What has become of tickets, by its `type`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const MatchmakingDetail = Schema.Union([
  Schema.Struct({
    ...ticketFields,
    type: Schema.Literal("MatchmakingSearching"),
    /** Seconds, in spite of the name, or `NOT_AVAILABLE`. */
    estimatedWaitMillis: Schema.Union([Schema.Finite, openEnum(["NOT_AVAILABLE"])])
  }),
  Schema.Struct({
    ...matchFields,
    type: Schema.Literal("PotentialMatchCreated"),
    acceptanceRequired: Schema.Boolean,
    /** Seconds; none where no acceptance is required. */
    acceptanceTimeout: nullish(Schema.Finite),
    ruleEvaluationMetrics: nullish(Schema.Array(checkedInPlace(RuleEvaluationMetric)))
  }),
  Schema.Struct({ ...matchFields, type: Schema.Literal("AcceptMatch") }),
  Schema.Struct({
    ...matchFields,
    type: Schema.Literal("AcceptMatchCompleted"),
    acceptance: openEnum(["Accepted", "Rejected", "TimedOut"])
  }),
  Schema.Struct({ ...matchFields, type: Schema.Literal("MatchmakingSucceeded") }),
  Schema.Struct({ ...failureFields, type: Schema.Literal("MatchmakingTimedOut") }),
  Schema.Struct({ ...failureFields, type: Schema.Literal("MatchmakingCancelled") }),
  Schema.Struct({ ...failureFields, type: Schema.Literal("MatchmakingFailed") })
])

/**
 * A decoded {@link MatchmakingDetail}.
 *
 * @category models
 * @since 0.1.0
 */
export type MatchmakingDetail = typeof MatchmakingDetail.Type

/**
 * An event of FlexMatch.
 *
 * **When to use**
 *
 * For a function behind a rule of EventBridge, and with `Sns.eventOf` for one behind the topic that a matchmaking
 * configuration notifies.
 *
 * **Gotchas**
 *
 * Events may be missing, and may come in another order.
 *
 * **Example** (Tell players of their match)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as GameLift from "effect-lambda-runtime/events/GameLift"
 * import * as Sns from "effect-lambda-runtime/events/Sns"
 * import * as Effect from "effect/Effect"
 *
 * const tell = Handler.make({ event: Sns.eventOf(GameLift.MatchmakingEvent) }, ({ Records }) =>
 *   Effect.forEach(Records, ({ Sns: { Message: { detail } } }) =>
 *     detail.type === "MatchmakingSucceeded"
 *       ? Effect.log(detail.gameSessionInfo.ipAddress, detail.gameSessionInfo.port)
 *       : Effect.void, { discard: true }))
 * ```
 *
 * @category schemas
 * @since 0.1.0
 */
export const MatchmakingEvent = EventBridge.eventOf("GameLift Matchmaking Event", MatchmakingDetail)

/**
 * A decoded {@link MatchmakingEvent}.
 *
 * @category models
 * @since 0.1.0
 */
export interface MatchmakingEvent extends Schema.Schema.Type<typeof MatchmakingEvent> {}

/**
 * An event as Lambda delivers it: a match that has a game session, or the given detail.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as GameLift from "effect-lambda-runtime/events/GameLift"
 *
 * GameLift.sample().source // => "aws.gamelift"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sample = (detail: typeof MatchmakingDetail.Encoded = matched()): typeof MatchmakingEvent.Encoded => ({
  version: "0",
  id: "5ccb6523-0566-412d-b63c-1569e00d023d",
  "detail-type": "GameLift Matchmaking Event",
  source: "aws.gamelift",
  account: "123456789012",
  time: "2017-08-09T19:59:09.159Z",
  region: "us-west-2",
  resources: ["arn:aws:gamelift:us-west-2:123456789012:matchmakingconfiguration/ranked"],
  detail
})

const matched = (): typeof MatchmakingDetail.Encoded => {
  const players = [
    { playerId: "player-1", playerSessionId: "psess-6e7c13cf-10d6-4756-a53f-db7de782ed67", team: "red" },
    { playerId: "player-2", playerSessionId: "psess-786b342f-9c94-44eb-bb9e-c1de46c472ce", team: "blue" }
  ]
  return {
    type: "MatchmakingSucceeded",
    tickets: players.map((player, index) => ({
      ticketId: `ticket-${index + 1}`,
      startTime: "2017-08-09T19:58:59.277Z",
      players: [player]
    })),
    gameSessionInfo: {
      gameSessionArn: "arn:aws:gamelift:us-west-2:123456789012:gamesession/836cf48d-bcb0-4a2c-bec1-9c456541352a",
      ipAddress: "192.0.2.1",
      port: 10777,
      players
    },
    matchId: "c0ec1a54-7fec-4b55-8583-76d67adb7754"
  }
}
