/**
 * What the compiler must infer for batches, and what it must refuse. Compiled by `npm run check`, never run.
 */
import * as Batch from "effect-lambda-runtime/Batch"
import type { EventError } from "effect-lambda-runtime/EventError"
import * as DynamoDb from "effect-lambda-runtime/events/DynamoDb"
import * as Kafka from "effect-lambda-runtime/events/Kafka"
import * as Kinesis from "effect-lambda-runtime/events/Kinesis"
import * as Sns from "effect-lambda-runtime/events/Sns"
import * as Sqs from "effect-lambda-runtime/events/Sqs"
import type * as Handler from "effect-lambda-runtime/Handler"
import * as Invocation from "effect-lambda-runtime/Invocation"
import * as Lambda from "effect-lambda-runtime/Lambda"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { type Equal, same } from "./equal.ts"

class OutOfStock extends Schema.TaggedError<OutOfStock>("types/OutOfStock")("OutOfStock", {}) {}

class Prices extends Context.Service<Prices, { readonly of: (id: string) => Effect.Effect<number, OutOfStock> }>()(
  "types/Prices"
) {}

class Key extends Context.Service<Key, string>()("types/Key") {}

declare const Encrypted: Schema.Codec<string, string, Key>

const Order = Schema.Struct({ id: Schema.String, on: Schema.Date })

type Errors = Batch.BatchError | EventError | Schema.SchemaError

// A record is decoded; its errors are those of the record alone.

const ship = Batch.sqs({ record: Sqs.recordOf(Order) }, ({ body, messageId }) => {
  same<Equal<typeof body.on, Date>>()
  same<Equal<typeof messageId, string>>()
  return Effect.flatMap(Prices, (prices) => prices.of(body.id))
})
same<Equal<Effect.Error<typeof ship>, Errors>>()
same<Equal<Effect.Services<typeof ship>, Prices | Invocation.Invocation>>()

// It is a handler, and each record has a scope of its own.

const closing = Batch.sqs({ record: Sqs.Record }, () => Effect.addFinalizer(() => Effect.void))
same<Equal<Effect.Services<typeof closing>, Invocation.Invocation>>()

export const handler: Handler.Handler<Errors, Prices | Invocation.Invocation> = ship

const served = Lambda.serve(ship)
same<Equal<Layer.Services<typeof served>, Prices | Lambda.Server>>()

// What a schema needs, its batch needs.

const decrypting = Batch.kinesis({ record: Kinesis.recordOf(Encrypted) }, () => Invocation.remaining)
same<Equal<Effect.Services<typeof decrypting>, Key | Invocation.Invocation>>()

// Whatever decodes a record of the source will do.

export const notified = Batch.sqs(
  { record: Sqs.recordOf(Sns.notificationOf(Order)) },
  ({ body }) => Effect.log(body.Message.on)
)

export const small = Batch.sqs({ record: Schema.Struct({ body: Schema.String }) }, ({ body }) => Effect.log(body))

export const bytes = Batch.kinesis({ record: Kinesis.Record }, ({ kinesis }) => Effect.log(kinesis.data.length))

export const changes = Batch.dynamoDb(
  { record: DynamoDb.recordOf({ key: Order, item: Order }) },
  ({ dynamodb }) => Effect.log(dynamodb.NewImage?.on)
)

export const values = Batch.kafka({ record: Kafka.recordOf(Order), order: "key" }, ({ value }) => Effect.log(value?.on))

// Records of another source are refused, and so is what is no Effect.

// @ts-expect-error records of a stream are no messages
export const stream = Batch.sqs({ record: Kinesis.Record }, () => Effect.void)

// @ts-expect-error messages are no changes
export const messages = Batch.dynamoDb({ record: Sqs.Record }, () => Effect.void)

// @ts-expect-error changes are no records of a Kinesis stream
export const noKinesis = Batch.kinesis({ record: DynamoDb.Record }, () => Effect.void)

// @ts-expect-error messages are no records of a topic
export const noKafka = Batch.kafka({ record: Sqs.Record }, () => Effect.void)

// @ts-expect-error a promise is no Effect
export const promised = Batch.sqs({ record: Sqs.Record }, async () => {})

// @ts-expect-error the record has no such field
export const noField = Batch.sqs({ record: Sqs.recordOf(Order) }, ({ body }) => Effect.log(body.price))

// @ts-expect-error the order of a queue is its own
export const ordered = Batch.sqs({ record: Sqs.Record, order: "key" }, () => Effect.void)
