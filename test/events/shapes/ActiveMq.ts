import * as Schema from "effect/Schema"
import * as ActiveMq from "../../../src/events/ActiveMq.ts"
import type { Shape } from "../shape.ts"

const Order = Schema.Struct({ id: Schema.String, placedAt: Schema.Date })

const order = { id: "o-1", placedAt: "2026-01-02T03:04:05.678Z" }

const event = ActiveMq.sample()

const [message] = event.messages

const withMessage = (fields: object) => ({ ...event, messages: [{ ...message, ...fields }] })

/** As the documentation of Lambda has it. */
const documented = withMessage({
  expiration: "60000",
  correlationID: undefined,
  correlationId: "myJMSCoID",
  properties: { index: "1", myCustomProperty: "value" }
})

/** As the documentation of Amazon MQ has it. */
const old = {
  ...event,
  eventSource: "aws:amq",
  messages: [{
    messageID: "ID:1",
    messageType: "jms/bytes-message",
    data: "3DTOOW7crj51prgVLQaGQ82S48k=",
    connectionId: "myJMSCoID1",
    persistent: false,
    destination: { physicalname: "testQueue" },
    timestamp: 1598827811958,
    brokerInTime: 1598827811958,
    brokerOutTime: 1598827811959
  }]
}

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "ActiveMq.Event",
    kind: "request",
    schema: ActiveMq.Event,
    samples: [
      event,
      documented,
      old,
      ActiveMq.sample(Uint8Array.of(0, 255), ""),
      withMessage({ properties: { attempt: 3, urgent: true, note: null }, replyTo: "null", type: "" }),
      withMessage({ correlationID: null, deliveryMode: null, expiration: null, priority: null, properties: null }),
      { ...event, messages: [] }
    ],
    fixtures: ["activemq"],
    normalised: ["messages[].expiration: \"60000\" -> 60000"],
    refused: [
      [{ ...event, eventSource: "aws:rmq" }, "eventSource"],
      [withMessage({ data: "no base64" }), "messages[0].data"],
      [withMessage({ timestamp: "soon" }), "messages[0].timestamp"]
    ]
  },
  {
    name: "ActiveMq.eventOf",
    kind: "request",
    schema: ActiveMq.eventOf(Order),
    samples: [ActiveMq.sample(order, order)],
    refused: [
      [ActiveMq.sample(order, "{"), "messages[1].data"],
      [ActiveMq.sample({ ...order, id: 1 }), "messages[0].data.id"]
    ]
  },
  {
    name: "ActiveMq.eventFromBytes",
    kind: "request",
    schema: ActiveMq.eventFromBytes(Schema.Uint8Array),
    samples: [ActiveMq.sample("a")]
  }
]
