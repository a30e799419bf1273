import * as Schema from "effect/Schema"
import * as CloudWatchLogs from "../../../src/events/CloudWatchLogs.ts"
import type { Shape } from "../shape.ts"
import { compress, control } from "../subscription.ts"

const Line = Schema.Struct({ level: Schema.Literals(["INFO", "ERROR"]), at: Schema.Date })

const line = { level: "INFO", at: "2026-01-02T03:04:05.678Z" }

const data = CloudWatchLogs.sampleData()

/** As a filter sends it that is of the account, and whose pattern has names. */
const extracted = {
  ...data,
  policyLevel: "ACCOUNT_LEVEL_POLICY",
  logEvents: [
    { ...data.logEvents[0], extractedFields: { ip: "127.0.0.1", user: null } },
    { ...data.logEvents[0], extractedFields: null }
  ]
}

const awslogs = (data: unknown) => ({ awslogs: { data: compress(data) } })

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "CloudWatchLogs.Event",
    kind: "request",
    schema: CloudWatchLogs.Event,
    samples: [CloudWatchLogs.sample(), awslogs(extracted), awslogs(control)],
    fixtures: ["cloudwatch-logs"],
    // Compressed again: what it says, CloudWatchLogs.test.ts compares.
    normalisedAt: ["awslogs.data"],
    refused: [
      [{ awslogs: { data: "bm8gZ3ppcA==" } }, "awslogs.data"],
      [awslogs({ ...data, logGroup: 1 }), "awslogs.data.logGroup"],
      [
        awslogs({ ...data, logEvents: [{ id: "1", timestamp: "now", message: "" }] }),
        "awslogs.data.logEvents[0].timestamp"
      ]
    ]
  },
  {
    name: "CloudWatchLogs.Data",
    kind: "request",
    schema: CloudWatchLogs.Data,
    samples: [data, extracted, control, { ...data, messageType: "NEW_MESSAGE", logEvents: [] }]
  },
  {
    name: "CloudWatchLogs.dataOf",
    kind: "request",
    schema: CloudWatchLogs.dataOf(Line),
    samples: [CloudWatchLogs.sampleData(line), control]
  },
  {
    name: "CloudWatchLogs.eventOf",
    kind: "request",
    schema: CloudWatchLogs.eventOf(Line),
    samples: [CloudWatchLogs.sample(line, line), awslogs(control)],
    normalisedAt: ["awslogs.data"],
    refused: [
      [CloudWatchLogs.sample(line, "START RequestId: 1"), "awslogs.data.logEvents[1].message"],
      [CloudWatchLogs.sample({ ...line, level: "LOUD" }), "awslogs.data.logEvents[0].message.level"]
    ]
  }
]
