import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Timestamp from "../../src/events/Timestamp.ts"
import { decode, encode, misfits } from "./codec.ts"

interface Format {
  readonly name: string
  readonly schema: Schema.Codec<DateTime.Utc, unknown>
  /** How AWS writes it, the instant, and how it is written back where that differs. */
  readonly reads: ReadonlyArray<readonly [written: unknown, instant: string, encoded?: unknown]>
  readonly refuses: ReadonlyArray<unknown>
  /** Effect's own are listed for completeness. */
  readonly isOurs: boolean
}

const formats: ReadonlyArray<Format> = [
  {
    name: "ISO with milliseconds (S3, SNS, SES)",
    schema: Schema.DateTimeUtcFromString,
    isOurs: false,
    reads: [["2019-01-02T12:45:07.120Z", "2019-01-02T12:45:07.120Z"]],
    refuses: ["", "soon"]
  },
  {
    name: "IsoSeconds (EventBridge)",
    schema: Timestamp.IsoSeconds,
    isOurs: true,
    reads: [
      ["2017-12-22T18:43:48Z", "2017-12-22T18:43:48.000Z"],
      ["2017-12-22T18:43:48.250Z", "2017-12-22T18:43:48.250Z"],
      ["2017-12-22T19:43:48+01:00", "2017-12-22T18:43:48.000Z", "2017-12-22T18:43:48Z"],
      // Without a zone it is UTC, where `new Date` would take it for local time.
      ["2017-12-22T18:43:48", "2017-12-22T18:43:48.000Z", "2017-12-22T18:43:48Z"]
    ],
    refuses: ["", "2017-12-22", "2017-13-22T18:43:48Z", 0]
  },
  {
    name: "IsoOffset (CloudWatch alarms, CodeCommit)",
    schema: Timestamp.IsoOffset,
    isOurs: true,
    reads: [
      ["2018-03-20T16:00:00.000+0000", "2018-03-20T16:00:00.000Z"],
      ["2018-03-20T16:00:00.000-0530", "2018-03-20T21:30:00.000Z", "2018-03-20T21:30:00.000+0000"]
    ],
    refuses: ["", "2018-03-20T16:00:00.000+9"]
  },
  {
    name: "EpochSeconds (Kinesis, DynamoDB)",
    schema: Timestamp.EpochSeconds,
    isOurs: true,
    reads: [
      [1545084650.987, "2018-12-17T22:10:50.987Z"],
      [1545084650, "2018-12-17T22:10:50.000Z"],
      [-0.5, "1969-12-31T23:59:59.500Z"]
    ],
    refuses: ["1545084650", 9e15]
  },
  {
    name: "milliseconds (Kafka, Firehose, CloudWatch Logs)",
    schema: Schema.DateTimeUtcFromMillis,
    isOurs: false,
    reads: [[1583348638390, "2020-03-04T19:03:58.390Z"]],
    refuses: ["1583348638390", 9e15]
  },
  {
    name: "EpochMillisText (SQS)",
    schema: Timestamp.EpochMillisText,
    isOurs: true,
    reads: [["1545082649183", "2018-12-17T21:37:29.183Z"]],
    refuses: ["", "1e3", "1545082649183.5", 1545082649183, "9000000000000000"]
  },
  {
    name: "EpochMicros (DynamoDB in Kinesis)",
    schema: Timestamp.EpochMicros,
    isOurs: true,
    reads: [[1602313124230999, "2020-10-10T06:58:44.231Z", 1602313124231000]],
    refuses: ["1602313124230999"]
  },
  {
    name: "EpochMicrosText (VPC Lattice)",
    schema: Timestamp.EpochMicrosText,
    isOurs: true,
    reads: [["1690497599177430", "2023-07-27T22:39:59.177Z", "1690497599177000"]],
    refuses: ["", "now"]
  },
  {
    name: "CommonLogFormat (API Gateway)",
    schema: Timestamp.CommonLogFormat,
    isOurs: true,
    reads: [
      ["09/Apr/2015:12:34:56 +0000", "2015-04-09T12:34:56.000Z"],
      ["09/Apr/2015:12:34:56 -0130", "2015-04-09T14:04:56.000Z", "09/Apr/2015:14:04:56 +0000"]
    ],
    refuses: ["", "31/Apr/2015:12:34:56 +0000", "09/Foo/2015:12:34:56 +0000", "09/Apr/2015:24:34:56 +0000"]
  },
  {
    name: "AmericanEnglish (CodeBuild)",
    schema: Timestamp.AmericanEnglish,
    isOurs: true,
    reads: [
      ["Sep 1, 2017 4:12:29 PM", "2017-09-01T16:12:29.000Z"],
      ["Sep 1, 2017 12:12:29 AM", "2017-09-01T00:12:29.000Z"],
      ["Dec 31, 2017 12:00:00 PM", "2017-12-31T12:00:00.000Z"]
    ],
    refuses: ["", "Sep 1, 2017 13:12:29 PM", "Sep 1, 2017 0:12:29 AM", "Feb 30, 2017 4:12:29 PM"]
  },
  {
    name: "AmericanEnglishWithComma (Amazon MQ)",
    schema: Timestamp.AmericanEnglishWithComma,
    isOurs: true,
    reads: [["Jan 1, 1970, 12:33:41 AM", "1970-01-01T00:33:41.000Z"]],
    refuses: ["Jan 1 1970"]
  },
  {
    name: "HTTP dates (AWS Health)",
    schema: Schema.DateTimeUtcFromHttpDate,
    isOurs: false,
    reads: [["Mon, 05 Jun 2023 15:00:00 GMT", "2023-06-05T15:00:00.000Z"]],
    refuses: ["", "yesterday"]
  },
  {
    name: "OpenSsl (certificates)",
    schema: Timestamp.OpenSsl,
    isOurs: true,
    reads: [
      ["May 28 12:30:02 2019 GMT", "2019-05-28T12:30:02.000Z"],
      ["Aug  5 09:36:04 2021 GMT", "2021-08-05T09:36:04.000Z"]
    ],
    refuses: ["", "May 28 12:30:02 2019", "May 32 12:30:02 2019 GMT"]
  }
]

describe("Timestamp", () => {
  describe.each(formats)("$name", ({ isOurs, reads, refuses, schema }) => {
    it.effect.each(reads)("reads %j as %s", ([written, instant, encoded = written]) =>
      Effect.gen(function*() {
        const time = yield* decode(schema)(written)
        assert.strictEqual(DateTime.formatIso(time), instant)
        assert.strictEqual(yield* encode(schema)(time), encoded)
      }))

    it.effect.each(refuses)("refuses %j", (written) =>
      Effect.gen(function*() {
        assert.deepStrictEqual(yield* misfits(schema)(written), ["the root"])
      }))

    if (!isOurs) return

    it.effect.prop(
      "writes no instant that it does not read",
      [Schema.toType(schema)],
      ([time]) =>
        Effect.gen(function*() {
          const encoded = yield* encode(schema)(time)
          assert.strictEqual(yield* encode(schema)(yield* decode(schema)(encoded)), encoded)
        })
    )
  })
})
