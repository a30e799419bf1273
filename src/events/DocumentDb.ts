/**
 * Changes of an Amazon DocumentDB cluster, from its change streams.
 *
 * Documents are in MongoDB's Extended JSON, which writes what JSON does not have as an object: `{ "$oid": "…" }`. The
 * schemas {@link ObjectId}, {@link Date}, {@link Int64} and {@link Decimal128} decode such values within a document.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-documentdb.html
 * @see https://www.mongodb.com/docs/manual/reference/change-events/
 * @see https://www.mongodb.com/docs/manual/reference/mongodb-extended-json/
 * @since 0.1.0
 */
import * as DateTime from "effect/DateTime"
import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"
import { nullish } from "../internal/events/nullish.ts"
import * as Timestamp from "./Timestamp.ts"

const title = "a DocumentDB event"

/**
 * An ObjectId, to its 24 digits: `{ "$oid": "63eeb6e7d418cd98afb1c1d7" }`.
 *
 * **Example** (A key)
 *
 * ```ts
 * import * as DocumentDb from "effect-lambda-runtime/events/DocumentDb"
 * import * as Schema from "effect/Schema"
 *
 * Schema.decodeUnknownSync(DocumentDb.ObjectId)({ $oid: "63eeb6e7d418cd98afb1c1d7" }) // => "63eeb6e7d418cd98afb1c1d7"
 * ```
 *
 * @category schemas
 * @since 0.1.0
 */
export const ObjectId: Schema.decodeTo<Schema.String, Schema.Struct<{ readonly $oid: Schema.String }>> = Schema
  .Struct({ $oid: Schema.String })
  .pipe(Schema.decodeTo(
    Schema.String,
    SchemaTransformation.transform<string, { readonly $oid: string }>({
      decode: ({ $oid }) => $oid,
      encode: ($oid) => ({ $oid })
    })
  ))

const Int64Text = Schema.Struct({ $numberLong: Schema.BigIntFromString })

type EncodedDate =
  | { readonly $date: string }
  | { readonly $date: number }
  | { readonly $date: { readonly $numberLong: string } }

/**
 * A date: `{ "$date": "2026-01-02T03:04:05.678Z" }`. Milliseconds since the epoch are read as well, as a number and as
 * an {@link Int64}.
 *
 * **Example** (A date of a document)
 *
 * ```ts
 * import * as DocumentDb from "effect-lambda-runtime/events/DocumentDb"
 * import * as DateTime from "effect/DateTime"
 * import * as Schema from "effect/Schema"
 *
 * const placedAt = Schema.decodeUnknownSync(DocumentDb.Date)({ $date: { $numberLong: "1767323045678" } })
 * DateTime.formatIso(placedAt) // => "2026-01-02T03:04:05.678Z"
 * ```
 *
 * @category schemas
 * @since 0.1.0
 */
export const Date: Schema.Codec<DateTime.Utc, EncodedDate> = Schema.Union([
  Schema.Struct({ $date: Schema.DateTimeUtcFromString }),
  Schema.Struct({ $date: Schema.DateTimeUtcFromMillis }),
  Schema.Struct({ $date: Schema.Struct({ $numberLong: Timestamp.EpochMillisText }) })
]).pipe(Schema.decodeTo(
  Schema.DateTimeUtc,
  SchemaTransformation.transform<
    DateTime.Utc,
    { readonly $date: DateTime.Utc } | { readonly $date: { readonly $numberLong: DateTime.Utc } }
  >({
    decode: ({ $date }) => DateTime.isDateTime($date) ? $date : $date.$numberLong,
    encode: ($date) => ({ $date })
  })
))

/**
 * A whole number of 64 bits: `{ "$numberLong": "9007199254740993" }`, and a plain number where it is small.
 *
 * **Example** (More digits than a number has)
 *
 * ```ts
 * import * as DocumentDb from "effect-lambda-runtime/events/DocumentDb"
 * import * as Schema from "effect/Schema"
 *
 * Schema.decodeUnknownSync(DocumentDb.Int64)({ $numberLong: "9007199254740993" }) // => 9007199254740993n
 * ```
 *
 * @category schemas
 * @since 0.1.0
 */
export const Int64: Schema.Codec<bigint, { readonly $numberLong: string } | number> = Schema
  .Union([Int64Text, Schema.Int])
  .pipe(Schema.decodeTo(
    Schema.BigInt,
    SchemaTransformation.transform<bigint, { readonly $numberLong: bigint } | number>({
      decode: (long) => typeof long === "number" ? BigInt(long) : long.$numberLong,
      encode: ($numberLong) => ({ $numberLong })
    })
  ))

/**
 * A decimal number, to its text: `{ "$numberDecimal": "19.90" }`.
 *
 * **Example** (A price)
 *
 * ```ts
 * import * as DocumentDb from "effect-lambda-runtime/events/DocumentDb"
 * import * as Schema from "effect/Schema"
 *
 * Schema.decodeUnknownSync(DocumentDb.Decimal128)({ $numberDecimal: "19.90" }) // => "19.90"
 * ```
 *
 * @category schemas
 * @since 0.1.0
 */
export const Decimal128: Schema.decodeTo<
  Schema.String,
  Schema.Struct<{ readonly $numberDecimal: Schema.String }>
> = Schema.Struct({ $numberDecimal: Schema.String }).pipe(Schema.decodeTo(
  Schema.String,
  SchemaTransformation.transform<string, { readonly $numberDecimal: string }>({
    decode: ({ $numberDecimal }) => $numberDecimal,
    encode: ($numberDecimal) => ({ $numberDecimal })
  })
))

const changeFields = {
  /** Where in the stream the change is. */
  _id: Schema.Struct({ _data: Schema.String }),
  clusterTime: nullish(Schema.Struct({
    /** The second, and the number of the change within it. */
    $timestamp: Schema.Struct({ t: Timestamp.EpochSeconds, i: Schema.Finite })
  }))
}

const Database = Schema.Struct({ db: Schema.String })

/**
 * A collection, and the database that it is in.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Namespace = Schema.Struct({ db: Schema.String, coll: Schema.String })

/**
 * A decoded {@link Namespace}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Namespace extends Schema.Schema.Type<typeof Namespace> {}

const documentFields = {
  ...changeFields,
  ns: Namespace,
  /** Its `_id` is of any type. */
  documentKey: Schema.JsonObject
}

/**
 * What an update has changed of a document.
 *
 * @category schemas
 * @since 0.1.0
 */
export const UpdateDescription = Schema.Struct({
  /** By their paths: `address.city`. */
  updatedFields: nullish(Schema.JsonObject),
  removedFields: nullish(Schema.Array(Schema.String)),
  truncatedArrays: nullish(Schema.Array(Schema.Struct({ field: Schema.String, newSize: Schema.Finite })))
})

/**
 * A decoded {@link UpdateDescription}.
 *
 * @category models
 * @since 0.1.0
 */
export interface UpdateDescription extends Schema.Schema.Type<typeof UpdateDescription> {}

const makeChangeOf = <Document extends Schema.Constraint>(document: Document) => {
  const fullDocument = nullish(Schema.toCodecJson(document))
  return Schema.Union([
    Schema.Struct({ ...documentFields, operationType: Schema.Literal("insert"), fullDocument }),
    Schema.Struct({
      ...documentFields,
      operationType: Schema.Literal("update"),
      updateDescription: UpdateDescription,
      /** Where the event source mapping looks up what is updated: as it was then, which may be later. */
      fullDocument
    }),
    Schema.Struct({ ...documentFields, operationType: Schema.Literal("replace"), fullDocument }),
    Schema.Struct({ ...documentFields, operationType: Schema.Literal("delete") }),
    Schema.Struct({ ...changeFields, operationType: Schema.Literal("drop"), ns: Namespace }),
    Schema.Struct({
      ...changeFields,
      operationType: Schema.Literal("rename"),
      ns: Namespace,
      /** The new name. */
      to: Namespace,
      documentKey: nullish(Schema.JsonObject)
    }),
    Schema.Struct({ ...changeFields, operationType: Schema.Literal("dropDatabase"), ns: Database }),
    /** The stream has ended with this change: what it is of is gone, or has another name. */
    Schema.Struct({ ...changeFields, operationType: Schema.Literal("invalidate") })
  ])
}

/**
 * The schema of {@link changeOf}.
 *
 * @category models
 * @since 0.1.0
 */
export interface changeOf<Document extends Schema.Constraint> extends ReturnType<typeof makeChangeOf<Document>> {}

/**
 * A {@link Change} of documents of the given shape.
 *
 * **Example** (The document that was inserted)
 *
 * ```ts
 * import * as DocumentDb from "effect-lambda-runtime/events/DocumentDb"
 * import * as Schema from "effect/Schema"
 *
 * const Order = Schema.Struct({ _id: DocumentDb.ObjectId, total: DocumentDb.Decimal128 })
 * const json = { _id: { $oid: "63eeb6e7d418cd98afb1c1d7" }, total: { $numberDecimal: "19.90" } }
 * const change = Schema.decodeUnknownSync(DocumentDb.changeOf(Order))(DocumentDb.sample(json).events[0]?.event)
 * change.operationType === "insert" && change.fullDocument?.total // => "19.90"
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const changeOf: <Document extends Schema.Constraint>(document: Document) => changeOf<Document> = makeChangeOf

/**
 * A change of a document, a collection or a database, with documents in Extended JSON.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Change = changeOf(Schema.JsonObject)

/**
 * A decoded {@link Change}.
 *
 * @category models
 * @since 0.1.0
 */
export type Change = typeof Change.Type

const eventFields = {
  eventSource: Schema.Literal("aws:docdb"),
  /** The cluster. */
  eventSourceArn: Schema.String
}

/**
 * A batch of changes, with documents in Extended JSON. {@link eventOf} decodes documents.
 *
 * **Example** (What is inserted)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as DocumentDb from "effect-lambda-runtime/events/DocumentDb"
 * import * as Effect from "effect/Effect"
 *
 * const follow = Handler.make({ event: DocumentDb.Event }, ({ events }) =>
 *   Effect.forEach(events, ({ event }) =>
 *     event.operationType === "insert"
 *       ? Effect.log(event.ns.coll, event.fullDocument)
 *       : Effect.void, { discard: true }))
 * ```
 *
 * @category schemas
 * @since 0.1.0
 */
export const Event = Schema.Struct({
  ...eventFields,
  events: Schema.Array(Schema.Struct({ event: Change }))
}).annotate({ title })

/**
 * A decoded {@link Event}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Event extends Schema.Schema.Type<typeof Event> {}

const makeEventOf = <Document extends Schema.Constraint>(document: Document) =>
  Schema.Struct({ ...eventFields, events: Schema.Array(Schema.Struct({ event: changeOf(document) })) }).annotate({
    title
  })

/**
 * The schema of {@link eventOf}.
 *
 * @category models
 * @since 0.1.0
 */
export interface eventOf<Document extends Schema.Constraint> extends ReturnType<typeof makeEventOf<Document>> {}

/**
 * An {@link Event} whose documents have the given shape.
 *
 * **Gotchas**
 *
 * The `_id` of a document is of any type, an {@link ObjectId} as a rule. A deleted document is not there any more: its
 * `documentKey` is.
 *
 * **Example** (Orders)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as DocumentDb from "effect-lambda-runtime/events/DocumentDb"
 * import * as Effect from "effect/Effect"
 * import * as Schema from "effect/Schema"
 *
 * const Order = Schema.Struct({ _id: DocumentDb.ObjectId, placedAt: DocumentDb.Date })
 *
 * const follow = Handler.make({ event: DocumentDb.eventOf(Order) }, ({ events }) =>
 *   Effect.forEach(events, ({ event }) =>
 *     event.operationType === "insert" || event.operationType === "replace"
 *       ? Effect.log(event.fullDocument?._id, event.fullDocument?.placedAt)
 *       : Effect.void, { discard: true }))
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const eventOf: <Document extends Schema.Constraint>(document: Document) => eventOf<Document> = makeEventOf

/**
 * An event as Lambda delivers it, with an insertion of each document in Extended JSON.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as DocumentDb from "effect-lambda-runtime/events/DocumentDb"
 *
 * DocumentDb.sample({ _id: 1 }, { _id: 2 }).events.length // => 2
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sample = (...documents: ReadonlyArray<Schema.JsonObject>): typeof Event.Encoded => ({
  eventSource: "aws:docdb",
  eventSourceArn: "arn:aws:rds:us-east-1:123456789012:cluster:orders",
  events: (documents.length === 0 ? [{ _id: { $oid: "63eeb6e7d418cd98afb1c1d7" }, city: "Paris" }] : documents).map(
    (fullDocument, index) => ({
      event: {
        _id: { _data: "0163eeb6e7000000090100000009000041e1" },
        clusterTime: { $timestamp: { t: 1676588775, i: 9 + index } },
        documentKey: { _id: fullDocument["_id"] ?? null },
        fullDocument,
        ns: { db: "shop", coll: "orders" },
        operationType: "insert"
      }
    })
  )
})
