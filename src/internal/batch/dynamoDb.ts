/** The changes of a DynamoDB stream in an event. */
import * as Schema from "effect/Schema"
import { checkedInPlace } from "../events/checkedInPlace.ts"
import { nullish } from "../events/nullish.ts"
import type { Source } from "./source.ts"
import * as streams from "./streams.ts"

const Event = checkedInPlace(Schema.Struct({
  Records: Schema.Array(Schema.Struct({
    eventSource: Schema.Literal("aws:dynamodb"),
    dynamodb: Schema.Struct({ Keys: nullish(Schema.Json), SequenceNumber: Schema.NonEmptyString })
  }))
})).annotate({ title: "a DynamoDB stream event" })

export const source: Source<typeof Event.Type, string> = {
  event: Event,
  records: ({ Records }) =>
    Records.map((json, index) => {
      const { Keys, SequenceNumber } = json.dynamodb
      return {
        json,
        path: ["Records", index],
        identifier: SequenceNumber,
        annotations: { sequenceNumber: SequenceNumber },
        lane: itemOf(Keys),
        stretch: streams.shard
      }
    }),
  failures: streams.failures,
  response: streams.response
}

/** Attributes come in any order. Each value has one key, its type. */
const itemOf = (keys: Schema.Json | undefined): string =>
  JSON.stringify(typeof keys === "object" && keys !== null ? Object.entries(keys).toSorted(byName) : keys) ?? ""

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => a < b ? -1 : a > b ? 1 : 0
