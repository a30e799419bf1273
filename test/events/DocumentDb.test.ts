import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as DocumentDb from "../../src/events/DocumentDb.ts"
import { decode, encode, misfits } from "./codec.ts"

const [sample] = DocumentDb.sample().events

const decodeChange = (fields: object) => decode(DocumentDb.Change)({ ...sample?.event, ...fields })

describe("DocumentDb", () => {
  it.effect.each([{ $oid: "63eeb6e7d418cd98afb1c1d7" }, 7, "a", { $uuid: "b" }, { x: 1, y: 2 }])(
    "reads the key %j: it is of any type",
    (_id) =>
      Effect.gen(function*() {
        const change = yield* decodeChange({ documentKey: { _id } })
        assert.deepStrictEqual<unknown>(change.operationType === "insert" && change.documentKey, { _id })
      })
  )

  it.effect("reads when a change was", () =>
    Effect.gen(function*() {
      const { clusterTime } = yield* decodeChange({ clusterTime: { $timestamp: { t: 1676588775, i: 9 } } })
      assert.strictEqual(
        clusterTime && DateTime.formatIso(clusterTime.$timestamp.t),
        "2023-02-16T23:06:15.000Z"
      )
      assert.strictEqual(clusterTime?.$timestamp.i, 9)
    }))

  it.effect("reads an update without the document, and a deletion, which has none", () =>
    Effect.gen(function*() {
      const { fullDocument: _, ...rest } = { fullDocument: null, ...sample?.event }
      const update = yield* decode(DocumentDb.Change)({
        ...rest,
        operationType: "update",
        updateDescription: { updatedFields: { a: 1 }, removedFields: [] }
      })
      assert.deepStrictEqual<unknown>(update.operationType === "update" && update.updateDescription.updatedFields, {
        a: 1
      })
      assert.strictEqual(
        (yield* decode(DocumentDb.Change)({ ...rest, operationType: "delete" })).operationType,
        "delete"
      )
    }))

  it.effect("refuses an operation that it does not know, and names the change", () =>
    Effect.gen(function*() {
      const events = [sample, { event: { ...sample?.event, operationType: "shardCollection" } }]
      assert.deepStrictEqual(yield* misfits(DocumentDb.Event)({ ...DocumentDb.sample(), events }), ["events[1].event"])
    }))

  const Order = Schema.Struct({ _id: DocumentDb.ObjectId, at: DocumentDb.Date, n: DocumentDb.Int64 })

  it.effect.each([
    { $date: "2026-01-02T03:04:05.678Z" },
    { $date: 1767323045678 },
    { $date: { $numberLong: "1767323045678" } }
  ])("reads the date %j of a document", (at) =>
    Effect.gen(function*() {
      const _id = { $oid: "63eeb6e7d418cd98afb1c1d7" }
      const event = DocumentDb.sample({ _id, at, n: { $numberLong: "9007199254740993" } })
      const { events } = yield* decode(DocumentDb.eventOf(Order))(event)
      const change = events[0]?.event
      assert.isTrue(change?.operationType === "insert")
      const document = change?.operationType === "insert" ? change.fullDocument : undefined
      assert.strictEqual(document?._id, _id.$oid)
      assert.strictEqual(document?.at.epochMilliseconds, 1767323045678)
      assert.strictEqual(document?.n, 9007199254740993n)
    }))

  it.effect("writes values as Extended JSON has them", () =>
    Effect.gen(function*() {
      const at = DateTime.makeUnsafe(1767323045678)
      assert.deepStrictEqual<unknown>(yield* encode(Order)({ _id: "a", at, n: 1n }), {
        _id: { $oid: "a" },
        at: { $date: "2026-01-02T03:04:05.678Z" },
        n: { $numberLong: "1" }
      })
    }))

  it.effect("names the place of what does not fit within a document", () =>
    Effect.gen(function*() {
      const event = DocumentDb.sample({ _id: { $oid: "a" }, at: { $date: "soon" }, n: 1 })
      const found = yield* misfits(DocumentDb.eventOf(Order))(event)
      assert.isTrue(found.length > 0)
      assert.isTrue(found.every((path) => path.startsWith("events[0].event.fullDocument.at")), found.join())
    }))
})
