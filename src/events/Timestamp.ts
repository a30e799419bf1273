/**
 * Points in time as AWS writes them, in the formats that `effect/Schema` does not read: to `DateTime.Utc` and back.
 *
 * `effect/Schema` reads ISO 8601 with milliseconds (`DateTimeUtcFromString`), milliseconds since the epoch
 * (`DateTimeUtcFromMillis`) and HTTP dates (`DateTimeUtcFromHttpDate`). The events of this package use all of them
 * where a time stands alone. What an HTTP event says of its time stays as it came, because nearly no function asks:
 * decode it by one of these.
 *
 * **Example** (When an HTTP API got a request)
 *
 * ```ts
 * import * as ApiGatewayV2 from "effect-lambda-runtime/events/ApiGatewayV2"
 * import * as Timestamp from "effect-lambda-runtime/events/Timestamp"
 * import * as DateTime from "effect/DateTime"
 * import * as Schema from "effect/Schema"
 *
 * const { time } = ApiGatewayV2.sample().requestContext
 * const received = Schema.decodeUnknownSync(Timestamp.CommonLogFormat)(time)
 * DateTime.formatIso(received) // => "2020-03-12T19:03:58.000Z"
 * ```
 *
 * @since 0.1.0
 */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import * as SchemaIssue from "effect/SchemaIssue"
import * as SchemaTransformation from "effect/SchemaTransformation"

/**
 * The schema of a point in time that is written as a text or a number.
 *
 * @category models
 * @since 0.1.0
 */
export interface Timestamp<Encoded> extends Schema.decodeTo<Schema.DateTimeUtc, Schema.Codec<Encoded>> {}

/** The farthest from the epoch, in milliseconds, that a `Date` reaches: https://tc39.es/ecma262/#sec-time-values-and-time-range */
const farthestDate = 8.64e15

/** From its text or number to milliseconds since the epoch (`undefined` where it is none), and back. */
const timestamp = <Encoded>(from: Schema.Codec<Encoded>, format: {
  readonly expected: string
  readonly decode: (encoded: Encoded) => number | undefined
  readonly encode: (milliseconds: number) => Encoded
}, to: Schema.DateTimeUtc = Schema.DateTimeUtc): Timestamp<Encoded> =>
  from.pipe(Schema.decodeTo(
    to,
    SchemaTransformation.transformEffect<DateTime.Utc, Encoded>({
      decode: (encoded, options) => {
        const milliseconds = format.decode(encoded)
        return milliseconds !== undefined && Math.abs(milliseconds) <= farthestDate
          ? Effect.succeed(DateTime.makeUnsafe(milliseconds))
          : Effect.fail(new SchemaIssue.InvalidValue({ expected: format.expected }, encoded, options))
      },
      encode: (time) => Effect.succeed(format.encode(time.epochMilliseconds))
    })
  ))

const farthestExact = Math.floor(Number.MAX_SAFE_INTEGER / 1000)

/** Instants that a number of seconds or microseconds holds without rounding: from 1684 to 2255. */
const exactlyWritten = Schema.DateTimeUtc.annotate({
  toCodecArbitrary: () =>
    Schema.link<DateTime.Utc>()(
      Schema.Int.check(Schema.isBetween({ minimum: -farthestExact, maximum: farthestExact })),
      { decode: SchemaGetter.transform(DateTime.makeUnsafe), encode: SchemaGetter.transform(DateTime.toEpochMillis) }
    )
})

const isWhole = (text: string) => /^-?\d+$/.test(text)

/**
 * Seconds since the epoch, with a fraction: `1545084650.987`. Finer parts than milliseconds are rounded away.
 *
 * @category schemas
 * @since 0.1.0
 */
export const EpochSeconds: Timestamp<number> = timestamp(Schema.Finite, {
  expected: "seconds since the epoch",
  decode: (seconds) => Math.round(seconds * 1000),
  encode: (milliseconds) => milliseconds / 1000
}, exactlyWritten)

/**
 * Milliseconds since the epoch as text: `"1545082649183"`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const EpochMillisText: Timestamp<string> = timestamp(Schema.String, {
  expected: "milliseconds since the epoch, as text",
  decode: (text) => isWhole(text) ? Number(text) : undefined,
  encode: String
})

/**
 * Microseconds since the epoch: `1602313124230123`. Finer parts than milliseconds are rounded away.
 *
 * @category schemas
 * @since 0.1.0
 */
export const EpochMicros: Timestamp<number> = timestamp(Schema.Finite, {
  expected: "microseconds since the epoch",
  decode: (microseconds) => Math.round(microseconds / 1000),
  encode: (milliseconds) => milliseconds * 1000
}, exactlyWritten)

/**
 * Microseconds since the epoch as text: `"1690497599177430"`. Finer parts than milliseconds are rounded away.
 *
 * @category schemas
 * @since 0.1.0
 */
export const EpochMicrosText: Timestamp<string> = timestamp(Schema.String, {
  expected: "microseconds since the epoch, as text",
  decode: (text) => {
    if (!isWhole(text)) return undefined
    const microseconds = BigInt(text)
    return Number((microseconds + (microseconds < 0n ? -500n : 500n)) / 1000n)
  },
  encode: (milliseconds) => String(BigInt(milliseconds) * 1000n)
})

const parseIso = (text: string): number | undefined =>
  /^(\d{4}|[+-]\d{6})-\d\d-\d\dT/.test(text)
    ? valid(Date.parse(/(Z|[+-]\d\d:?\d\d)$/i.test(text) ? text.replace(/([+-]\d\d)(\d\d)$/, "$1:$2") : `${text}Z`))
    : undefined

const valid = (milliseconds: number): number | undefined => Number.isNaN(milliseconds) ? undefined : milliseconds

const formatIso = (milliseconds: number): string => new Date(milliseconds).toISOString()

/**
 * ISO 8601, which encodes without milliseconds where there are none: `2017-12-22T18:43:48Z`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const IsoSeconds: Timestamp<string> = timestamp(Schema.String, {
  expected: "an ISO 8601 date and time",
  decode: parseIso,
  encode: (milliseconds) => formatIso(milliseconds).replace(".000Z", "Z")
})

/**
 * ISO 8601, which encodes with an offset that has no colon: `2018-03-20T16:00:00.000+0000`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const IsoOffset: Timestamp<string> = timestamp(Schema.String, {
  expected: "an ISO 8601 date and time",
  decode: parseIso,
  encode: (milliseconds) => formatIso(milliseconds).replace("Z", "+0000")
})

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

interface Parts {
  readonly year: string
  readonly month: string
  readonly day: string
  readonly hour: string
  readonly minute: string
  readonly second: string
}

/** The fields of a date and time whose month is named, or `undefined` for a date that no calendar has. */
const fromParts = (parts: Partial<Parts> | undefined, hour = Number(parts?.hour)): number | undefined => {
  if (parts === undefined) return undefined
  const month = months.indexOf(parts.month ?? "")
  const [day, minute, second] = [Number(parts.day), Number(parts.minute), Number(parts.second)]
  if (month < 0 || hour > 23 || minute > 59 || second > 59) return undefined
  // `Date.UTC` would take the year 99 for 1999.
  const date = new Date(0)
  date.setUTCFullYear(Number(parts.year), month, day)
  return date.getUTCDate() === day ? date.setUTCHours(hour, minute, second) : undefined
}

const twoDigits = (part: number) => String(part).padStart(2, "0")

const clock = (date: Date, hour = twoDigits(date.getUTCHours())) =>
  `${hour}:${twoDigits(date.getUTCMinutes())}:${twoDigits(date.getUTCSeconds())}`

/**
 * The Common Log Format: `09/Apr/2015:12:34:56 +0000`. Encodes in UTC, without milliseconds.
 *
 * @category schemas
 * @since 0.1.0
 */
export const CommonLogFormat: Timestamp<string> = timestamp(Schema.String, {
  expected: "a time in Common Log Format",
  decode: (text) => {
    const { groups } =
      /^(?<day>\d\d)\/(?<month>\w{3})\/(?<year>-?\d{1,6}):(?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d) (?<sign>[+-])(?<offsetHours>\d\d)(?<offsetMinutes>\d\d)$/
        .exec(text) ?? {}
    const local = fromParts(groups)
    if (local === undefined || groups === undefined) return undefined
    const minutes = Number(groups["offsetHours"]) * 60 + Number(groups["offsetMinutes"])
    return local - (groups["sign"] === "-" ? -minutes : minutes) * 60_000
  },
  encode: (milliseconds) => {
    const date = new Date(milliseconds)
    return `${twoDigits(date.getUTCDate())}/${months[date.getUTCMonth()]}/${date.getUTCFullYear()}:${clock(date)} +0000`
  }
})

/**
 * American English without a zone, which is UTC: `Sep 1, 2017 4:12:29 PM`. `new Date` would read it as local time.
 *
 * CodeBuild writes no comma behind the year, and Amazon MQ does; both are read.
 */
const americanEnglish = (behindYear: "" | ","): Timestamp<string> =>
  timestamp(Schema.String, {
    expected: "a date and time in American English",
    decode: (text) => {
      const { groups } =
        /^(?<month>\w{3}) (?<day>\d\d?), (?<year>-?\d{1,6}),?\s(?<hour>\d\d?):(?<minute>\d\d):(?<second>\d\d)\s(?<half>[AP])M$/
          .exec(text) ?? {}
      const hour = Number(groups?.["hour"])
      if (hour < 1 || hour > 12) return undefined
      return fromParts(groups, hour % 12 + (groups?.["half"] === "P" ? 12 : 0))
    },
    encode: (milliseconds) => {
      const date = new Date(milliseconds)
      const day = `${months[date.getUTCMonth()]} ${date.getUTCDate()}, ${date.getUTCFullYear()}`
      const hour = date.getUTCHours()
      return `${day}${behindYear} ${clock(date, String(hour % 12 === 0 ? 12 : hour % 12))} ${hour < 12 ? "AM" : "PM"}`
    }
  })

/**
 * `Sep 1, 2017 4:12:29 PM`, in UTC: CodeBuild.
 *
 * @category schemas
 * @since 0.1.0
 */
export const AmericanEnglish: Timestamp<string> = americanEnglish("")

/**
 * `Jan 1, 1970, 12:33:41 AM`, in UTC: Amazon MQ.
 *
 * @category schemas
 * @since 0.1.0
 */
export const AmericanEnglishWithComma: Timestamp<string> = americanEnglish(",")

/**
 * As OpenSSL prints the dates of a certificate: `May 28 12:30:02 2019 GMT`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const OpenSsl: Timestamp<string> = timestamp(Schema.String, {
  expected: "a date and time as OpenSSL prints it",
  decode: (text) =>
    fromParts(
      /^(?<month>\w{3}) +(?<day>\d\d?) (?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d) (?<year>-?\d{1,6}) GMT$/.exec(text)
        ?.groups
    ),
  encode: (milliseconds) => {
    const date = new Date(milliseconds)
    const day = String(date.getUTCDate()).padStart(2, " ")
    return `${months[date.getUTCMonth()]} ${day} ${clock(date)} ${date.getUTCFullYear()} GMT`
  }
})
