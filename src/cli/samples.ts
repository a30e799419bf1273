/**
 * The sample events of the modules below `events/`: nearly each of their functions `sample…` makes one.
 */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import type { PlatformError } from "effect/PlatformError"
import * as Schema from "effect/Schema"

export interface Sample {
  /** As in `sqs`, and `cognito-pre-sign-up`. */
  readonly name: string
  /** The import that has its schema, as in `effect-lambda-runtime/events/Sqs`. */
  readonly module: string
  /** The schema in that module, as in `Event`, where there is one of the sample's name. */
  readonly schema: string | undefined
  readonly event: () => Schema.Json
}

/** There is no sample of this name. */
export class UnknownSample extends Schema.TaggedError<UnknownSample>("effect-lambda-runtime/cli/UnknownSample")(
  "UnknownSample",
  { name: Schema.String, alike: Schema.Array(Schema.String) }
) {
  override get message(): string {
    const hint = this.alike.length === 0 ? "" : ` Did you mean ${this.alike.join(" or ")}?`
    return `there is no sample event "${this.name}".${hint} effect-lambda events lists all of them`
  }
}

export const all: Effect.Effect<ReadonlyArray<Sample>, PlatformError, FileSystem.FileSystem | Path.Path> = Effect.gen(
  function*() {
    const fileSystem = yield* FileSystem.FileSystem
    const path = yield* Path.Path
    const folder = path.join(import.meta.dirname, "..", "events")
    const files = (yield* fileSystem.readDirectory(folder)).filter((file) => /^[A-Z]\w*\.[jt]s$/.test(file))
    const samples = yield* Effect.forEach(files, (file) =>
      Effect.map(
        Effect.promise((): Promise<Readonly<Record<string, unknown>>> =>
          import(new URL(`../events/${file}`, import.meta.url).href)
        ),
        (exports) => samplesOf(path.parse(file).name, exports)
      ), { concurrency: "unbounded" })
    return samples.flat().toSorted((a, b) => a.name < b.name ? -1 : 1)
  }
)

export const find = Effect.fnUntraced(function*(name: string) {
  const samples = yield* all
  const sample = samples.find((sample) => sample.name === name.toLowerCase())
  if (sample !== undefined) return sample
  const words = name.toLowerCase().split(/[^a-z0-9]+/)
  const distanceTo = (sample: Sample) => distance(sample.name, name.toLowerCase())
  const alike = samples
    .filter((sample) =>
      distanceTo(sample) <= name.length / 3 || words.some((word) => word !== "" && sample.name.includes(word))
    )
    .toSorted((a, b) => distanceTo(a) - distanceTo(b))
  return yield* new UnknownSample({ name, alike: alike.slice(0, 5).map(({ name }) => name) })
})

/** How many letters are to be put in, left out or changed: https://en.wikipedia.org/wiki/Levenshtein_distance */
const distance = (from: string, to: string): number => {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (const [line, letter] of [...from].entries()) {
    const next = [line + 1]
    for (const [column, other] of [...to].entries()) {
      next.push(Math.min(row[column]! + (letter === other ? 0 : 1), row[column + 1]! + 1, next[column]! + 1))
    }
    row = next
  }
  return row[to.length]!
}

/** What makes no event of its own, but bytes for one, or a part of one from what it is given. */
const parts: ReadonlySet<string> = new Set(["CloudWatchLogs.sampleCompressed", "LexV2.sampleSlot"])

const samplesOf = (module: string, exports: Readonly<Record<string, unknown>>): ReadonlyArray<Sample> =>
  Object.entries(exports).flatMap(([name, value]) => {
    if (!name.startsWith("sample") || typeof value !== "function" || parts.has(`${module}.${name}`)) return []
    const what = name.slice("sample".length) || "Event"
    return [{
      name: [kebab(module), ...what === "Event" ? [] : [kebab(what.replace(/(?!^)Event$/, ""))]].join("-"),
      module: `effect-lambda-runtime/events/${module}`,
      schema: [what, `${what}Event`].find((schema) => schema in exports),
      event: () => value()
    }]
  })

/** `ApiGatewayV2` is `api-gateway-v2`. */
const kebab = (name: string): string => name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, "-").toLowerCase()
