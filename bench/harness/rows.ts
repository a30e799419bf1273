/** The performance budget: what is compared with what, and the bar that each comparison has to pass. */
import type { Contender, ExperimentName } from "./experiments.ts"

export type Unit = "%" | "µs" | "ms" | "MB" | "MB/s" | "/s" | "KB"

/** A ratio or difference within one round against a peer, or the number itself. */
export type Comparison =
  & {
    /** Nothing, where the comparison only informs. */
    readonly bar?: { readonly limit: number; readonly direction: "atMost" | "atLeast" } | undefined
    /** The number that is compared, where it is not the row's. */
    readonly metric?: { readonly name: string; readonly unit: Unit } | undefined
    /** The contender on our side, where it is not the row's. */
    readonly contender?: Contender | undefined
  }
  & ({ readonly kind: "ratio" | "difference"; readonly peer: Contender } | { readonly kind: "value" })

export interface Row {
  readonly id: string
  readonly title: string
  readonly experiment: ExperimentName | "bundle"
  readonly contender: Contender
  readonly metric: string
  readonly unit: Unit
  readonly comparisons: ReadonlyArray<Comparison>
}

const atMost = (limit: number) => ({ limit, direction: "atMost" }) as const
const atLeast = (limit: number) => ({ limit, direction: "atLeast" }) as const

/** In the order in which they are printed. */
export const rows: ReadonlyArray<Row> = [
  {
    id: "cpu",
    title: "CPU per warm invocation, hello JSON with Schema both ways",
    experiment: "hello",
    contender: "ours",
    metric: "cpu",
    unit: "µs",
    comparisons: [
      { kind: "ratio", peer: "ric", bar: atMost(0.6) },
      { kind: "ratio", peer: "bare", bar: atMost(1.3) }
    ]
  },
  {
    id: "pipelining",
    title: "CPU per warm invocation, the same with pipelining",
    experiment: "hello",
    contender: "oursPipelining",
    metric: "cpu",
    unit: "µs",
    comparisons: [
      { kind: "ratio", peer: "ric", bar: atMost(0.4) },
      { kind: "ratio", peer: "ric", bar: atLeast(2), metric: { name: "rate", unit: "/s" } },
      { kind: "ratio", peer: "barePipelining" }
    ]
  },
  {
    id: "latency",
    title: "p50 from event written to response read",
    experiment: "hello",
    contender: "ours",
    metric: "p50",
    unit: "µs",
    comparisons: [
      { kind: "ratio", peer: "ric", bar: atMost(0.7) },
      { kind: "ratio", peer: "bare", bar: atMost(1.25) }
    ]
  },
  {
    id: "start",
    title: "Spawn to first poll, bundled hello",
    experiment: "start",
    contender: "ours",
    metric: "time",
    unit: "ms",
    comparisons: [
      { kind: "difference", peer: "bare", bar: atMost(20) },
      { kind: "difference", peer: "bare", contender: "oursBuilt", bar: atMost(15) },
      { kind: "ratio", peer: "ric", contender: "oursBuilt", bar: atMost(1) },
      { kind: "ratio", peer: "ric" }
    ]
  },
  {
    id: "memory",
    title: "Peak memory after the warm-up, 20,000 hello invocations unless set otherwise",
    experiment: "hello",
    contender: "ours",
    metric: "peak",
    unit: "MB",
    comparisons: [
      { kind: "ratio", peer: "ric", contender: "oursBuilt", bar: atMost(1) },
      { kind: "ratio", peer: "ric" },
      { kind: "ratio", peer: "bare" }
    ]
  },
  {
    id: "concurrency",
    title: "64 concurrent invocations of 50 ms: peak memory, CPU, spawn to first poll, share of the ideal rate",
    experiment: "concurrent",
    contender: "ours",
    metric: "peak",
    unit: "MB",
    comparisons: [
      { kind: "ratio", peer: "ric", contender: "oursBuilt", bar: atMost(0.45) },
      { kind: "ratio", peer: "ric", contender: "oursBuilt", bar: atMost(0.45), metric: { name: "cpu", unit: "µs" } },
      { kind: "ratio", peer: "ric", contender: "oursBuilt", bar: atMost(0.35), metric: { name: "start", unit: "ms" } },
      { kind: "value", contender: "oursBuilt", bar: atLeast(95), metric: { name: "rate", unit: "%" } },
      { kind: "ratio", peer: "ric" },
      { kind: "ratio", peer: "ric", metric: { name: "cpu", unit: "µs" } },
      { kind: "ratio", peer: "ric", metric: { name: "start", unit: "ms" } }
    ]
  },
  {
    id: "threads",
    title: "The same in several threads: peak memory, CPU, spawn to first poll, rate",
    experiment: "threads",
    contender: "oursThreads",
    metric: "peak",
    unit: "MB",
    comparisons: [
      { kind: "ratio", peer: "ric", bar: atMost(0.9) },
      { kind: "ratio", peer: "ric", bar: atMost(0.7), metric: { name: "cpu", unit: "µs" } },
      { kind: "ratio", peer: "ric", bar: atMost(1), metric: { name: "start", unit: "ms" } },
      { kind: "ratio", peer: "ric", metric: { name: "rate", unit: "/s" } },
      { kind: "ratio", peer: "ours" },
      { kind: "ratio", peer: "ours", metric: { name: "cpu", unit: "µs" } }
    ]
  },
  {
    id: "computing",
    title: "64 concurrent invocations that compute, in several threads: rate, CPU, peak memory, spawn to first poll",
    experiment: "computing",
    contender: "oursThreads",
    metric: "rate",
    unit: "/s",
    comparisons: [
      { kind: "ratio", peer: "ric" },
      { kind: "ratio", peer: "ric", bar: atMost(1.1), metric: { name: "cpu", unit: "µs" } },
      { kind: "ratio", peer: "ric", metric: { name: "peak", unit: "MB" } },
      { kind: "ratio", peer: "ric", metric: { name: "start", unit: "ms" } },
      { kind: "ratio", peer: "ours" }
    ]
  },
  {
    id: "stream",
    title: "200 MB streamed: memory growth, rate",
    experiment: "stream",
    contender: "ours",
    metric: "growth",
    unit: "MB",
    comparisons: [
      { kind: "value", bar: atMost(30) },
      { kind: "ratio", peer: "ric", bar: atLeast(1), metric: { name: "rate", unit: "MB/s" } },
      { kind: "ratio", peer: "bare", metric: { name: "rate", unit: "MB/s" } }
    ]
  },
  {
    id: "echo",
    title: "6 MB echo: p50 from event written to response read",
    experiment: "echo",
    contender: "ours",
    metric: "p50",
    unit: "ms",
    comparisons: [
      { kind: "ratio", peer: "ric", bar: atMost(0.8) },
      { kind: "ratio", peer: "bare" }
    ]
  },
  {
    id: "logs",
    title: "Records of JSON to the descriptor of managed runtimes, through console.info and through Effect: rate, CPU",
    experiment: "logs",
    contender: "oursConsoleFrames",
    metric: "rate",
    unit: "/s",
    comparisons: [
      { kind: "ratio", peer: "ricFrames" },
      { kind: "ratio", peer: "ricFrames", bar: atMost(1), metric: { name: "cpu", unit: "µs" } },
      { kind: "ratio", contender: "oursFrames", peer: "ricFrames" },
      { kind: "ratio", contender: "oursFrames", peer: "ricFrames", bar: atMost(1), metric: { name: "cpu", unit: "µs" } }
    ]
  },
  {
    id: "logsStdout",
    title:
      "Records to standard output, each written at once, where the peers collect them: through console.info, through Effect, of text",
    experiment: "logs",
    contender: "oursConsole",
    metric: "rate",
    unit: "/s",
    comparisons: [
      { kind: "ratio", peer: "pino" },
      { kind: "ratio", peer: "ric" },
      { kind: "ratio", contender: "ours", peer: "pino" },
      { kind: "ratio", contender: "ours", peer: "ric" },
      { kind: "ratio", contender: "oursText", peer: "ricText" }
    ]
  },
  {
    id: "events",
    title:
      "CPU to decode an event from its text: a request of an HTTP API, one of a REST API, 10 messages of a queue (whose times the peers leave as text)",
    experiment: "events",
    contender: "ours",
    metric: "httpApi",
    unit: "µs",
    comparisons: [
      { kind: "ratio", peer: "jsonParse", bar: atMost(2) },
      { kind: "ratio", peer: "powertools", bar: atMost(1) },
      { kind: "ratio", peer: "jsonParse", bar: atMost(2), metric: { name: "restApi", unit: "µs" } },
      { kind: "ratio", peer: "powertools", bar: atMost(1), metric: { name: "restApi", unit: "µs" } },
      { kind: "ratio", peer: "jsonParse", metric: { name: "sqs", unit: "µs" } },
      { kind: "ratio", peer: "powertools", metric: { name: "sqs", unit: "µs" } }
    ]
  },
  {
    id: "routes",
    title:
      "Three requests of an HTTP API, handlers alone: rate, CPU of all, of a path parameter, of JSON with schemas both ways, of an unknown path; bundle (ours with its runtime) minified, gzipped",
    experiment: "routes",
    contender: "ours",
    metric: "rate",
    unit: "/s",
    comparisons: [
      { kind: "ratio", peer: "hono", bar: atLeast(1) },
      { kind: "ratio", peer: "powertoolsRouter", bar: atLeast(1) },
      { kind: "ratio", peer: "hono", metric: { name: "cpu", unit: "µs" } },
      { kind: "ratio", peer: "powertoolsRouter", metric: { name: "cpu", unit: "µs" } },
      { kind: "ratio", peer: "hono", metric: { name: "hello", unit: "µs" } },
      { kind: "ratio", peer: "powertoolsRouter", metric: { name: "hello", unit: "µs" } },
      { kind: "ratio", peer: "hono", metric: { name: "order", unit: "µs" } },
      { kind: "ratio", peer: "powertoolsRouter", metric: { name: "order", unit: "µs" } },
      { kind: "ratio", peer: "hono", metric: { name: "missing", unit: "µs" } },
      { kind: "ratio", peer: "powertoolsRouter", metric: { name: "missing", unit: "µs" } },
      { kind: "ratio", peer: "hono", metric: { name: "minified", unit: "KB" } },
      { kind: "ratio", peer: "powertoolsRouter", metric: { name: "minified", unit: "KB" } },
      { kind: "ratio", peer: "hono", metric: { name: "gzipped", unit: "KB" } },
      { kind: "ratio", peer: "powertoolsRouter", metric: { name: "gzipped", unit: "KB" } }
    ]
  },
  {
    id: "tools",
    title:
      "The command line: build of hello, its zip file without and with the code cache, and from a change to ready in dev",
    experiment: "tools",
    contender: "ours",
    metric: "build",
    unit: "ms",
    comparisons: [
      { kind: "value", bar: atMost(2000) },
      { kind: "value", bar: atMost(60), metric: { name: "zip", unit: "KB" } },
      { kind: "value", metric: { name: "zipCached", unit: "KB" } },
      { kind: "value", bar: atMost(400), metric: { name: "reload", unit: "ms" } }
    ]
  },
  {
    id: "bundle",
    title: "Bundle of hello: minified, gzipped",
    experiment: "bundle",
    contender: "ours",
    metric: "minified",
    unit: "KB",
    comparisons: [
      { kind: "value", bar: atMost(110) },
      { kind: "value", bar: atMost(40), metric: { name: "gzipped", unit: "KB" } }
    ]
  }
]
