/** The records of a Kinesis data stream in an event. */
import * as Schema from "effect/Schema"
import { checkedInPlace } from "../events/checkedInPlace.ts"
import type { Source } from "./source.ts"
import * as streams from "./streams.ts"

const Event = checkedInPlace(Schema.Struct({
  Records: Schema.Array(Schema.Struct({
    eventSource: Schema.Literal("aws:kinesis"),
    kinesis: Schema.Struct({ partitionKey: Schema.String, sequenceNumber: Schema.NonEmptyString })
  }))
})).annotate({ title: "a Kinesis stream event" })

export const source: Source<typeof Event.Type, string> = {
  event: Event,
  records: ({ Records }) =>
    Records.map((json, index) => {
      const { partitionKey, sequenceNumber } = json.kinesis
      return {
        json,
        path: ["Records", index],
        identifier: sequenceNumber,
        annotations: { sequenceNumber },
        lane: partitionKey,
        stretch: streams.shard
      }
    }),
  failures: streams.failures,
  response: streams.response
}
