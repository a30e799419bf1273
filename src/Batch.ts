/**
 * Batches of queues and streams, record by record: each is decoded and processed by itself, and Lambda is told which of
 * them it has to deliver again.
 *
 * **When to use**
 *
 * For functions whose event source mapping has `FunctionResponseTypes: ["ReportBatchItemFailures"]`.
 *
 * **Details**
 *
 * A record fails when it cannot be decoded, and when its effect fails, dies or is interrupted. The others go on. Every
 * failure is logged at Error with its whole cause and, as an annotation, the record's identifier, which is on all that
 * the effect logs as well. What is wrong with a record that cannot be decoded is an `EventError`, which names the place.
 *
 * Each record has a `Scope` of its own, which is closed when its effect is over.
 *
 * Up to `concurrency` records are processed at the same time, begun in the order of the event. Where an order has to be
 * kept, the next record waits for the one before:
 *
 * | source | one after another | after a failure are not begun, and delivered again | answered |
 * | --- | --- | --- | --- |
 * | standard queue | | | failed messages |
 * | FIFO queue | messages of a group | those behind it in its group | failed messages, and those not begun |
 * | Kinesis | records of a partition key | all behind it | the lowest sequence number of them |
 * | DynamoDB | changes of an item | all behind it | the lowest sequence number of them |
 * | Kafka | records of a partition, or of a key in it | those behind it in its partition | failed records, and those not begun |
 *
 * From a stream or a topic, what lies behind a failed record and was in work at the same time is delivered again although
 * it has been processed: Lambda delivers at least once, and so do these.
 *
 * Before the deadline of the invocation, at the `deadlineMargin`, records in work are interrupted. They have failed, as
 * have those that were not begun; what had ended counts. A deadline that is past on arrival is ignored, as some emulators
 * send 1970.
 *
 * When no record of a batch has succeeded the function fails with a {@link BatchError}. Lambda delivers the same records
 * again as if all of them had been answered; but it counts an error, takes fewer messages from a queue for a while, and
 * splits the batch of a stream in halves where its mapping says so. `onCompleteFailure: "report"` answers them instead.
 *
 * **Gotchas**
 *
 * Without `ReportBatchItemFailures` Lambda ignores the answer, and the failed records are lost.
 *
 * `Invocation.background` runs after the record's scope is closed.
 *
 * A `Lambda.DeadlineMargin` above the `deadlineMargin` interrupts the whole function before it can answer.
 *
 * Batches of tumbling windows have another answer: use `Handler.make` with `Kinesis.WindowEvent`.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html
 * @since 0.1.0
 */
import type * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import * as ErrorReport from "./ErrorReport.ts"
import type { EventError } from "./EventError.ts"
import * as Handler from "./Handler.ts"
import * as dynamoDbBatch from "./internal/batch/dynamoDb.ts"
import * as kafkaBatch from "./internal/batch/kafka.ts"
import * as kinesisBatch from "./internal/batch/kinesis.ts"
import * as processing from "./internal/batch/processing.ts"
import type { Source } from "./internal/batch/source.ts"
import * as sqsBatch from "./internal/batch/sqs.ts"
import * as eventDecoder from "./internal/eventDecoder.ts"
import { withoutStack } from "./internal/withoutStack.ts"
import type { Invocation } from "./Invocation.ts"

/**
 * No record of the batch has succeeded.
 *
 * @category errors
 * @since 0.1.0
 */
export class BatchError extends Schema.TaggedError<BatchError>("effect-lambda-runtime/Batch/BatchError")("BatchError", {
  /** How many records the batch has. */
  records: Schema.Number,
  /** Type and message of the first failure; none where the time was over before there was any. */
  firstFailure: Schema.optionalKey(Schema.String)
}) {
  override get message(): string {
    const { firstFailure, records } = this
    return `no record of ${records} has succeeded${
      firstFailure === undefined ? "" : `; the first failed with ${firstFailure}`
    }`
  }
}

/**
 * A schema that decodes records as their source sends them: `Sqs.recordOf(Order)`, `Kinesis.Record`.
 *
 * @category models
 * @since 0.1.0
 */
export interface RecordSchema<out Encoded> extends Schema.Constraint {
  readonly Encoded: Encoded
}

/**
 * How a batch is processed.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options<Record extends Schema.Constraint> {
  /** Decodes one record. */
  readonly record: Record
  /** How many records are processed at the same time, at most. Default: 10. */
  readonly concurrency?: number | "unbounded" | undefined
  /**
   * How long before the deadline of the invocation records in work are interrupted, so that what has ended can be
   * answered: half of it is for their finalizers. Default: 1 second; at most half of the time that the invocation has.
   */
  readonly deadlineMargin?: Duration.Input | undefined
  /** What becomes of a batch of which no record has succeeded: a {@link BatchError}, or an answer. Default: `fail`. */
  readonly onCompleteFailure?: "fail" | "report" | undefined
}

/**
 * A function that processes batches, and needs what the effects of the records do, save their `Scope`.
 *
 * The errors of the records are not among its own. A `SchemaError` is, as with every handler that has a result; what is
 * answered here always fits.
 *
 * @category models
 * @since 0.1.0
 */
export interface BatchHandler<out R>
  extends Handler.Handler<BatchError | EventError | Schema.SchemaError, Exclude<R, Scope.Scope> | Invocation>
{}

/**
 * Processes the messages of an SQS queue.
 *
 * **Details**
 *
 * A FIFO queue is told by its ARN, which ends in `.fifo`: messages of a group are processed one after another, and none
 * behind one that has failed. Other groups go on.
 *
 * Fails with an `EventError` when the event is no batch of SQS, and with a {@link BatchError} when no message has
 * succeeded.
 *
 * **Example** (A message that does not fit, and one that does)
 *
 * ```ts
 * import * as Batch from "effect-lambda-runtime/Batch"
 * import * as Sqs from "effect-lambda-runtime/events/Sqs"
 * import * as Lambda from "effect-lambda-runtime/Lambda"
 * import * as LambdaTest from "effect-lambda-runtime/LambdaTest"
 * import * as Effect from "effect/Effect"
 * import * as Schema from "effect/Schema"
 *
 * const Order = Schema.Struct({ id: Schema.String, quantity: Schema.Int })
 *
 * const ship = Batch.sqs({ record: Sqs.recordOf(Order) }, ({ body }) => Effect.log("shipping", body.id))
 *
 * const answer = LambdaTest.LambdaTest.use(({ invoke }) =>
 *   invoke(Sqs.sample({ id: "o-1", quantity: 2 }, { id: "o-2", quantity: "many" }))).pipe(
 *   Effect.provide(LambdaTest.layer(Lambda.serve(ship)))
 * )
 *
 * await Effect.runPromise(answer)
 * // => { batchItemFailures: [{ itemIdentifier: "19dd0b57-b21e-4ac1-bd88-000000000001" }] }
 * ```
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 * @category constructors
 * @since 0.1.0
 */
export const sqs = <
  Record extends RecordSchema<
    { readonly eventSource?: "aws:sqs"; readonly messageId?: string; readonly body?: string }
  >,
  R
>(
  options: Options<Record>,
  f: (record: Record["Type"]) => Effect.Effect<unknown, unknown, R>
): BatchHandler<R | Record["DecodingServices"]> => make(sqsBatch.source, options, f)

/**
 * Processes the records of a Kinesis data stream.
 *
 * **Details**
 *
 * Records of a partition key are processed one after another. After a failure none behind it is begun, because Lambda
 * starts again at the failed record; those before it still are. With a `concurrency` of 1 the order is that of the shard.
 *
 * Fails with an `EventError` when the event is no batch of Kinesis, and with a {@link BatchError} when no record has
 * succeeded.
 *
 * **Gotchas**
 *
 * A record that never succeeds holds up its shard until it expires: limit the attempts and set a failure destination in
 * the event source mapping, or let the effect put it aside itself.
 *
 * **Example** (Readings, as bytes)
 *
 * ```ts
 * import * as Batch from "effect-lambda-runtime/Batch"
 * import * as Kinesis from "effect-lambda-runtime/events/Kinesis"
 * import * as Effect from "effect/Effect"
 *
 * const archive = Batch.kinesis({ record: Kinesis.Record, concurrency: 4 }, ({ kinesis }) =>
 *   Effect.log(kinesis.partitionKey, kinesis.data.length))
 * ```
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html
 * @category constructors
 * @since 0.1.0
 */
export const kinesis = <
  Record extends RecordSchema<{ readonly eventSource?: "aws:kinesis"; readonly kinesis?: object }>,
  R
>(
  options: Options<Record>,
  f: (record: Record["Type"]) => Effect.Effect<unknown, unknown, R>
): BatchHandler<R | Record["DecodingServices"]> => make(kinesisBatch.source, options, f)

/**
 * Processes the changes of a DynamoDB stream.
 *
 * **Details**
 *
 * As {@link kinesis}; what is processed one after another are the changes of an item, told by its `Keys`.
 *
 * Fails with an `EventError` when the event is no batch of a DynamoDB stream, and with a {@link BatchError} when no
 * change has succeeded.
 *
 * **Example** (Changes of a table)
 *
 * ```ts
 * import * as Batch from "effect-lambda-runtime/Batch"
 * import * as DynamoDb from "effect-lambda-runtime/events/DynamoDb"
 * import * as Effect from "effect/Effect"
 * import * as Schema from "effect/Schema"
 *
 * const Change = DynamoDb.recordOf({
 *   key: Schema.Struct({ id: Schema.String }),
 *   item: Schema.Struct({ id: Schema.String, price: Schema.BigDecimal })
 * })
 *
 * const index = Batch.dynamoDb({ record: Change }, ({ dynamodb, eventName }) =>
 *   Effect.log(eventName, dynamodb.Keys.id, dynamodb.NewImage?.price))
 * ```
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
 * @category constructors
 * @since 0.1.0
 */
export const dynamoDb = <
  Record extends RecordSchema<{ readonly eventSource?: "aws:dynamodb"; readonly dynamodb?: object }>,
  R
>(
  options: Options<Record>,
  f: (record: Record["Type"]) => Effect.Effect<unknown, unknown, R>
): BatchHandler<R | Record["DecodingServices"]> => make(dynamoDbBatch.source, options, f)

/**
 * Processes the records of Kafka topics, of Amazon MSK or of a cluster of your own.
 *
 * **Details**
 *
 * Records of a partition are processed one after another. `order: "key"` does so with those of the same key, and with
 * those that have none, and processes other keys of the partition at the same time. After a failure none behind it in its
 * partition is begun; other partitions go on.
 *
 * Fails with an `EventError` when the event is no batch of Kafka, and with a {@link BatchError} when no record has
 * succeeded.
 *
 * **Gotchas**
 *
 * Lambda takes partial responses from event source mappings in provisioned mode.
 *
 * **Example** (Orders, of which those of a customer have an order)
 *
 * ```ts
 * import * as Batch from "effect-lambda-runtime/Batch"
 * import * as Kafka from "effect-lambda-runtime/events/Kafka"
 * import * as Effect from "effect/Effect"
 * import * as Schema from "effect/Schema"
 *
 * const Order = Schema.Struct({ id: Schema.String })
 *
 * const ship = Batch.kafka({ record: Kafka.recordOf(Order), order: "key" }, ({ offset, value }) =>
 *   Effect.log(offset, value?.id))
 * ```
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/kafka-retry-configurations.html
 * @category constructors
 * @since 0.1.0
 */
export const kafka = <
  Record extends RecordSchema<
    { readonly topic?: string; readonly offset?: number; readonly value?: string | null }
  >,
  R
>(
  options: Options<Record> & { readonly order?: "partition" | "key" | undefined },
  f: (record: Record["Type"]) => Effect.Effect<unknown, unknown, R>
): BatchHandler<R | Record["DecodingServices"]> => make(kafkaBatch.source(options.order ?? "partition"), options, f)

const defaultConcurrency = 10

const make = <Event, Identifier, Record extends Schema.Constraint, R>(
  source: Source<Event, Identifier>,
  { concurrency = defaultConcurrency, deadlineMargin = "1 second", onCompleteFailure, record }: Options<Record>,
  f: (record: Record["Type"]) => Effect.Effect<unknown, unknown, R>
) => {
  const decode = eventDecoder.fromJson(record)
  const options = {
    // One at a time as well where it is no number, as of a variable that is not set: none would be begun.
    concurrency: concurrency === "unbounded" ? Infinity : Math.max(1, concurrency || 1),
    deadlineMargin: Duration.toMillis(Duration.fromInputUnsafe(deadlineMargin))
  }
  const process = Effect.fnUntraced(function*(event: Event) {
    const records = source.records(event)
    const { failed, firstFailure } = yield* processing.run(
      records,
      ({ json, path }) => Effect.scoped(Effect.flatMap(decode(json, { event, path, schema: source.event }), f)),
      options
    )
    if (records.length > 0 && failed.length === records.length && onCompleteFailure !== "report") {
      return yield* completeFailure(records.length, firstFailure)
    }
    return { batchItemFailures: source.failures(failed).map((itemIdentifier) => ({ itemIdentifier })) }
  })
  return Handler.make({ event: source.event, result: source.response }, process)
}

const completeFailure = (records: number, cause: Cause.Cause<unknown> | undefined): BatchError =>
  withoutStack(() => {
    if (cause === undefined) return new BatchError({ records })
    const { errorMessage, errorType } = ErrorReport.fromCause(cause)
    return new BatchError({ records, firstFailure: `${errorType}: ${errorMessage}` })
  })
