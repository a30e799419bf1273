/** The records of Kafka topics in an event, and what Lambda is told about them. */
import * as Schema from "effect/Schema"
import { batchResponse } from "../events/batchResponse.ts"
import { checkedInPlace } from "../events/checkedInPlace.ts"
import { nullish } from "../events/nullish.ts"
import type { Source } from "./source.ts"

const Event = checkedInPlace(Schema.Struct({
  eventSource: Schema.Literals(["aws:kafka", "SelfManagedKafka", "aws:SelfManagedKafka"]),
  records: Schema.Record(
    Schema.String,
    Schema.Array(Schema.Struct({ offset: Schema.Finite, key: nullish(Schema.String) }))
  )
})).annotate({ title: "a Kafka event" })

const Identifier = Schema.Struct({ partition: Schema.NonEmptyString, offset: Schema.Finite })

export const source = (order: "partition" | "key"): Source<typeof Event.Type, typeof Identifier.Type> => ({
  event: Event,
  records: ({ records }) =>
    Object.entries(records).flatMap(([partition, records]) =>
      records.map((json, index) => {
        const identifier = { partition, offset: json.offset }
        return {
          json,
          path: ["records", partition, index],
          identifier,
          annotations: identifier,
          // A key is base64, which has no blanks.
          lane: order === "key" ? `${json.key ?? ""} ${partition}` : partition,
          stretch: partition
        }
      })
    ),
  // All of them, because AWS does not say whether Lambda starts again at the lowest offset, or takes these alone.
  failures: (failed) =>
    Array.from(
      new Map(failed.map(({ identifier }) => [`${identifier.offset} ${identifier.partition}`, identifier])).values()
    ),
  response: batchResponse(Identifier)
})
