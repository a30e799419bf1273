import * as GameLift from "../../../src/events/GameLift.ts"
import * as Sns from "../../../src/events/Sns.ts"
import type { Shape } from "../shape.ts"

const players = [{ playerId: "player-1" }, { playerId: "player-2", team: "blue", accepted: false }]

const tickets = [{ ticketId: "ticket-1", startTime: "2017-08-08T21:15:35.676Z", players }]

const common = { tickets, gameSessionInfo: { players } }

const matchId = "3faf26ac-f06e-43e5-8d86-08feff26f692"

const ruleEvaluationMetrics = [{ ruleName: "EvenSkill", passedCount: 3, failedCount: 0 }]

const potential = {
  ...common,
  type: "PotentialMatchCreated" as const,
  acceptanceRequired: true,
  acceptanceTimeout: 600,
  ruleEvaluationMetrics,
  matchId
}

const { acceptanceTimeout: _, ruleEvaluationMetrics: __, ...withoutTimeout } = {
  ...potential,
  acceptanceRequired: false
}

const event = GameLift.sample()

const details = [
  { ...common, type: "MatchmakingSearching" as const, estimatedWaitMillis: "NOT_AVAILABLE" },
  { ...common, type: "MatchmakingSearching" as const, estimatedWaitMillis: 25 },
  potential,
  withoutTimeout,
  { ...common, type: "AcceptMatch" as const, matchId },
  { ...common, type: "AcceptMatchCompleted" as const, matchId, acceptance: "TimedOut" },
  {
    ...common,
    type: "MatchmakingTimedOut" as const,
    reason: "TimedOut",
    message: "Removed from matchmaking due to timing out.",
    ruleEvaluationMetrics
  },
  {
    ...common,
    type: "MatchmakingCancelled" as const,
    reason: "Cancelled",
    message: "Cancelled by request.",
    ruleEvaluationMetrics
  },
  {
    ...common,
    type: "MatchmakingFailed" as const,
    customEventData: "foo",
    reason: "UNEXPECTED_ERROR",
    message: "An unexpected error was encountered during match placing.",
    matchId
  }
]

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "GameLift.MatchmakingEvent",
    kind: "request",
    schema: GameLift.MatchmakingEvent,
    samples: [event, ...details.map((detail) => GameLift.sample(detail)), { ...event, time: "2017-08-09T19:59:09Z" }],
    refused: [
      [{ ...event, "detail-type": "GameLift Queue Placement Event" }, "[\"detail-type\"]"],
      [{ ...event, detail: { ...potential, matchId: null } }, "detail.matchId"],
      [
        { ...event, detail: { ...potential, tickets: [{ ...tickets[0], startTime: "soon" }] } },
        "detail.tickets[0].startTime"
      ]
    ]
  },
  {
    name: "Sns.eventOf(GameLift.MatchmakingEvent)",
    kind: "request",
    schema: Sns.eventOf(GameLift.MatchmakingEvent),
    samples: [Sns.sample(event)],
    normalisedAt: ["Records[].Sns.Message"]
  }
]
