/**
 * Changes of an Amazon DynamoDB table, from its stream.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as attributeValues from "../internal/events/attributeValues.ts"
import { batchResponse } from "../internal/events/batchResponse.ts"
import { nullish } from "../internal/events/nullish.ts"
import { openEnum } from "../internal/events/openEnum.ts"
import { plainAttributes } from "../internal/events/plainAttributes.ts"
import { windowFields, windowResult } from "../internal/events/tumblingWindow.ts"
import * as Timestamp from "./Timestamp.ts"

const title = "a DynamoDB stream event"

/**
 * A value with its type, as DynamoDB has it: an object with the one key `S`, `N`, `B`, `BOOL`, `NULL`, `L`, `M`,
 * `SS`, `NS` or `BS`. Numbers are text, and bytes are `Uint8Array`: as in the AWS SDK.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_AttributeValue.html
 * @category schemas
 * @since 0.1.0
 */
export const AttributeValue: Schema.Codec<AttributeValue, attributeValues.EncodedAttributeValue> =
  attributeValues.AttributeValue

/**
 * A decoded {@link AttributeValue}.
 *
 * @category models
 * @since 0.1.0
 */
export type AttributeValue = attributeValues.AttributeValue

/**
 * The attributes of an item, or of its key, by their names.
 *
 * @category schemas
 * @since 0.1.0
 */
export const AttributeMap: Schema.Codec<AttributeMap, attributeValues.EncodedAttributeMap> =
  attributeValues.AttributeMap

/**
 * A decoded {@link AttributeMap}.
 *
 * @category models
 * @since 0.1.0
 */
export interface AttributeMap extends attributeValues.AttributeMap {}

const changeFields = {
  Keys: AttributeMap,
  /** The item after the change, where the stream has it. A removal has none. */
  NewImage: nullish(AttributeMap),
  /** The item before the change, where the stream has it. An insertion has none. */
  OldImage: nullish(AttributeMap)
}

const recordFields = {
  eventID: Schema.String,
  eventName: openEnum(["INSERT", "MODIFY", "REMOVE"]),
  eventSource: Schema.Literal("aws:dynamodb"),
  awsRegion: Schema.String,
  /** `Service` and `dynamodb.amazonaws.com` for an item whose time to live is over. */
  userIdentity: nullish(Schema.Struct({ type: Schema.String, principalId: Schema.String }))
}

const streamFields = {
  ApproximateCreationDateTime: nullish(Timestamp.EpochSeconds),
  /** Up to 40 digits, which orders the changes of a shard. Identifies the record in a {@link BatchResponse}. */
  SequenceNumber: Schema.String,
  SizeBytes: Schema.Finite,
  StreamViewType: openEnum(["KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"])
}

/**
 * One change of an item, with its attributes as DynamoDB has them. {@link recordOf} decodes them to plain values.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Record = Schema.Struct({
  ...recordFields,
  eventVersion: Schema.String,
  eventSourceARN: Schema.String,
  dynamodb: Schema.Struct({ ...streamFields, ...changeFields })
})

/**
 * A decoded {@link Record}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Record extends Schema.Schema.Type<typeof Record> {}

/**
 * A batch of changes, with their attributes as DynamoDB has them. {@link eventOf} decodes them to plain values.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Event = Schema.Struct({ Records: Schema.Array(Record) }).annotate({ title })

/**
 * A decoded {@link Event}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Event extends Schema.Schema.Type<typeof Event> {}

const plainChangeFields = <Key extends Schema.Constraint, Item extends Schema.Constraint>(
  { item, key }: { readonly key: Key; readonly item: Item }
) => ({
  Keys: plainAttributes(key),
  NewImage: nullish(plainAttributes(item)),
  OldImage: nullish(plainAttributes(item))
})

const makeRecordOf = <Key extends Schema.Constraint, Item extends Schema.Constraint>(
  schemas: { readonly key: Key; readonly item: Item }
) =>
  Schema.Struct({
    ...Record.fields,
    dynamodb: Schema.Struct({ ...streamFields, ...plainChangeFields(schemas) })
  })

const makeEventOf = <Key extends Schema.Constraint, Item extends Schema.Constraint>(
  schemas: { readonly key: Key; readonly item: Item }
) => Schema.Struct({ Records: Schema.Array(recordOf(schemas)) }).annotate({ title })

/**
 * The schema of {@link recordOf}.
 *
 * @category models
 * @since 0.1.0
 */
export interface recordOf<Key extends Schema.Constraint, Item extends Schema.Constraint>
  extends ReturnType<typeof makeRecordOf<Key, Item>>
{}

/**
 * A {@link Record} whose key and images have the given shapes. {@link eventOf} tells how.
 *
 * **Example** (One change)
 *
 * ```ts
 * import * as DynamoDb from "effect-lambda-runtime/events/DynamoDb"
 * import * as Schema from "effect/Schema"
 *
 * const Change = DynamoDb.recordOf({
 *   key: Schema.Struct({ Id: Schema.Int }),
 *   item: Schema.Struct({ Id: Schema.Int, Message: Schema.String })
 * })
 * const [record] = DynamoDb.sample().Records
 * Schema.decodeUnknownSync(Change)(record).dynamodb.NewImage // => { Id: 101, Message: "New item!" }
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const recordOf: <Key extends Schema.Constraint, Item extends Schema.Constraint>(
  schemas: { readonly key: Key; readonly item: Item }
) => recordOf<Key, Item> = makeRecordOf

/**
 * The schema of {@link eventOf}.
 *
 * @category models
 * @since 0.1.0
 */
export interface eventOf<Key extends Schema.Constraint, Item extends Schema.Constraint>
  extends ReturnType<typeof makeEventOf<Key, Item>>
{}

/**
 * An {@link Event} whose keys and images have the given shapes, in plain values.
 *
 * **Details**
 *
 * | attribute | schema |
 * | --- | --- |
 * | `S` | `Schema.String`, and all that decodes from text: `Schema.Date`, `Schema.UUID`, literals |
 * | `N` | `Schema.Number`, `Schema.Int`; `Schema.BigInt` and `Schema.BigDecimal` with all 38 digits |
 * | `BOOL`, `NULL` | `Schema.Boolean`, `Schema.Null` |
 * | `B` | `Schema.Uint8Array` |
 * | `L`, `M` | `Schema.Array` and `Schema.Tuple`, `Schema.Struct` and `Schema.Record` |
 * | `SS`, `NS`, `BS` | `Schema.ReadonlySet`, or `Schema.Array`, which keeps the order |
 *
 * A number with more digits than a JavaScript number holds is refused where the schema wants one.
 *
 * Encoding writes numbers in their shortest form, and a `Schema.Array` as `L`.
 *
 * **Gotchas**
 *
 * A table may hold items of several shapes: give a `Schema.Union` as `item`.
 *
 * **Example** (Prices that must not be rounded)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as DynamoDb from "effect-lambda-runtime/events/DynamoDb"
 * import * as Effect from "effect/Effect"
 * import * as Schema from "effect/Schema"
 *
 * const Product = Schema.Struct({ id: Schema.String, price: Schema.BigDecimal, tags: Schema.ReadonlySet(Schema.String) })
 *
 * const index = Handler.make({
 *   event: DynamoDb.eventOf({ key: Schema.Struct({ id: Schema.String }), item: Product })
 * }, ({ Records }) =>
 *   Effect.forEach(Records, ({ dynamodb, eventName }) =>
 *     Effect.log(eventName, dynamodb.Keys.id, dynamodb.NewImage?.price), { discard: true }))
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const eventOf: <Key extends Schema.Constraint, Item extends Schema.Constraint>(
  schemas: { readonly key: Key; readonly item: Item }
) => eventOf<Key, Item> = makeEventOf

/**
 * The changes that are to be delivered again.
 *
 * **When to use**
 *
 * As the result of a function whose event source mapping has `ReportBatchItemFailures`.
 *
 * **Gotchas**
 *
 * Lambda starts again at the lowest sequence number, with all changes behind it: one is enough.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
 * @category schemas
 * @since 0.1.0
 */
export const BatchResponse = batchResponse(Schema.NonEmptyString)

/**
 * A {@link BatchResponse} to encode; `itemIdentifier` is the `SequenceNumber` of a record.
 *
 * @category models
 * @since 0.1.0
 */
export interface BatchResponse extends Schema.Schema.Type<typeof BatchResponse> {}

/**
 * A batch of changes within a tumbling window.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-windows.html
 * @category schemas
 * @since 0.1.0
 */
export const WindowEvent = Schema.Struct({ ...Event.fields, ...windowFields }).annotate({ title })

/**
 * A decoded {@link WindowEvent}.
 *
 * @category models
 * @since 0.1.0
 */
export interface WindowEvent extends Schema.Schema.Type<typeof WindowEvent> {}

/**
 * What is answered to a {@link WindowEvent}: the state for the next batch, at most 1 MB, and the failed changes.
 *
 * @category schemas
 * @since 0.1.0
 */
export const WindowResult = windowResult(BatchResponse.fields)

/**
 * A {@link WindowResult} to encode.
 *
 * @category models
 * @since 0.1.0
 */
export interface WindowResult extends Schema.Schema.Type<typeof WindowResult> {}

const kinesisFields = {
  ...recordFields,
  recordFormat: nullish(Schema.String),
  tableName: Schema.String
}

const makeKinesisRecord = <Change extends Schema.Struct.Fields>(change: Change) =>
  Schema.Union([
    Schema.Struct({
      ...kinesisFields,
      dynamodb: Schema.Struct({
        ApproximateCreationDateTimePrecision: Schema.Literal("MICROSECOND"),
        ApproximateCreationDateTime: Timestamp.EpochMicros,
        SizeBytes: nullish(Schema.Finite),
        ...change
      })
    }),
    Schema.Struct({
      ...kinesisFields,
      dynamodb: Schema.Struct({
        ApproximateCreationDateTimePrecision: nullish(Schema.Literal("MILLISECOND")),
        ApproximateCreationDateTime: nullish(Schema.DateTimeUtcFromMillis),
        SizeBytes: nullish(Schema.Finite),
        ...change
      })
    })
  ])

/**
 * One change of an item, as a Kinesis data stream carries it in its data.
 *
 * **When to use**
 *
 * With `Kinesis.eventOf`, for a table that streams to Kinesis and not to Lambda.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/kds.html
 * @category schemas
 * @since 0.1.0
 */
export const KinesisRecord = makeKinesisRecord(changeFields)

/**
 * A decoded {@link KinesisRecord}.
 *
 * @category models
 * @since 0.1.0
 */
export type KinesisRecord = typeof KinesisRecord.Type

const makeKinesisRecordOf = <Key extends Schema.Constraint, Item extends Schema.Constraint>(
  schemas: { readonly key: Key; readonly item: Item }
) => makeKinesisRecord(plainChangeFields(schemas))

/**
 * The schema of {@link kinesisRecordOf}.
 *
 * @category models
 * @since 0.1.0
 */
export interface kinesisRecordOf<Key extends Schema.Constraint, Item extends Schema.Constraint>
  extends ReturnType<typeof makeKinesisRecordOf<Key, Item>>
{}

/**
 * A {@link KinesisRecord} whose key and images have the given shapes. {@link eventOf} tells how.
 *
 * **Example** (One change)
 *
 * ```ts
 * import * as DynamoDb from "effect-lambda-runtime/events/DynamoDb"
 * import * as Schema from "effect/Schema"
 *
 * const Item = Schema.Struct({ Id: Schema.Int })
 * const change = DynamoDb.sampleKinesisRecord()
 * Schema.decodeUnknownSync(DynamoDb.kinesisRecordOf({ key: Item, item: Item }))(change).dynamodb.Keys // => { Id: 101 }
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const kinesisRecordOf: <Key extends Schema.Constraint, Item extends Schema.Constraint>(
  schemas: { readonly key: Key; readonly item: Item }
) => kinesisRecordOf<Key, Item> = makeKinesisRecordOf

const stream = "arn:aws:dynamodb:us-west-2:123456789012:table/ExampleTable/stream/2015-06-27T00:48:05.899"

const id = { N: "101" }

const before = { Id: id, Message: { S: "New item!" } }

const after = { Id: id, Message: { S: "This item has changed" } }

/**
 * An event as Lambda delivers it: an item is inserted, changed and removed.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as DynamoDb from "effect-lambda-runtime/events/DynamoDb"
 *
 * DynamoDb.sample().Records.map(({ eventName }) => eventName) // => ["INSERT", "MODIFY", "REMOVE"]
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sample = (): typeof Event.Encoded => ({
  Records: [
    { eventName: "INSERT", images: { NewImage: before } },
    { eventName: "MODIFY", images: { OldImage: before, NewImage: after } },
    { eventName: "REMOVE", images: { OldImage: after } }
  ].map(({ eventName, images }, index) => ({
    eventID: `c4ca4238a0b923820dcc509a6f75849${index}`,
    eventName,
    eventVersion: "1.1",
    eventSource: "aws:dynamodb",
    awsRegion: "us-west-2",
    eventSourceARN: stream,
    dynamodb: {
      ApproximateCreationDateTime: 1428537600 + index,
      Keys: { Id: id },
      ...images,
      SequenceNumber: `442158450000000000009875${index}`,
      SizeBytes: 26,
      StreamViewType: "NEW_AND_OLD_IMAGES"
    }
  }))
})

/**
 * A batch as Lambda delivers it within a tumbling window.
 *
 * **Example** (The first batch of a window)
 *
 * ```ts
 * import * as DynamoDb from "effect-lambda-runtime/events/DynamoDb"
 *
 * DynamoDb.sampleWindowEvent().state // => {}
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleWindowEvent = (): typeof WindowEvent.Encoded => ({
  ...sample(),
  window: { start: "2020-07-30T17:00:00Z", end: "2020-07-30T17:05:00Z" },
  state: {},
  shardId: "shardId-00000001596128100000-ba04ccdd",
  eventSourceARN: stream,
  isFinalInvokeForWindow: false,
  isWindowTerminatedEarly: false
})

/**
 * A change as a Kinesis data stream carries it.
 *
 * **Example** (The change of an item)
 *
 * ```ts
 * import * as DynamoDb from "effect-lambda-runtime/events/DynamoDb"
 *
 * DynamoDb.sampleKinesisRecord().tableName // => "ExampleTable"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleKinesisRecord = (): typeof KinesisRecord.Encoded => ({
  eventID: "d9a7e1a1-6f3e-4b7e-9a4b-bd1b1b0b3a0c",
  eventName: "MODIFY",
  eventSource: "aws:dynamodb",
  awsRegion: "us-west-2",
  userIdentity: null,
  recordFormat: "application/json",
  tableName: "ExampleTable",
  dynamodb: {
    ApproximateCreationDateTime: 1602313124230,
    Keys: { Id: id },
    OldImage: before,
    NewImage: after,
    SizeBytes: 59
  }
})
