import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as Schema from "effect/Schema"
import * as Batch from "../src/Batch.ts"
import * as Kafka from "../src/events/Kafka.ts"
import * as Kinesis from "../src/events/Kinesis.ts"
import * as Sqs from "../src/events/Sqs.ts"
import type { Handler } from "../src/Handler.ts"
import * as Lambda from "../src/Lambda.ts"
import * as LambdaTest from "../src/LambdaTest.ts"

/** What a record holds: how it ends, and after how many turns. */
const Work = Schema.Struct({
  index: Schema.Int,
  ends: Schema.Literals(["succeed", "fail", "die", "interrupt"]),
  turns: Schema.Int
})

const Planned = Schema.Struct({
  lane: Schema.Literals(["a", "b", "c"]),
  ends: Schema.Literals(["succeed", "succeed", "succeed", "fail", "die", "interrupt", "poison"]),
  turns: Schema.Literals([0, 1, 2, 5])
})

const Plan = Schema.Array(Planned).check(Schema.isMaxLength(24))

const Concurrency = Schema.Literals([1, 2, 3, 8, "unbounded"])

type Plan = typeof Plan.Type

/** Runs the work of records, and keeps account of it. */
const makeWorkshop = (plan: Plan) => {
  const begun: Array<number> = []
  const succeeded: Array<number> = []
  const running = new Set<number>()
  const runningLanes: Array<string> = []
  let most = 0
  let overlaps = 0
  const process = ({ ends, index, turns }: typeof Work.Type) =>
    Effect.gen(function*() {
      const lane = plan[index]?.lane ?? ""
      begun.push(index)
      running.add(index)
      most = Math.max(most, running.size)
      if (runningLanes.includes(lane)) overlaps++
      runningLanes.push(lane)
      yield* Effect.addFinalizer(() =>
        Effect.sync(() => {
          running.delete(index)
          runningLanes.splice(runningLanes.indexOf(lane), 1)
        })
      )
      for (let turn = 0; turn < turns; turn++) yield* Effect.yieldNow
      if (ends === "fail") return yield* Effect.fail("failed")
      if (ends === "die") return yield* Effect.die("died")
      if (ends === "interrupt") return yield* Effect.interrupt
      succeeded.push(index)
    })
  return {
    process,
    begun,
    succeeded,
    most: () => most,
    overlaps: () => overlaps
  }
}

const payloadOf = ({ ends, turns }: Plan[number], index: number): unknown =>
  ends === "poison" ? { poison: index } : { index, ends, turns }

const isFine = ({ ends }: Plan[number]) => ends === "succeed"

const indexes = (plan: Plan) => Array.from(plan.keys())

/** The first record of a stretch that fails; behind all of them where none does. */
const firstFailure = (plan: Plan, isInStretch: (planned: Plan[number]) => boolean = () => true) => {
  const index = plan.findIndex((planned) => isInStretch(planned) && !isFine(planned))
  return index < 0 ? plan.length : index
}

const invoke = <E, R>(handler: Handler<E, R>, event: unknown) =>
  LambdaTest.LambdaTest.use(({ invoke }) => invoke(event)).pipe(
    Effect.provide(LambdaTest.layer(Lambda.serve(handler))),
    Effect.provide(Logger.layer([])),
    Effect.map((answer) => {
      const { batchItemFailures } = answer as { batchItemFailures: ReadonlyArray<{ itemIdentifier: unknown }> }
      return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)
    })
  )

const assertInOrder = (numbers: ReadonlyArray<number>) =>
  assert.deepStrictEqual(numbers, numbers.toSorted((a, b) => a - b))

const limitOf = (concurrency: typeof Concurrency.Type) => concurrency === "unbounded" ? Infinity : concurrency

const lanesOf = (plan: Plan) => Array.from(new Set(plan.map(({ lane }) => lane)))

const options = { onCompleteFailure: "report" } as const

const changed = <A extends object, B extends object>(record: A, fields: B) => ({ ...record, ...fields })

const sqsEvent = (plan: Plan, isFifo: boolean) => ({
  Records: plan.length === 0 ? [] : Sqs.sample(...plan.map(payloadOf)).Records.map((record, index) =>
    changed(record, {
      messageId: String(index),
      eventSourceARN: `${record.eventSourceARN}${isFifo ? ".fifo" : ""}`,
      attributes: changed(record.attributes, { MessageGroupId: plan[index]?.lane ?? "" })
    })
  )
})

describe("a batch of random records", () => {
  it.effect.prop(
    "of a standard queue: those that fail are answered, all are begun, and as many at a time as may be",
    [Plan, Concurrency],
    ([plan, concurrency]) =>
      Effect.gen(function*() {
        const workshop = makeWorkshop(plan)
        const handler = Batch.sqs(
          { ...options, record: Sqs.recordOf(Work), concurrency },
          ({ body }) => workshop.process(body)
        )
        const failed = yield* invoke(handler, sqsEvent(plan, false))
        assert.deepStrictEqual(failed, indexes(plan).filter((index) => !isFine(plan[index]!)).map(String))
        const decodable = indexes(plan).filter((index) => plan[index]?.ends !== "poison")
        assert.deepStrictEqual(workshop.begun, decodable)
        assert.isAtMost(workshop.most(), limitOf(concurrency))
        if (plan.every(({ ends, turns }) => ends !== "poison" && turns > 0)) {
          assert.strictEqual(workshop.most(), Math.min(limitOf(concurrency), plan.length))
        }
      }),
    { arbitrary: { runs: 300, size: 24 } }
  )

  it.effect.prop(
    "of a FIFO queue: a group ends with its first failure, and what lies behind it is answered too",
    [Plan, Concurrency],
    ([plan, concurrency]) =>
      Effect.gen(function*() {
        const workshop = makeWorkshop(plan)
        const handler = Batch.sqs(
          { ...options, record: Sqs.recordOf(Work), concurrency },
          ({ body }) => workshop.process(body)
        )
        const failed = yield* invoke(handler, sqsEvent(plan, true))
        const isAnswered = (index: number) => index >= firstFailure(plan, ({ lane }) => lane === plan[index]?.lane)
        assert.deepStrictEqual(failed, indexes(plan).filter(isAnswered).map(String))
        for (const group of lanesOf(plan)) {
          const ofGroup = (index: number) => plan[index]?.lane === group
          assert.deepStrictEqual(
            workshop.succeeded.filter(ofGroup),
            indexes(plan).filter((index) => ofGroup(index) && !isAnswered(index))
          )
          assertInOrder(workshop.begun.filter(ofGroup))
        }
        assert.strictEqual(workshop.overlaps(), 0)
        assert.isAtMost(workshop.most(), limitOf(concurrency))
      }),
    { arbitrary: { runs: 300, size: 24 } }
  )

  it.effect.prop(
    "of a stream: Lambda starts again at the first that fails, and what comes before it has been processed",
    [Plan, Concurrency],
    ([plan, concurrency]) =>
      Effect.gen(function*() {
        const workshop = makeWorkshop(plan)
        const handler = Batch.kinesis(
          { ...options, record: Kinesis.recordOf(Work), concurrency },
          ({ kinesis }) => workshop.process(kinesis.data)
        )
        const { Records } = Kinesis.sample(...plan.map(payloadOf))
        const failed = yield* invoke(handler, {
          Records: plan.length === 0 ? [] : Records.map((record, index) =>
            changed(record, {
              kinesis: changed(record.kinesis, {
                partitionKey: plan[index]?.lane ?? "",
                sequenceNumber: String(99 + index)
              })
            })
          )
        })
        const first = firstFailure(plan)
        assert.deepStrictEqual(failed, first < plan.length ? [String(99 + first)] : [])
        assert.deepStrictEqual(
          workshop.succeeded.filter((index) => index < first).toSorted((a, b) => a - b),
          indexes(plan).filter((index) => index < first)
        )
        for (const key of lanesOf(plan)) {
          const ofKey = workshop.begun.filter((index) => plan[index]?.lane === key)
          assertInOrder(ofKey)
          // Each of them once, and none left out in between.
          assert.deepStrictEqual(
            ofKey,
            indexes(plan).filter((index) => plan[index]?.lane === key && plan[index]?.ends !== "poison").slice(
              0,
              ofKey.length
            )
          )
        }
        if (concurrency === 1) {
          assertInOrder(workshop.begun)
          assert.isTrue(workshop.begun.every((index) => index <= first))
        }
        assert.strictEqual(workshop.overlaps(), 0)
        assert.isAtMost(workshop.most(), limitOf(concurrency))
      }),
    { arbitrary: { runs: 300, size: 24 } }
  )

  it.effect.prop(
    "of topics: a partition ends with its first failure, others go on",
    [Plan, Concurrency, Schema.Literals(["partition", "key"])],
    ([plan, concurrency, order]) =>
      Effect.gen(function*() {
        const workshop = makeWorkshop(plan)
        const handler = Batch.kafka(
          { ...options, record: Kafka.recordOf(Work), concurrency, order },
          ({ value }) => value === null || value === undefined ? Effect.void : workshop.process(value)
        )
        const [records = []] = Object.values(Kafka.sample(...plan.map(payloadOf)).records)
        const partitions = Object.fromEntries(
          lanesOf(plan).map((lane) => [
            `orders-${lane}`,
            records.flatMap((record, index) =>
              plan[index]?.lane === lane
                ? [changed(record, { offset: index, key: index % 2 === 0 ? "ZXZlbg==" : null })]
                : []
            )
          ])
        )
        const failed = yield* invoke(handler, { ...Kafka.sample(), records: partitions })
        const answered = failed.map((identifier) => {
          const { offset, partition } = identifier as { readonly offset: number; readonly partition: string }
          assert.strictEqual(partition, `orders-${plan[offset]?.lane}`)
          return offset
        })
        for (const lane of lanesOf(plan)) {
          const ofLane = (index: number) => plan[index]?.lane === lane
          const first = firstFailure(plan, (planned) => planned.lane === lane)
          const succeeded = workshop.succeeded.filter(ofLane)
          assert.deepStrictEqual(
            indexes(plan).filter((index) => ofLane(index) && index < first),
            succeeded.filter((index) => index < first).toSorted((a, b) => a - b)
          )
          // Whatever has not succeeded is answered, and nothing else.
          assert.deepStrictEqual(
            answered.filter(ofLane),
            indexes(plan).filter((index) => ofLane(index) && !succeeded.includes(index))
          )
          const begun = workshop.begun.filter(ofLane)
          if (order === "partition") {
            assertInOrder(begun)
            assert.isTrue(begun.every((index) => index <= first))
          } else {
            assertInOrder(begun.filter((index) => index % 2 === 0))
            assertInOrder(begun.filter((index) => index % 2 === 1))
          }
        }
        if (order === "partition") assert.strictEqual(workshop.overlaps(), 0)
        assert.isAtMost(workshop.most(), limitOf(concurrency))
      }),
    { arbitrary: { runs: 300, size: 24 } }
  )
})
