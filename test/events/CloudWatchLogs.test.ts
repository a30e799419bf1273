import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as zlib from "node:zlib"
import * as CloudWatchLogs from "../../src/events/CloudWatchLogs.ts"
import { decode, encode, misfits } from "./codec.ts"
import { compress, control, inflate } from "./subscription.ts"

const data = CloudWatchLogs.sampleData("started")

const awslogs = (data: unknown) => ({ awslogs: { data: compress(data) } })

const Line = Schema.Struct({ level: Schema.String, at: Schema.Date })

const line = { level: "INFO", at: "2026-01-02T03:04:05.678Z" }

describe("CloudWatchLogs", () => {
  it.effect("reads what is compressed, and writes the same", () =>
    Effect.gen(function*() {
      const event = yield* decode(CloudWatchLogs.Event)(awslogs(data))
      const [logEvent] = event.awslogs.data.logEvents
      assert.strictEqual(logEvent?.message, "started")
      assert.strictEqual(logEvent?.timestamp.epochMilliseconds, 1552518348220)
      assert.strictEqual(logEvent?.id.length, 56)
      assert.deepStrictEqual(inflate((yield* encode(CloudWatchLogs.Event)(event)).awslogs.data), data)
    }))

  it("has a sample that is compressed", () => {
    assert.deepStrictEqual(inflate(CloudWatchLogs.sample("started").awslogs.data), data)
  })

  it.effect("keeps extracted fields, of which some are null, and the level of the policy", () =>
    Effect.gen(function*() {
      const extracted = {
        ...data,
        policyLevel: "ACCOUNT_LEVEL_POLICY",
        logEvents: [{ ...data.logEvents[0], extractedFields: { ip: "127.0.0.1", user: null } }]
      }
      const event = yield* decode(CloudWatchLogs.Event)(awslogs(extracted))
      assert.strictEqual(event.awslogs.data.policyLevel, "ACCOUNT_LEVEL_POLICY")
      assert.deepStrictEqual(event.awslogs.data.logEvents[0]?.extractedFields, { ip: "127.0.0.1", user: null })
      assert.deepStrictEqual(inflate((yield* encode(CloudWatchLogs.Event)(event)).awslogs.data), extracted)
    }))

  it.effect("reads messages of JSON, and a control message beside them", () =>
    Effect.gen(function*() {
      const messages = (json: unknown) =>
        Effect.map(decode(CloudWatchLogs.eventOf(Line))(json), ({ awslogs: { data } }) =>
          data.messageType === "DATA_MESSAGE"
            ? data.logEvents.map(({ message }) =>
              message.at.getTime()
            )
            : data.logEvents.map(({ message }) => message))
      assert.deepStrictEqual(yield* messages(CloudWatchLogs.sample(line)), [Date.parse(line.at)])
      assert.deepStrictEqual(yield* messages(awslogs(control)), [control.logEvents[0]?.message ?? ""])
    }))

  it.effect("names the message that does not fit, through what is compressed", () =>
    Effect.gen(function*() {
      const found = misfits(CloudWatchLogs.eventOf(Line))
      assert.deepStrictEqual(
        yield* found(CloudWatchLogs.sample(line, { ...line, at: "soon" }, "REPORT RequestId: 1")),
        ["awslogs.data.logEvents[1].message.at", "awslogs.data.logEvents[2].message"]
      )
    }))

  it.effect.each([
    ["text", Buffer.from("no gzip")],
    ["a broken end", zlib.gzipSync(JSON.stringify(data)).subarray(0, -12)],
    ["no JSON", zlib.gzipSync("no json")],
    ["more than 32 MiB", zlib.gzipSync(Buffer.alloc(32 * 1024 * 1024 + 1, " "))]
  ])("refuses %s", ([_, bytes]) =>
    Effect.gen(function*() {
      const event = { awslogs: { data: Buffer.from(bytes ?? "").toString("base64") } }
      assert.deepStrictEqual(yield* misfits(CloudWatchLogs.Event)(event), ["awslogs.data"])
    }))
})
