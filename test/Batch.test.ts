import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as References from "effect/References"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"
import * as TestClock from "effect/testing/TestClock"
import * as Batch from "../src/Batch.ts"
import { EventError } from "../src/EventError.ts"
import * as DynamoDb from "../src/events/DynamoDb.ts"
import * as Kafka from "../src/events/Kafka.ts"
import * as Kinesis from "../src/events/Kinesis.ts"
import * as Sns from "../src/events/Sns.ts"
import * as Sqs from "../src/events/Sqs.ts"
import type { Handler } from "../src/Handler.ts"
import * as Invocation from "../src/Invocation.ts"
import * as Lambda from "../src/Lambda.ts"
import * as LambdaTest from "../src/LambdaTest.ts"

const Order = Schema.Struct({ id: Schema.String, quantity: Schema.Int })

const order = (id: string) => ({ id, quantity: 1 })

/** What was logged, with the annotations that it had. */
interface Line {
  readonly level: string
  readonly message: string
  readonly cause: Cause.Cause<unknown>
  readonly annotations: Readonly<Record<string, unknown>>
}

const capture = (lines: Array<Line>) =>
  Logger.layer([
    Logger.make(({ cause, fiber, logLevel, message }) => {
      lines.push({
        level: logLevel,
        message: String(Array.isArray(message) ? message[0] : message),
        cause,
        annotations: { ...fiber.getRef(References.CurrentLogAnnotations) }
      })
    })
  ])

/** Invokes a function from memory, with the real loop around it, and gives its answer and what it logged. */
const invoke = Effect.fnUntraced(function*<E, R>(
  handler: Handler<E, R>,
  event: unknown,
  options?: LambdaTest.InvokeOptions
) {
  const lines: Array<Line> = []
  const answer = yield* LambdaTest.LambdaTest.use(({ invoke }) => Effect.result(invoke(event, options))).pipe(
    Effect.provide(LambdaTest.layer(Lambda.serve(handler)).pipe(Layer.provide(capture(lines))))
  )
  return {
    answer: answer._tag === "Success" ? answer.success : undefined,
    error: answer._tag === "Failure" ? answer.failure : undefined,
    lines,
    errors: lines.filter(({ level }) => level === "Error")
  }
})

/** The identifiers that an answer has. */
const items = (...itemIdentifiers: ReadonlyArray<unknown>) => ({
  batchItemFailures: itemIdentifiers.map((itemIdentifier) => ({ itemIdentifier }))
})

const messageId = (index: number) => `19dd0b57-b21e-4ac1-bd88-${String(index).padStart(12, "0")}`

const standard = Sqs.sample

const changed = <A extends object, B extends object>(record: A, fields: B) => ({ ...record, ...fields })

/** Messages of a FIFO queue: group and body. */
const fifo = (...messages: ReadonlyArray<readonly [group: string, body: unknown]>) => ({
  Records: Sqs.sample(...messages.map(([_, body]) => body)).Records.map((record, index) =>
    changed(record, {
      eventSourceARN: `${record.eventSourceARN}.fifo`,
      attributes: changed(record.attributes, { MessageGroupId: messages[index]?.[0] ?? "" })
    })
  )
})

/** Records of a Kinesis stream: partition key and data. */
const shard = (...records: ReadonlyArray<readonly [key: string, data: unknown]>) => ({
  Records: Kinesis.sample(...records.map(([_, data]) => data)).Records.map((record, index) =>
    changed(record, { kinesis: changed(record.kinesis, { partitionKey: records[index]?.[0] ?? "" }) })
  )
})

const sequenceNumber = (index: number) =>
  Kinesis.sample(...Array(index + 1).keys()).Records[index]?.kinesis.sequenceNumber

/** Records of Kafka partitions: the values of each. */
const topics = (partitions: Readonly<Record<string, ReadonlyArray<unknown>>>) => ({
  ...Kafka.sample(),
  records: Object.fromEntries(
    Object.entries(partitions).map(([partition, values]) => [partition, Kafka.sample(...values).records["orders-0"]])
  )
})

class OutOfStock extends Schema.TaggedError<OutOfStock>()("OutOfStock", { id: Schema.String }) {
  override get message() {
    return `no more ${this.id}`
  }
}

/** Does as the body says, and notes which bodies have been processed. */
const obeying = (processed: Array<string> = []) => (word: string): Effect.Effect<void, OutOfStock> => {
  switch (word.split(" ")[0]) {
    case "fail":
      return Effect.fail(new OutOfStock({ id: word }))
    case "die":
      return Effect.die(new Error(`died of ${word}`))
    case "throw":
      throw new Error(`threw ${word}`)
    case "interrupt":
      return Effect.interrupt
    case "interruptFiber":
      return Effect.withFiber((fiber) => {
        fiber.interruptUnsafe()
        return Effect.never
      })
    default:
      return Effect.sync(() => void processed.push(word))
  }
}

describe("Batch.sqs", () => {
  it.effect("answers nothing when all messages have been processed", () =>
    Effect.gen(function*() {
      const seen: Array<unknown> = []
      const handler = Batch.sqs({ record: Sqs.recordOf(Order) }, ({ body }) => Effect.sync(() => seen.push(body)))
      const { answer, lines } = yield* invoke(handler, standard(order("a"), order("b")))
      assert.deepStrictEqual(answer, items())
      assert.deepStrictEqual(seen, [order("a"), order("b")])
      assert.deepStrictEqual(lines, [])
    }))

  it.effect("answers nothing to a batch without messages", () =>
    Effect.gen(function*() {
      const { answer } = yield* invoke(Batch.sqs({ record: Sqs.Record }, () => Effect.void), { Records: [] })
      assert.deepStrictEqual(answer, items())
    }))

  it.effect("answers the messages that fail, die, throw, are interrupted or do not decode, and no others", () =>
    Effect.gen(function*() {
      const processed: Array<string> = []
      const handler = Batch.sqs({ record: Sqs.recordOf(Schema.String) }, ({ body }) => obeying(processed)(body))
      const words = ["a", "fail", "b", "die", "throw", "c", "interrupt", "interruptFiber", "d", 7].map((word) =>
        JSON.stringify(word)
      )
      const { answer, errors } = yield* invoke(handler, standard(...words, "{ no JSON", "\"e\""))
      const failed = [1, 3, 4, 6, 7, 9, 10].map(messageId)
      assert.deepStrictEqual(answer, items(...failed))
      assert.deepStrictEqual(processed, ["a", "b", "c", "d", "e"])
      assert.deepStrictEqual(errors.map(({ annotations }) => annotations["messageId"]).toSorted(), failed)
      assert.isTrue(
        errors.every(({ annotations, message }) =>
          message === "a record failed" && typeof annotations["requestId"] === "string"
        )
      )
    }))

  it.effect("logs a failure with its whole cause", () =>
    Effect.gen(function*() {
      const handler = Batch.sqs({ record: Sqs.Record }, () =>
        Effect.failCause(Cause.combine(Cause.fail(new OutOfStock({ id: "teapot" })), Cause.die("the till"))))
      const { errors: [line] } = yield* invoke(handler, standard("a", "b"))
      assert.deepStrictEqual(
        line?.cause.reasons.map(({ _tag }) =>
          _tag
        ),
        ["Fail", "Die"]
      )
    }))

  it.effect("names the place in a message that does not decode, what was expected there and what was found", () =>
    Effect.gen(function*() {
      const handler = Batch.sqs({ record: Sqs.recordOf(Order) }, () => Effect.void)
      const event = standard(order("a"), order("b"))
      const broken = { Records: [event.Records[0], { ...event.Records[1], attributes: { SentTimestamp: 1 } }] }
      const { answer, errors: [line] } = yield* invoke(handler, broken)
      assert.deepStrictEqual(answer, items(messageId(1)))
      const error = line === undefined ? undefined : Cause.squash(line.cause)
      assert.instanceOf(error, EventError)
      assert.include(String(error), "Records[1].attributes.SentTimestamp: Expected string, got 1")
      assert.notInclude(String(error), "looks like")
      assert.deepInclude(line?.annotations, { messageId: messageId(1) })
    }))

  it.effect("fails a message whose decoding throws", () =>
    Effect.gen(function*() {
      const Throwing = Schema.String.pipe(Schema.decodeTo(
        Schema.String,
        SchemaTransformation.transform({
          decode: (text) => {
            if (text === "b") throw new Error("thrown while decoding")
            return text
          },
          encode: (text) => text
        })
      ))
      const handler = Batch.sqs({ record: Schema.Struct({ body: Throwing }) }, () => Effect.void)
      const { answer, errors: [line] } = yield* invoke(handler, standard("a", "b", "c"))
      assert.deepStrictEqual(answer, items(messageId(1)))
      assert.include(String(line && Cause.squash(line.cause)), "thrown while decoding")
    }))

  it.effect("names the place within the JSON of a body", () =>
    Effect.gen(function*() {
      const handler = Batch.sqs({ record: Sqs.recordOf(Order) }, () => Effect.void)
      const { errors: [line] } = yield* invoke(handler, standard(order("a"), { id: "b", quantity: "many" }))
      assert.include(String(line && Cause.squash(line.cause)), "Records[1].body.quantity: Expected number")
    }))

  it.effect("decodes notifications of SNS in the bodies", () =>
    Effect.gen(function*() {
      const ids: Array<string> = []
      const record = Sqs.recordOf(Sns.notificationOf(Order))
      const handler = Batch.sqs({ record }, ({ body }) => Effect.sync(() => ids.push(body.Message.id)))
      const notification = (message: unknown) => ({ ...Sns.sampleNotification(), Message: JSON.stringify(message) })
      const { answer } = yield* invoke(handler, standard(notification(order("a")), notification({ id: "b" })))
      assert.deepStrictEqual(answer, items(messageId(1)))
      assert.deepStrictEqual(ids, ["a"])
    }))

  it.effect("puts the id of the message on what its effect logs", () =>
    Effect.gen(function*() {
      const handler = Batch.sqs({ record: Sqs.Record }, ({ body }) => Effect.log(body))
      const { lines } = yield* invoke(handler, standard("a", "b"))
      assert.deepStrictEqual(lines.map(({ annotations, message }) => [message, annotations["messageId"]]), [
        ["a", messageId(0)],
        ["b", messageId(1)]
      ])
    }))

  it.effect("answers an id once, and as failed when one of its messages has", () =>
    Effect.gen(function*() {
      const handler = Batch.sqs({ record: Sqs.Record }, ({ body }) => obeying()(body))
      const doubled = standard("fail", "a", "fail", "b")
      const { answer } = yield* invoke(handler, {
        Records: doubled.Records.map((record, index) => changed(record, { messageId: messageId(index < 3 ? 0 : 1) }))
      })
      assert.deepStrictEqual(answer, items(messageId(0)))
    }))

  it.effect("refuses an event that is no batch of SQS, before anything is processed", () =>
    Effect.gen(function*() {
      const handler = Batch.sqs({ record: Sqs.Record }, () => Effect.die("processed"))
      const { error } = yield* invoke(handler, Kinesis.sample())
      assert.strictEqual(error?.errorType, "EventError")
      assert.include(error?.errorMessage, "Records[0].eventSource: Expected \"aws:sqs\", got \"aws:kinesis\"")
      assert.include(error?.errorMessage, "this looks like a Kinesis stream event; the handler expects an SQS event")
      const [record] = standard("a").Records
      const nameless = yield* invoke(handler, { Records: [{ ...record, messageId: "" }] })
      assert.include(nameless.error?.errorMessage, "Records[0].messageId")
    }))

  it.effect("fails when no message has succeeded, unless it is to report", () =>
    Effect.gen(function*() {
      const fail = Batch.sqs({ record: Sqs.Record }, ({ body }) => obeying()(body))
      const { error, errors } = yield* invoke(fail, standard("fail a", "die b"))
      assert.strictEqual(error?.errorType, "BatchError")
      assert.strictEqual(
        error?.errorMessage,
        "no record of 2 has succeeded; the first failed with OutOfStock: no more fail a"
      )
      assert.deepStrictEqual(error?.stackTrace, [])
      assert.strictEqual(errors.length, 3)

      const report = Batch.sqs(
        { record: Sqs.Record, onCompleteFailure: "report" },
        ({ body }) => obeying()(body)
      )
      assert.deepStrictEqual(
        (yield* invoke(report, standard("fail a", "die b"))).answer,
        items(messageId(0), messageId(1))
      )
    }))

  it.effect("processes ten messages at the same time, unless told otherwise", () =>
    Effect.gen(function*() {
      let running = 0
      let most = 0
      const handler = Batch.sqs({ record: Sqs.Record }, () =>
        Effect.gen(function*() {
          most = Math.max(most, ++running)
          yield* Effect.yieldNow
          running--
        }))
      yield* invoke(handler, standard(...Array.from({ length: 30 }, String)))
      assert.strictEqual(most, 10)
    }))

  it.effect.each([0, -1, 0.5, NaN])(
    "processes one message after another at a concurrency of %s",
    (concurrency) =>
      Effect.gen(function*() {
        let running = 0
        let most = 0
        const handler = Batch.sqs({ record: Sqs.Record, concurrency }, () =>
          Effect.gen(function*() {
            most = Math.max(most, ++running)
            yield* Effect.yieldNow
            running--
          }))
        const { answer } = yield* invoke(handler, standard("a", "b", "c"))
        assert.deepStrictEqual(answer, items())
        assert.strictEqual(most, 1)
      })
  )

  it.effect("provides the services of the program to the records, and the invocation", () =>
    Effect.gen(function*() {
      class Prices extends Context.Service<Prices, { readonly of: (id: string) => number }>()("Prices") {}
      const seen: Array<unknown> = []
      const handler = Batch.sqs({ record: Sqs.Record }, ({ body }) =>
        Effect.gen(function*() {
          const { requestId } = yield* Invocation.Invocation
          seen.push([requestId, (yield* Prices).of(body)])
        }))
      const program = Lambda.serve(handler).pipe(Layer.provide(Layer.succeed(Prices, { of: () => 3 })))
      yield* LambdaTest.LambdaTest.use(({ invoke }) => invoke(standard("a"), { requestId: "r" })).pipe(
        Effect.provide(LambdaTest.layer(program))
      )
      assert.deepStrictEqual(seen, [["r", 3]])
    }))
})

describe("the scope of a record", () => {
  it.effect("is closed when the record is over, not the batch", () =>
    Effect.gen(function*() {
      const order: Array<string> = []
      const handler = Batch.sqs({ record: Sqs.Record, concurrency: 1 }, ({ body }) =>
        Effect.gen(function*() {
          yield* Effect.addFinalizer((exit) => Effect.sync(() => order.push(`${body} closed with ${exit._tag}`)))
          order.push(body)
          yield* obeying()(body)
        }))
      yield* invoke(handler, standard("a", "fail", "b"))
      assert.deepStrictEqual(order, [
        "a",
        "a closed with Success",
        "fail",
        "fail closed with Failure",
        "b",
        "b closed with Success"
      ])
    }))

  it.effect("fails the record when it cannot be closed", () =>
    Effect.gen(function*() {
      const handler = Batch.sqs(
        { record: Sqs.Record },
        ({ body }) => body === "a" ? Effect.void : Effect.addFinalizer(() => Effect.die("locked"))
      )
      const { answer, errors: [line] } = yield* invoke(handler, standard("a", "b"))
      assert.deepStrictEqual(answer, items(messageId(1)))
      assert.strictEqual(line && Cause.squash(line.cause), "locked")
    }))
})

describe("Batch.sqs of a FIFO queue", () => {
  it.effect("processes no message of a group behind one that has failed, and answers them as well", () =>
    Effect.gen(function*() {
      const processed: Array<string> = []
      const handler = Batch.sqs({ record: Sqs.Record }, ({ body }) => obeying(processed)(body))
      const { answer, errors, lines } = yield* invoke(
        handler,
        fifo(["x", "x1"], ["y", "y1"], ["x", "fail x2"], ["x", "x3"], ["y", "y2"], ["x", "x4"])
      )
      assert.deepStrictEqual(answer, items(messageId(2), messageId(3), messageId(5)))
      assert.deepStrictEqual(processed, ["x1", "y1", "y2"])
      assert.deepStrictEqual(errors.map(({ annotations }) => annotations["messageGroupId"]), ["x"])
      assert.deepStrictEqual(lines.filter(({ level }) => level === "Warn").map(({ message }) => message), [
        "2 of 6 records were not begun, and are to be delivered again"
      ])
    }))

  it.effect("takes the groups of a fair queue for no order", () =>
    Effect.gen(function*() {
      const handler = Batch.sqs({ record: Sqs.Record }, ({ body }) => obeying()(body))
      const { Records } = fifo(["x", "fail"], ["x", "a"])
      const { answer } = yield* invoke(handler, {
        Records: Records.map((record) => changed(record, { eventSourceARN: "arn:aws:sqs:us-east-2:123456789012:fair" }))
      })
      assert.deepStrictEqual(answer, items(messageId(0)))
    }))
})

describe("Batch.kinesis", () => {
  it.effect("answers the lowest sequence number, and begins nothing behind it", () =>
    Effect.gen(function*() {
      const processed: Array<string> = []
      const handler = Batch.kinesis(
        { record: Kinesis.recordOf(Schema.String), concurrency: 1 },
        ({ kinesis }) => obeying(processed)(kinesis.data)
      )
      const { answer, lines } = yield* invoke(
        handler,
        shard(["x", "\"a\""], ["y", "\"fail\""], ["x", "\"b\""], ["y", "\"fail\""])
      )
      assert.deepStrictEqual(answer, items(sequenceNumber(1)))
      assert.deepStrictEqual(processed, ["a"])
      assert.strictEqual(lines.filter(({ level }) => level === "Error").length, 1)
    }))

  it.effect("goes on with what stands before a failure", () =>
    Effect.gen(function*() {
      const processed: Array<string> = []
      const handler = Batch.kinesis({ record: Kinesis.recordOf(Schema.String), concurrency: 2 }, ({ kinesis }) =>
        kinesis.data === "x1"
          ? Effect.andThen(Effect.sleep("1 second"), obeying(processed)(kinesis.data))
          : obeying(processed)(kinesis.data))
      // The last is of a key that is free, and behind the failure.
      const fiber = yield* Effect.forkChild(
        invoke(handler, shard(["x", "\"x1\""], ["x", "\"x2\""], ["y", "\"fail\""], ["z", "\"z1\""])),
        { startImmediately: true }
      )
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual((yield* Fiber.join(fiber)).answer, items(sequenceNumber(2)))
      assert.deepStrictEqual(processed, ["x1", "x2"])
    }))

  it.effect("starts again at the first failure, however late others fail", () =>
    Effect.gen(function*() {
      const begun: Array<number> = []
      const handler = Batch.kinesis({ record: Kinesis.recordOf(Schema.Int) }, ({ kinesis }) => {
        begun.push(kinesis.data)
        return Effect.andThen(
          Effect.sleep(`${kinesis.data} seconds`),
          kinesis.partitionKey === "fine" ? Effect.void : Effect.fail("failed")
        )
      })
      const fiber = yield* Effect.forkChild(
        invoke(handler, shard(["fine", 3], ["fails", 1], ["fine", 0], ["fails late", 2]), { timeout: "1 minute" }),
        { startImmediately: true }
      )
      yield* TestClock.adjust("3 seconds")
      assert.deepStrictEqual((yield* Fiber.join(fiber)).answer, items(sequenceNumber(1)))
      assert.deepStrictEqual(begun, [3, 1, 2])
    }))

  it.effect("compares sequence numbers of any length", () =>
    Effect.gen(function*() {
      const handler = Batch.kinesis({ record: Kinesis.Record }, ({ kinesis }) => obeying()(kinesis.partitionKey))
      const { Records } = shard(["a", "1"], ["fail 1", "2"], ["fail 2", "3"], ["fail 3", "3"])
      const numbers = ["9", "10", "0009", "49590338271490256608559692538361571095921575989136588898"]
      const numbered = Records.map((record, index) =>
        changed(record, { kinesis: changed(record.kinesis, { sequenceNumber: numbers[index] ?? "" }) })
      )
      const { answer } = yield* invoke(handler, { Records: numbered })
      assert.deepStrictEqual(answer, items("0009"))
    }))

  it.effect("gives data as bytes", () =>
    Effect.gen(function*() {
      const seen: Array<unknown> = []
      const handler = Batch.kinesis({ record: Kinesis.Record }, ({ kinesis }) =>
        Effect.sync(() => seen.push(kinesis.data)))
      yield* invoke(handler, shard(["x", Uint8Array.of(1, 255)]))
      assert.deepStrictEqual(seen, [Uint8Array.of(1, 255)])
    }))
})

describe("Batch.dynamoDb", () => {
  const record = DynamoDb.recordOf({
    key: Schema.Struct({ Id: Schema.Int }),
    item: Schema.Struct({ Id: Schema.Int, Message: Schema.String })
  })

  it.effect("keeps the order of the changes of an item, whatever the order of its attributes", () =>
    Effect.gen(function*() {
      const running: Array<string> = []
      let most = 0
      const [first] = DynamoDb.sample().Records
      const change = (index: number, keys: object) => ({
        ...first,
        dynamodb: { ...first?.dynamodb, Keys: keys, SequenceNumber: String(100 + index) }
      })
      const handler = Batch.dynamoDb({ record: DynamoDb.Record }, ({ dynamodb }) =>
        Effect.gen(function*() {
          running.push(dynamodb.SequenceNumber)
          most = Math.max(most, running.length)
          yield* Effect.yieldNow
          running.pop()
        }))
      yield* invoke(handler, {
        Records: [
          change(0, { Id: { N: "1" }, Sort: { S: "a" } }),
          change(1, { Sort: { S: "a" }, Id: { N: "1" } }),
          change(2, { Id: { N: "1" }, Sort: { S: "a" } })
        ]
      })
      assert.strictEqual(most, 1)
    }))

  it.effect("answers the sequence number of the first change that does not decode", () =>
    Effect.gen(function*() {
      const handler = Batch.dynamoDb({ record, concurrency: 1 }, () => Effect.void)
      const { Records } = DynamoDb.sample()
      const [first, second] = Records
      const { answer, errors: [line] } = yield* invoke(handler, {
        Records: [first, {
          ...second,
          dynamodb: { ...second?.dynamodb, NewImage: { Id: { N: "101" }, Message: { BOOL: true } } }
        }]
      })
      assert.deepStrictEqual(answer, items(second?.dynamodb.SequenceNumber))
      assert.include(String(line && Cause.squash(line.cause)), "Records[1].dynamodb.NewImage.Message")
      assert.deepInclude(line?.annotations, { sequenceNumber: second?.dynamodb.SequenceNumber })
    }))
})

describe("Batch.kafka", () => {
  const record = Kafka.recordOf(Schema.String)

  it.effect("begins nothing behind a failure in its partition, and goes on with the others", () =>
    Effect.gen(function*() {
      const processed: Array<string> = []
      const handler = Batch.kafka({ record }, ({ value }) => obeying(processed)(value ?? ""))
      const { answer, errors } = yield* invoke(
        handler,
        topics({ "orders-0": ["\"a\"", "\"fail\"", "\"b\""], "orders-1": ["\"c\"", "\"d\""] })
      )
      assert.deepStrictEqual(
        answer,
        items({ partition: "orders-0", offset: 16 }, { partition: "orders-0", offset: 17 })
      )
      assert.deepStrictEqual(processed.toSorted(), ["a", "c", "d"])
      assert.deepInclude(errors[0]?.annotations, { partition: "orders-0", offset: 16 })
    }))

  it.effect("reads a cluster that one runs oneself", () =>
    Effect.gen(function*() {
      const { eventSourceArn: _, ...event } = topics({ "orders-3": ["\"a\"", "7"] })
      const handler = Batch.kafka({ record }, () => Effect.void)
      const { answer, errors: [line] } = yield* invoke(handler, { ...event, eventSource: "SelfManagedKafka" })
      assert.deepStrictEqual(answer, items({ partition: "orders-3", offset: 16 }))
      assert.include(String(line && Cause.squash(line.cause)), "records[\"orders-3\"][1].value: Expected string")
    }))

  it.effect.each([["partition", 1], ["key", 3]] as const)(
    "processes by %s",
    ([order, expected]) =>
      Effect.gen(function*() {
        let running = 0
        let most = 0
        const handler = Batch.kafka({ record, order }, () =>
          Effect.gen(function*() {
            most = Math.max(most, ++running)
            yield* Effect.yieldNow
            running--
          }))
        // The sample gives every record a key of its own.
        const { answer } = yield* invoke(handler, topics({ "orders-0": ["\"a\"", "\"b\"", "\"c\""] }))
        assert.deepStrictEqual(answer, items())
        assert.strictEqual(most, expected)
      })
  )

  it.effect("refuses what is no batch of Kafka", () =>
    Effect.gen(function*() {
      const { error } = yield* invoke(Batch.kafka({ record }, () => Effect.void), Sqs.sample())
      assert.include(error?.errorMessage, "this looks like an SQS event; the handler expects a Kafka event")
    }))
})

describe("the deadline", () => {
  /** Invokes in a fiber, so that the clock can be moved. */
  const begin = <E, R>(handler: Handler<E, R>, event: unknown, timeout: number) =>
    Effect.forkChild(invoke(handler, event, { timeout }), { startImmediately: true })

  it.effect("interrupts what runs, begins nothing more, and answers in time", () =>
    Effect.gen(function*() {
      const closed: Array<string> = []
      const handler = Batch.sqs({ record: Sqs.Record, concurrency: 2 }, ({ body }) =>
        Effect.gen(function*() {
          yield* Effect.addFinalizer(() => Effect.sync(() => closed.push(body)))
          if (body.startsWith("slow")) yield* Effect.sleep("1 hour")
        }))
      const fiber = yield* begin(handler, standard("a", "slow b", "slow c", "d"), 10_000)
      yield* TestClock.adjust(8_999)
      assert.deepStrictEqual(closed, ["a"])
      yield* TestClock.adjust(1)
      const { answer, errors, lines } = yield* Fiber.join(fiber)
      assert.deepStrictEqual(answer, items(messageId(1), messageId(2), messageId(3)))
      assert.deepStrictEqual(closed.toSorted(), ["a", "slow b", "slow c"])
      assert.deepStrictEqual(errors.map(({ annotations, message }) => [message, annotations["messageId"]]), [
        ["a record was interrupted: the time is over", messageId(1)],
        ["a record was interrupted: the time is over", messageId(2)]
      ])
      assert.include(lines.map(({ message }) => message).join(), "1 of 4 records were not begun")
    }))

  it.effect("is kept with the margin that is asked for", () =>
    Effect.gen(function*() {
      const interrupted = yield* Deferred.make<void>()
      const handler = Batch.sqs({ record: Sqs.Record, deadlineMargin: "3 seconds" }, ({ body }) =>
        body === "a" ? Effect.void : Effect.onInterrupt(Effect.never, () =>
          Deferred.succeed(interrupted, undefined)))
      const fiber = yield* begin(handler, standard("a", "b"), 10_000)
      yield* TestClock.adjust(6_999)
      assert.isFalse(yield* Deferred.isDone(interrupted))
      yield* TestClock.adjust(1)
      assert.isTrue(yield* Deferred.isDone(interrupted))
      assert.deepStrictEqual((yield* Fiber.join(fiber)).answer, items(messageId(1)))
    }))

  it.effect("leaves half of a short time to the records", () =>
    Effect.gen(function*() {
      const handler = Batch.sqs({ record: Sqs.Record }, ({ body }) => body === "a" ? Effect.sleep(400) : Effect.never)
      const fiber = yield* begin(handler, standard("a", "b"), 1_000)
      yield* TestClock.adjust(500)
      assert.deepStrictEqual((yield* Fiber.join(fiber)).answer, items(messageId(1)))
    }))

  it.effect("does not wait for what cannot be interrupted", () =>
    Effect.gen(function*() {
      const latch = yield* Deferred.make<void>()
      const handler = Batch.sqs({ record: Sqs.Record }, ({ body }) =>
        body === "a" ? Effect.void : Effect.uninterruptible(Deferred.await(latch)))
      const fiber = yield* begin(handler, standard("a", "b"), 10_000)
      yield* TestClock.adjust(9_499)
      assert.isUndefined(fiber.pollUnsafe())
      yield* TestClock.adjust(1)
      const { answer, lines } = yield* Fiber.join(fiber)
      assert.deepStrictEqual(answer, items(messageId(1)))
      yield* Deferred.succeed(latch, undefined)
      yield* Effect.yieldNow
      assert.deepStrictEqual(lines.map(({ annotations, message }) => [message, annotations["messageId"]]), [
        ["a record was interrupted, and goes on all the same: the time is over", messageId(1)]
      ])
    }))

  it.effect("waits half of the margin for finalizers", () =>
    Effect.gen(function*() {
      const handler = Batch.sqs({ record: Sqs.Record }, ({ body }) =>
        body === "a" ? Effect.void : Effect.onInterrupt(Effect.never, () => Effect.sleep(499)))
      const fiber = yield* begin(handler, standard("a", "b"), 10_000)
      yield* TestClock.adjust(9_498)
      assert.isUndefined(fiber.pollUnsafe())
      yield* TestClock.adjust(1)
      const { answer, errors } = yield* Fiber.join(fiber)
      assert.deepStrictEqual(answer, items(messageId(1)))
      assert.deepStrictEqual(
        errors.map(({ message }) =>
          message
        ),
        ["a record was interrupted: the time is over"]
      )
    }))

  it.effect.each([0, 5_000, Infinity])("of %s is ignored where it says nothing", (deadline) =>
    Effect.gen(function*() {
      yield* TestClock.adjust(5_000)
      const handler = Batch.sqs({ record: Sqs.Record }, () => Effect.sleep("1 day"))
      const fiber = yield* Effect.provideService(
        handler,
        Invocation.Invocation,
        Invocation.make({ requestId: "1", payload: new TextEncoder().encode(JSON.stringify(standard("a"))), deadline })
      ).pipe(Effect.forkChild({ startImmediately: true }))
      yield* TestClock.adjust("1 day")
      const response = yield* Fiber.join(fiber)
      assert.strictEqual(response._tag === "Buffered" && response.body, "{\"batchItemFailures\":[]}")
    }))

  it.effect("starts again at the right place of a stream", () =>
    Effect.gen(function*() {
      const handler = Batch.kinesis({ record: Kinesis.Record }, ({ kinesis }) =>
        kinesis.partitionKey === "slow" ? Effect.never : Effect.void)
      const fiber = yield* begin(handler, shard(["a", 1], ["slow", 2], ["b", 3], ["slow", 4]), 10_000)
      yield* TestClock.adjust(9_000)
      assert.deepStrictEqual((yield* Fiber.join(fiber)).answer, items(sequenceNumber(1)))
    }))

  it.effect.each([["100 millis", true], ["2 seconds", false]] as const)(
    "comes before or after that of Lambda.DeadlineMargin, here %s",
    ([margin, answers]) =>
      Effect.gen(function*() {
        const handler = Batch.sqs({ record: Sqs.Record }, ({ body }) => body === "a" ? Effect.void : Effect.never)
        const fiber = yield* LambdaTest.LambdaTest.use(({ invoke }) =>
          Effect.result(invoke(standard("a", "b"), { timeout: 10_000 }))
        ).pipe(
          Effect.provide(LambdaTest.layer(
            Lambda.serve(handler).pipe(
              Layer.provideMerge(Layer.succeed(Lambda.DeadlineMargin, margin))
            )
          )),
          Effect.provide(capture([])),
          Effect.forkChild({ startImmediately: true })
        )
        yield* TestClock.adjust("9 seconds")
        const result = yield* Fiber.join(fiber)
        if (answers) return assert.deepStrictEqual(result, Result.succeed(items(messageId(1))))
        assert.include(JSON.stringify(result), "Function.DeadlineExceeded")
      })
  )
})

describe("the interruption of the whole function", () => {
  it.effect("stays one, and reaches the records with their finalizers", () =>
    Effect.gen(function*() {
      const started = yield* Deferred.make<void>()
      let closed = false
      const handler = Batch.sqs({ record: Sqs.Record }, () =>
        Effect.gen(function*() {
          yield* Effect.addFinalizer(() => Effect.sync(() => (closed = true)))
          yield* Deferred.succeed(started, undefined)
          yield* Effect.never
        }))
      for (const deadline of [Infinity, 60_000]) {
        closed = false
        const fiber = yield* Effect.provideService(
          handler,
          Invocation.Invocation,
          Invocation.make({
            requestId: "1",
            payload: new TextEncoder().encode(JSON.stringify(standard("a"))),
            deadline
          })
        ).pipe(Effect.forkChild({ startImmediately: true }))
        yield* Deferred.await(started)
        yield* Fiber.interrupt(fiber)
        const exit = yield* Fiber.await(fiber)
        assert.isTrue(exit._tag === "Failure" && Cause.hasInterruptsOnly(exit.cause))
        assert.isTrue(closed)
      }
    }))
})
