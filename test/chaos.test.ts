import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Buffer } from "node:buffer"
import { randomInt } from "node:crypto"
import * as Net from "node:net"
import type { Posted } from "../bench/chaos/expectations.ts"
import { flatnessOf } from "../bench/chaos/flatness.ts"
import { excuses, Ledger } from "../bench/chaos/ledger.ts"
import { makePlan, type Plan } from "../bench/chaos/plan.ts"
import { allMalformed, requestIdOf } from "../bench/chaos/responses.ts"
import { type Environment, runChaos } from "../bench/chaos/run.ts"
import { renderSummary, renderViolation } from "../bench/chaos/summary.ts"
import { Wire } from "../bench/chaos/wire.ts"
import { ResponseParser } from "../src/internal/http1/responseParser.ts"

const environments: ReadonlyArray<Environment> = [
  { name: "16 workers", workers: 16, pipelining: false, share: 0.47 },
  { name: "16 workers, pipelining", workers: 16, pipelining: true, share: 0.47 },
  { name: "1 worker", workers: 1, pipelining: false, share: 0.03 },
  { name: "1 worker, pipelining", workers: 1, pipelining: true, share: 0.03 }
]

const seeds = ["tea", randomInt(2 ** 32).toString(16)]

describe("a function whose Lambda does everything wrong", () => {
  it.live.each(seeds)(
    "answers every event once, and keeps nothing of it (seed %s)",
    (seed) =>
      Effect.gen(function*() {
        const reports = yield* Effect.promise(() =>
          runChaos({ seed, invocations: 2_500, environments, firstLook: 600, laterLooks: 1_000 })
        )
        const violations = reports.flatMap(({ violations }) => violations)
        assert.deepStrictEqual(violations.map(renderViolation), [], `seed ${seed}`)
        assert.strictEqual(reports.reduce((sum, { settled }) => sum + settled, 0), 2_500)
        // Too few to say anything of the heap; what is open is open from the start.
        const grown = reports.filter(({ environment }) => environment.workers > 1).flatMap(({ looks }) =>
          flatnessOf(looks).filter(({ isFlat, unit }) => unit === "" && !isFlat)
        )
        assert.deepStrictEqual(grown, [])
        assert.include(renderSummary(reports), "✔ 2,500 events are accounted for")
      }),
    120_000
  )
})

describe("the faults", () => {
  it("follow from the seed and the number of the event", () => {
    const plans = (seed: string) => Array.from({ length: 100 }, (_, n) => makePlan(seed, n, false))
    assert.deepStrictEqual(plans("tea"), plans("tea"))
    assert.notDeepEqual(plans("tea"), plans("coffee"))
  })

  it.each(allMalformed.map((bytes, index) => [index, bytes.toString("latin1", 0, 60), bytes] as const))(
    "malformed response %d is one, and its beginning is not a whole one: %j",
    (_index, _start, bytes) => {
      for (const cut of [bytes.length, Math.floor(bytes.length / 2), 1]) {
        const parser = new ResponseParser()
        const emitted: Array<unknown> = []
        const first = parser.push(Buffer.from(bytes.subarray(0, cut)), (response) => emitted.push(response))
        const refused = first ?? parser.push(Buffer.from(bytes.subarray(cut)), (response) => emitted.push(response))
        assert.isString(refused)
        assert.deepStrictEqual(emitted, [])
      }
    }
  )
})

describe("the ledger", () => {
  const wire = (number: number) => new Wire(number, new Net.Socket())

  /** An event that the handler answers, and with which nothing goes wrong. */
  const plain: Plan = {
    ...makePlan("any", 1, false),
    event: { behaviour: "answer", n: 1, size: 1, elements: 1, millis: 0, text: "tea" },
    eventFault: "none",
    hasInvocationId: false
  }

  const answer = (text: string, n: number = 1): Posted => ({
    kind: "response",
    body: Buffer.from(JSON.stringify({ n, requestId: requestIdOf(n), store: requestIdOf(n), text })),
    isChunked: false,
    trailers: { errorType: undefined, errorBody: undefined },
    errorType: undefined,
    invocationId: undefined,
    responseMode: undefined
  })

  const open = (log: string = "") => {
    const ledger = new Ledger(() => log)
    const connection = wire(1)
    const entry = ledger.begin(plain, connection)
    const attempt = (outcome: "open" | "told" | "lost", posted?: Posted) => {
      const begun = ledger.beginAttempt(1, connection)
      if (begun === undefined) return
      if (posted !== undefined) ledger.complete(begun, connection, posted)
      begun.outcome = outcome
    }
    return { ledger, connection, entry, attempt, violations: () => ledger.violations.map(({ what }) => what) }
  }

  it("takes one answer", () => {
    const { attempt, ledger, violations } = open()
    attempt("told", answer("tea"))
    ledger.settle()
    assert.deepStrictEqual(violations(), [])
    assert.deepStrictEqual(ledger.answers.entries(), [["buffered answer", 1]])
  })

  it("takes the same answer again when the first may be lost", () => {
    const { attempt, ledger, violations } = open()
    attempt("lost", answer("tea"))
    attempt("told", answer("tea"))
    ledger.settle()
    assert.deepStrictEqual([violations(), ledger.repeated, ledger.answers.total], [[], 1, 1])
  })

  it("notices an event without an answer", () => {
    const { ledger, violations } = open(`one\ttwo\n${requestIdOf(1)}\tthree\n`)
    ledger.settle()
    assert.deepStrictEqual(violations(), ["no answer"])
    assert.deepStrictEqual(ledger.violations[0]?.log, [`${requestIdOf(1)}\tthree`])
  })

  it("notices an answer that was cut and never said again", () => {
    const { attempt, ledger, violations } = open()
    attempt("lost")
    ledger.settle()
    assert.deepStrictEqual(violations(), ["no answer"])
  })

  it("notices a second answer", () => {
    const { attempt, violations } = open()
    attempt("told", answer("tea"))
    attempt("told", answer("tea"))
    assert.deepStrictEqual(violations(), ["a second answer, though the first was settled"])
  })

  it("notices a second answer while the first is being said", () => {
    const { attempt, violations } = open()
    attempt("open")
    attempt("told", answer("tea"))
    assert.deepStrictEqual(violations(), ["a second answer while the first is being said"])
  })

  it("notices a third answer", () => {
    const { attempt, violations } = open()
    for (let time = 0; time < 3; time++) attempt("lost", answer("tea"))
    assert.deepStrictEqual(violations(), ["a third answer"])
  })

  it("notices the answer to another event", () => {
    const { attempt, violations } = open()
    attempt("told", answer("tea", 2))
    assert.strictEqual(violations().length, 1)
    assert.match(violations().join(), /^a wrong answer: 118 bytes in place of 118: /)
  })

  it("notices an answer to an event that is settled, or that nobody was given", () => {
    const { attempt, connection, ledger, violations } = open()
    attempt("told", answer("tea"))
    ledger.settle()
    attempt("told", answer("tea"))
    ledger.beginAttempt(2, connection)
    assert.deepStrictEqual(
      violations(),
      [1, 2].map((n) => `an answer to ${requestIdOf(n)}, which was settled before or never handed over`)
    )
  })

  it("notices an answer to an event that did not arrive whole", () => {
    const { attempt, entry, ledger, violations } = open()
    ledger.excuse(entry, "cut")
    attempt("told", answer("tea"))
    assert.deepStrictEqual(violations(), ["an answer to an event that did not arrive whole"])
  })

  it("lets an event be without an answer by a rule, if the log says so", () => {
    const { entry, ledger, violations } = open()
    ledger.excuse(entry, "lostTwice")
    ledger.settle()
    assert.deepStrictEqual(ledger.unanswered.entries(), [["lostTwice", 1]])
    ledger.explain(1)
    ledger.closeUnexplained()
    assert.deepStrictEqual(violations(), [])
  })

  it("notices an answer that is lost without a word in the log", () => {
    const { entry, ledger, violations } = open()
    ledger.excuse(entry, "lostTwice")
    ledger.settle()
    ledger.closeUnexplained()
    assert.deepStrictEqual(violations(), ["the answer is lost, and the log says nothing of it"])
  })

  it("has no rule that is told twice", () => {
    assert.strictEqual(new Set(Object.values(excuses)).size, Object.keys(excuses).length)
  })
})
