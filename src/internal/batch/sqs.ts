/** The messages of an SQS queue in an event, and what SQS is told about them. */
import * as Schema from "effect/Schema"
import { batchResponse } from "../events/batchResponse.ts"
import { checkedInPlace } from "../events/checkedInPlace.ts"
import { nullish } from "../events/nullish.ts"
import type { Source } from "./source.ts"

const Event = checkedInPlace(Schema.Struct({
  Records: Schema.Array(Schema.Struct({
    messageId: Schema.NonEmptyString,
    eventSource: Schema.Literal("aws:sqs"),
    eventSourceARN: nullish(Schema.String),
    attributes: nullish(Schema.Struct({ MessageGroupId: nullish(Schema.String) }))
  }))
})).annotate({ title: "an SQS event" })

export const source: Source<typeof Event.Type, string> = {
  event: Event,
  records: ({ Records }) =>
    Records.map((json, index) => {
      const { attributes, eventSourceARN, messageId } = json
      // Messages of standard queues may have groups as well, which say nothing of an order.
      const isFifo = eventSourceARN?.endsWith(".fifo") === true
      const lane = isFifo ? attributes?.MessageGroupId ?? "" : index
      return {
        json,
        path: ["Records", index],
        identifier: messageId,
        annotations: isFifo ? { messageId, messageGroupId: lane } : { messageId },
        lane,
        stretch: lane
      }
    }),
  // A message may be there twice; one that has failed is delivered again, however its double fared.
  failures: (failed) => Array.from(new Set(failed.map(({ identifier }) => identifier))),
  response: batchResponse(Schema.NonEmptyString)
}
