import * as Schema from "effect/Schema"
import * as RabbitMq from "../../../src/events/RabbitMq.ts"
import type { Shape } from "../shape.ts"

const Order = Schema.Struct({ id: Schema.String, placedAt: Schema.Date })

const order = { id: "o-1", placedAt: "2026-01-02T03:04:05.678Z" }

const event = RabbitMq.sample()

const message = event.rmqMessagesByQueue["orders::/"]?.[0]

const withMessage = (fields: object) => ({ ...event, rmqMessagesByQueue: { "orders::/": [{ ...message, ...fields }] } })

const withProperties = (fields: object) => withMessage({ basicProperties: { ...message?.basicProperties, ...fields } })

const withHeaders = (headers: unknown) => withProperties({ headers })

const path = "rmqMessagesByQueue[\"orders::/\"][0]"

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "RabbitMq.Event",
    kind: "request",
    schema: RabbitMq.Event,
    samples: [
      event,
      RabbitMq.sample(Uint8Array.of(0, 255), ""),
      withHeaders({
        text: { bytes: [-61, -68, 0, 127, -128] },
        empty: { bytes: [] },
        number: 1.5,
        flag: true,
        nothing: null,
        plain: "Jan 1, 1970, 12:33:41 AM",
        list: [1, { bytes: [97] }, [null]],
        "x-death": [{ count: 1, queue: { bytes: [97] }, time: "Jan 1, 1970, 12:33:41 AM" }],
        table: { bytes: { bytes: [97] }, more: {} },
        bytesAndMore: { bytes: [1000], more: 1 }
      }),
      withHeaders({}),
      withProperties({ headers: null, timestamp: null, expiration: null, userId: null, priority: null }),
      withMessage({ basicProperties: {} }),
      { ...event, rmqMessagesByQueue: { "a::/": [], "b::vhost": [message, message] } }
    ],
    fixtures: ["rabbitmq"],
    refused: [
      [{ ...event, eventSource: "aws:mq" }, "eventSource"],
      [withMessage({ data: "no base64" }), `${path}.data`],
      [withProperties({ timestamp: "1970-01-01" }), `${path}.basicProperties.timestamp`],
      [withProperties({ expiration: 60000 }), `${path}.basicProperties.expiration`]
    ]
  },
  {
    name: "RabbitMq.eventOf",
    kind: "request",
    schema: RabbitMq.eventOf(Order),
    samples: [RabbitMq.sample(order, order)],
    refused: [
      [RabbitMq.sample("{"), `${path}.data`],
      [RabbitMq.sample({ ...order, id: 1 }), `${path}.data.id`]
    ]
  },
  {
    name: "RabbitMq.eventFromBytes",
    kind: "request",
    schema: RabbitMq.eventFromBytes(Schema.Uint8Array),
    samples: [RabbitMq.sample("a")]
  }
]
