import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Buffer } from "node:buffer"
import { randomInt } from "node:crypto"
import * as Net from "node:net"
import { requestIdOf } from "../bench/chaos/chaosEvent.ts"
import type { Environment } from "../bench/chaos/environments.ts"
import * as soak from "../bench/chaos/environments.ts"
import type { Posted } from "../bench/chaos/expectations.ts"
import { flatnessOf, leastBetween, warmAfter } from "../bench/chaos/flatness.ts"
import { excuses, Ledger } from "../bench/chaos/ledger.ts"
import type { Look } from "../bench/chaos/look.ts"
import { makePlan, type Plan } from "../bench/chaos/plan.ts"
import { allMalformed } from "../bench/chaos/responses.ts"
import { type EnvironmentReport, runChaos } from "../bench/chaos/run.ts"
import { isSteady, renderPlan, renderSummary, renderViolation, summarize } from "../bench/chaos/summary.ts"
import { Tally } from "../bench/chaos/tally.ts"
import { Wire } from "../bench/chaos/wire.ts"
import { ResponseParser } from "../src/internal/http1/responseParser.ts"

const several = { workers: 16, threads: 1, pipelining: false }
const alone = { workers: 1, threads: 1, pipelining: false }
const threads = { workers: 16, threads: 2, pipelining: false }

/** Those of the soak, whose threads and processes live for less. */
const environments: ReadonlyArray<Environment> = [
  { ...several, name: "16 workers", share: 0.35 },
  { ...several, name: "16 workers, pipelining", pipelining: true, share: 0.35 },
  { ...threads, name: "threads of which some die", share: 0.12, deathEvery: () => 80 },
  { ...threads, name: "threads in processes that end", share: 0.12, deathEvery: () => 50, endEvery: 150 },
  { ...alone, name: "1 worker", share: 0.03 },
  { ...alone, name: "1 worker, pipelining", pipelining: true, share: 0.03 }
]

describe("the environments of the soak", () => {
  it("share out all invocations, and some of them to threads that die", () => {
    const shares = soak.environments.map((environment) => soak.invocationsOf(environment, 1_000_000))
    assert.strictEqual(shares.reduce((sum, share) => sum + share, 0), 1_000_000)
    assert.match(
      renderPlan({ environments: soak.environments, invocations: 1_000_000 }),
      /2 threads, of which 8 die +120,000/
    )
  })

  it("let no thread die ten times in a row, which would end its process", () => {
    for (const { deathEvery, endEvery = Number.POSITIVE_INFINITY, name } of soak.environments) {
      for (const invocations of [400, 40_000, 1_200_000]) {
        const every = deathEvery?.(invocations) ?? Number.POSITIVE_INFINITY
        assert.isBelow(Math.ceil(Math.min(invocations, endEvery) / every), 10, name)
      }
    }
  })
})

describe("whether what is held has grown", () => {
  const [environment] = soak.environments
  const look = (invocations: number, changes: Partial<Look> = {}): Look => ({
    invocations,
    heap: 10_000_000,
    threadHeap: undefined,
    buffers: 1_000_000,
    resident: 200_000_000,
    handles: 21,
    connectionHandles: 17,
    openScopes: 0,
    backgroundWork: 0,
    connections: 17,
    descriptors: 38,
    cpu: undefined,
    ...changes
  })
  const report = (environment: Environment, looks: ReadonlyArray<Look>): EnvironmentReport => ({
    environment,
    invocations: 0,
    processes: 1,
    looks,
    answers: new Tally(),
    unanswered: new Tally(),
    behaviours: new Tally(),
    settled: 0,
    repeated: 0,
    faults: new Tally(),
    violations: [],
    elapsed: 1
  })
  const verdicts = (environment: Environment, looks: ReadonlyArray<Look>) =>
    Object.fromEntries(flatnessOf(environment, looks).map(({ verdict, what }) => [what, verdict]))
  const long = warmAfter + leastBetween

  const judge = (first: Look, last: Look) => {
    assert.isDefined(environment)
    const reports = [report(environment!, [first, last])]
    return {
      verdicts: verdicts(environment!, [first, last]),
      summary: renderSummary(reports),
      isSteady: isSteady(reports),
      json: JSON.stringify(summarize(reports))
    }
  }

  it("is judged of a long run", () => {
    const flat = judge(look(warmAfter), look(long, { heap: 12_000_000, resident: 300_000_000 }))
    assert.deepStrictEqual([...new Set(Object.values(flat.verdicts))], ["flat"])
    assert.isTrue(flat.isSteady)
    assert.notInclude(flat.summary, "not judged")
    const grown = judge(look(warmAfter), look(long, { heap: 12_000_001 }))
    assert.deepStrictEqual([grown.verdicts["heap"], grown.verdicts["buffers"]], ["grown", "flat"])
    assert.isFalse(grown.isSteady)
    assert.include(grown.summary, "✘ heap")
    assert.include(grown.json, "\"verdict\":\"grown\"")
  })

  it.each(
    [
      ["49,999 invocations between the looks, not 50,000", look(warmAfter), look(long - 1, { heap: 99_000_000 })],
      ["first look after 9,999 invocations, not 10,000", look(warmAfter - 1), look(long, { heap: 99_000_000 })]
    ] as const
  )("is not judged of a short one, and never called good: %s", (reason, first, last) => {
    const { isSteady, json, summary, verdicts } = judge(first, last)
    assert.deepStrictEqual(
      [verdicts["heap"], verdicts["buffers"], verdicts["resident memory"]],
      ["notJudged", "notJudged", "notJudged"]
    )
    assert.notInclude(summary, "✔ heap")
    assert.match(summary, new RegExp(`– heap +not judged: ${reason}`))
    assert.include(summary, "– not judged: 3 of 7 measures")
    assert.include(json, "\"verdict\":\"notJudged\"")
    // What is open is.
    assert.deepStrictEqual([verdicts["open handles"], isSteady], ["flat", true])
  })

  it("is not judged of a single look, and not of what the system does not tell", () => {
    const first = look(warmAfter)
    assert.deepStrictEqual([...new Set(Object.values(verdicts(environment!, [first])))], ["notJudged"])
    const untold = judge(first, look(long, { descriptors: undefined }))
    assert.strictEqual(untold.verdicts["open files and sockets"], "notJudged")
    assert.include(untold.summary, "not judged: the system does not tell")
  })

  it("notices one handle, one file, one scope and one piece of work more", () => {
    for (
      const [name, what] of [
        ["handles", "open handles"],
        ["descriptors", "open files and sockets"],
        ["openScopes", "open scopes"],
        ["backgroundWork", "background work"]
      ] as const
    ) {
      const first = look(warmAfter)
      const last = look(warmAfter + 1, { [name]: (first[name] ?? 0) + 1 })
      assert.strictEqual(verdicts(environment!, [first, last])[what], "grown", what)
    }
  })

  it("is judged of threads without the connections that they keep", () => {
    const threaded = soak.environments.find(({ threads }) => threads > 1)
    const first = look(warmAfter, { threadHeap: 8_000_000 })
    const more = { handles: 31, connectionHandles: 27, connections: 27, descriptors: 48, buffers: 5_000_000 }
    const flat = verdicts(threaded!, [first, look(long, { threadHeap: 9_000_000, ...more })])
    assert.deepStrictEqual([...new Set(Object.values(flat))], ["flat"])
    const grown = verdicts(threaded!, [
      first,
      look(long, { threadHeap: 10_000_001, ...more, handles: 32, descriptors: 49 })
    ])
    assert.deepStrictEqual(
      Object.entries(grown).filter(([, verdict]) => verdict === "grown").map(([what]) => what),
      [
        "largest heap of a thread that serves",
        "open handles but connections",
        "open files and sockets but connections to Lambda"
      ]
    )
  })

  it("is not judged where processes end", () => {
    const ending = soak.environments.find(({ endEvery }) => endEvery !== undefined)
    const reports = [report(ending!, [look(warmAfter), look(long, { heap: 99_000_000 })])]
    assert.match(renderSummary(reports), /– memory, and what is open +not judged: its processes end/)
    assert.include(JSON.stringify(summarize(reports)), "\"verdict\":\"notJudged\",\"reason\":\"its processes end")
  })
})

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
        // Too few to say anything of memory; what is open is open from the start.
        const flatness = reports.filter(({ environment }) => soak.isLasting(environment)).flatMap(
          ({ environment, looks }) => flatnessOf(environment, looks)
        )
        for (const { reason, unit, verdict, what } of flatness) {
          const isTold = unit === "" && reason !== "the system does not tell"
          assert.deepStrictEqual([what, verdict], [what, isTold ? "flat" : "notJudged"])
        }
        assert.strictEqual(flatness.length, 7 + 7 + 8)
        assert.include(renderSummary(reports), "✔ 2,500 events are accounted for")
        // What only threads can do has been done.
        const [, , dying, ending] = reports
        for (const report of [dying, ending]) {
          const deaths = report?.behaviours.entries().filter(([name]) => /^(exit|crash|outOfMemory)$/.test(name)) ?? []
          assert.isAtLeast(deaths.reduce((sum, [, count]) => sum + count, 0), 3)
        }
        assert.strictEqual(dying?.processes, 1)
        // The last event ends a process too, and the run may be over before there is another one.
        assert.include([2, 3], ending?.processes)
      }),
    180_000
  )
})

describe("the faults", () => {
  it("follow from the seed and the number of the event", () => {
    const plans = (seed: string) => Array.from({ length: 100 }, (_, n) => makePlan(seed, n, { isAlone: false }))
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
    ...makePlan("any", 1, { isAlone: false }),
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

  /** What the main thread says of a thread that it has lost. */
  const death = (errorType: string, n: number = 1): Posted => ({
    ...answer("", n),
    kind: "error",
    body: Buffer.from(JSON.stringify({ errorType, errorMessage: "it has died" })),
    errorType
  })

  const open = (log: string = "", plan: Plan = plain) => {
    const ledger = new Ledger(() => log)
    const connection = wire(1)
    const entry = ledger.begin(plan, connection)
    const attempt = (outcome: "open" | "told" | "lost", posted?: Posted) => {
      const begun = ledger.beginAttempt(plan.n, connection, posted?.kind === "error" ? posted.errorType : undefined)
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

  describe("where threads die", () => {
    const killer = (behaviour: "exit" | "crash" | "outOfMemory"): Plan => ({
      ...plain,
      n: 2,
      event: { ...plain.event, behaviour, n: 2 }
    })

    /** An event is under way in a process in which the thread of another one dies. */
    const dying = (behaviour: "exit" | "crash" | "outOfMemory") => {
      const opened = open()
      const entry = opened.ledger.begin(killer(behaviour), opened.connection)
      opened.ledger.threatenUntilAnswered(behaviour, entry)
      return { ...opened, killer: entry }
    }

    it.each([["exit", "Runtime.ExitError"], ["outOfMemory", "Runtime.OutOfMemory"]] as const)(
      "takes the report of an event that has died by %s, and its own answer from one that has not",
      (behaviour, errorType) => {
        for (const posted of [answer("tea"), death(errorType)]) {
          const { attempt, ledger, violations } = dying(behaviour)
          attempt("told", posted)
          assert.deepStrictEqual(violations(), [])
          assert.strictEqual(ledger.answers.total, 1)
        }
      }
    )

    it("notices the report of another death", () => {
      const { attempt, violations } = dying("exit")
      attempt("told", death("Runtime.OutOfMemory"))
      assert.deepStrictEqual(violations().length, 1)
      assert.match(
        violations().join(),
        /^a wrong answer: .*the error Runtime\.OutOfMemory in place of Runtime\.ExitError/
      )
    })

    it("notices the report of a death where none has died", () => {
      const { attempt, violations } = open()
      attempt("told", death("Runtime.ExitError"))
      assert.strictEqual(violations()[0], "the report of a dead thread, and none has died")
    })

    it("notices an event of a dead thread that nobody reports", () => {
      const { attempt, ledger, violations } = dying("exit")
      attempt("told", answer("tea"))
      ledger.settle()
      assert.deepStrictEqual(violations(), ["no answer"])
    })

    it("takes a report after an answer that was cut, and one that comes too late", () => {
      for (const posted of [undefined, answer("tea")]) {
        const { attempt, ledger, violations } = dying("exit")
        attempt(posted === undefined ? "lost" : "told", posted)
        attempt("told", death("Runtime.ExitError"))
        assert.deepStrictEqual([violations(), ledger.answers.total], [[], 1])
      }
    })

    it("notices a second report", () => {
      const { attempt, violations } = dying("exit")
      attempt("told", death("Runtime.ExitError"))
      attempt("told", death("Runtime.ExitError"))
      assert.deepStrictEqual(violations(), ["a second answer, though the first was settled"])
    })

    it("notices the report of an event that the dead thread did not have", () => {
      for (const numbers of [[2], [2, 1]]) {
        const { attempt, ledger, violations } = dying("exit")
        attempt("told", death("Runtime.ExitError"))
        ledger.sayDead(numbers)
        ledger.closeUnexplained()
        assert.deepStrictEqual(
          violations(),
          numbers.includes(1) ? [] : ["reported as dead, and the thread that died did not have it"]
        )
      }
    })

    it("lets those fail that cannot be interrupted by a signal, and no event that comes later", () => {
      const { attempt, ledger, violations } = open()
      ledger.threaten("end")
      attempt("told", death("Runtime.ExitError"))
      assert.deepStrictEqual(violations(), [])
      const later = open("", plain)
      later.attempt("told", death("Runtime.Interrupted"))
      assert.match(later.violations().join(), /^a wrong answer/)
    })
  })

  it("has no rule that is told twice", () => {
    assert.strictEqual(new Set(Object.values(excuses)).size, Object.keys(excuses).length)
  })
})
