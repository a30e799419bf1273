/** What every module of `src/events` says of its shapes, for the tests that all of them have to pass. */
import type * as Schema from "effect/Schema"
import * as fs from "node:fs"
import * as path from "node:path"

/** An event that a function is given, or a result that AWS reads from its answer. */
export interface Shape {
  /** Module and schema: `Sqs.Event`. */
  readonly name: string
  readonly kind: "request" | "response"
  readonly schema: Schema.Codec<unknown, unknown>
  /** JSON values written from AWS's documentation: the module's own `sample()` first, then the variants that it has. */
  readonly samples: ReadonlyArray<unknown>
  /** The event types of `INDEX.tsv` whose files are of this shape. */
  readonly fixtures?: ReadonlyArray<string> | undefined
  /** Single files of `INDEX.tsv`, where its event type holds several shapes, or the wrong one. */
  readonly fixtureFiles?: ReadonlyArray<string> | undefined
  /** Files of those event types that are of another shape. */
  readonly exceptFiles?: ReadonlyArray<string> | undefined
  /** JSON values that must be refused, with the path of an issue: `[value, "Records[0].body"]`. */
  readonly refused?: ReadonlyArray<readonly [value: unknown, path: string]> | undefined
  /**
   * How a sample may differ after decoding and encoding, as `differences` prints it. Every entry is a normalisation
   * that the module documents.
   */
  readonly normalised?: ReadonlyArray<string> | undefined
  /** Places whose text differs for its blanks alone, JSON within JSON: `Records[].body`. */
  readonly normalisedAt?: ReadonlyArray<string> | undefined
  /** Keys that samples have, AWS does not document, and decoding therefore drops, as `differences` prints them. */
  readonly dropped?: ReadonlyArray<string> | undefined
}

/** Samples from the tests of other libraries, which are not part of the project: a stranger's clone has none. */
const fixturesFolder = path.join(import.meta.dirname, "../../../shared/fixtures/lambda-events")

export const fixturesAreThere = fs.existsSync(fixturesFolder)

export interface Fixture {
  readonly file: string
  readonly eventType: string
  readonly kind: string
}

/** Every file of the index that is an event or a response. */
export const fixtures: ReadonlyArray<Fixture> = !fixturesAreThere ? [] : fs
  .readFileSync(path.join(fixturesFolder, "INDEX.tsv"), "utf8")
  .trim()
  .split("\n")
  .slice(1)
  .map((line) => line.split("\t"))
  .map(([file = "", , eventType = "", kind = ""]) => ({ file, eventType, kind }))
  .filter(({ kind }) => kind === "event" || kind === "response" || kind === "fragment")

export const readFixture = (file: string): unknown =>
  JSON.parse(fs.readFileSync(path.join(fixturesFolder, file), "utf8"))

/** The files of the index that a shape has to read. */
export const fixturesOf = (shape: Shape): ReadonlyArray<Fixture> =>
  fixtures.filter(({ eventType, file }) =>
    shape.fixtureFiles?.includes(file) === true ||
    (shape.fixtures?.includes(eventType) === true && shape.exceptFiles?.includes(file) !== true)
  )

/**
 * Where two JSON values differ, a line each, with `[]` for every index of an array:
 * `Records[].eventTime: "…" -> "…"`, `Records[].extra: dropped`, `headers: added {}`.
 */
export const differences = (before: unknown, after: unknown): ReadonlyArray<string> => {
  const found = new Set<string>()
  const compare = (before: unknown, after: unknown, path: string): void => {
    if (Object.is(before, after)) return
    if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
      before.forEach((item, index) => compare(item, after[index], `${path}[]`))
    } else if (isObject(before) && isObject(after)) {
      for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
        const inner = path === "" ? key : `${path}.${key}`
        if (!Object.hasOwn(after, key)) found.add(`${inner}: dropped`)
        else if (!Object.hasOwn(before, key)) found.add(`${inner}: added ${JSON.stringify(after[key])}`)
        else compare(before[key], after[key], inner)
      }
    } else {
      found.add(`${path}: ${JSON.stringify(before)} -> ${JSON.stringify(after)}`)
    }
  }
  compare(before, after, "")
  return [...found].toSorted()
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)
