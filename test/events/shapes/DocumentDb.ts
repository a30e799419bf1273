import * as Schema from "effect/Schema"
import * as DocumentDb from "../../../src/events/DocumentDb.ts"
import type { Shape } from "../shape.ts"

const event = DocumentDb.sample()

const inserted = event.events[0]?.event

const { fullDocument: _, ...documentless } = { fullDocument: null, ...inserted }

const common = { _id: { _data: "0163eeb6e7" }, clusterTime: { $timestamp: { t: 1676588775, i: 9 } } }

const ns = { db: "shop", coll: "orders" }

const documentKey = { _id: { $oid: "63eeb6e7d418cd98afb1c1d7" } }

const withChange = (change: unknown) => ({ ...event, events: [{ event: change }] })

const updateDescription = {
  updatedFields: { email: "jane@example.com", "address.city": "Paris", at: { $date: 1 } },
  removedFields: ["phone"],
  truncatedArrays: [{ field: "visits", newSize: 36 }]
}

const update = { ...common, ns, documentKey, operationType: "update", updateDescription }

const Order = Schema.Struct({
  _id: DocumentDb.ObjectId,
  placedAt: DocumentDb.Date,
  total: DocumentDb.Decimal128,
  count: DocumentDb.Int64
})

const order = {
  _id: { $oid: "63eeb6e7d418cd98afb1c1d7" },
  placedAt: { $date: "2026-01-02T03:04:05.678Z" },
  total: { $numberDecimal: "19.90" },
  count: { $numberLong: "9007199254740993" }
}

const inMillis = { ...order, placedAt: { $date: 1767323045678 }, count: 7 }

const canonical = { ...order, placedAt: { $date: { $numberLong: "1767323045678" } } }

const document = "events[].event.fullDocument"

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "DocumentDb.Event",
    kind: "request",
    schema: DocumentDb.Event,
    samples: [
      event,
      withChange(documentless),
      withChange({ ...documentless, clusterTime: null, fullDocument: null }),
      withChange(update),
      withChange({ ...update, updateDescription: {}, fullDocument: { _id: 1, nested: [{ $oid: "a" }, null] } }),
      withChange({
        ...update,
        updateDescription: { updatedFields: null, removedFields: null, truncatedArrays: null }
      }),
      withChange({ ...common, ns, documentKey: { _id: 7 }, operationType: "replace", fullDocument: { _id: 7 } }),
      withChange({ ...common, ns, documentKey: { _id: "a", region: "eu" }, operationType: "delete" }),
      withChange({ ...common, ns, operationType: "drop" }),
      withChange({ ...common, ns, operationType: "rename", to: { db: "shop", coll: "old" } }),
      withChange({ ...common, ns: { db: "shop" }, operationType: "dropDatabase" }),
      withChange({ ...common, operationType: "invalidate" }),
      { ...event, events: [] }
    ],
    fixtures: ["documentdb"],
    refused: [
      [{ ...event, eventSource: "aws:dynamodb" }, "eventSource"],
      [withChange({ ...update, updateDescription: null }), "events[0].event.updateDescription"],
      [withChange({ ...update, ns: { db: "shop" } }), "events[0].event.ns.coll"],
      [withChange({ ...update, documentKey: null }), "events[0].event.documentKey"]
    ]
  },
  {
    name: "DocumentDb.eventOf",
    kind: "request",
    schema: DocumentDb.eventOf(Order),
    samples: [DocumentDb.sample(order), DocumentDb.sample(canonical), DocumentDb.sample(inMillis), withChange(update)],
    normalised: [
      `${document}.placedAt.$date: 1767323045678 -> "2026-01-02T03:04:05.678Z"`,
      `${document}.placedAt.$date: {"$numberLong":"1767323045678"} -> "2026-01-02T03:04:05.678Z"`,
      `${document}.count: 7 -> {"$numberLong":"7"}`
    ],
    refused: [
      [DocumentDb.sample({ ...order, total: "19.90" }), "events[0].event.fullDocument.total"],
      [DocumentDb.sample({ ...order, _id: "63eeb6e7d418cd98afb1c1d7" }), "events[0].event.fullDocument._id"]
    ]
  }
]
