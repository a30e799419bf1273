/**
 * The function in a process of its own, as Lambda starts it.
 */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { readdirSync } from "node:fs"
import { bundlePath } from "../harness/bundle.ts"
import { lastWords } from "./chaosEvent.ts"

export interface FunctionOptions {
  readonly port: number
  readonly workers: number
  readonly threads: number
  readonly pipelining: boolean
  /** The function logs that it could not leave the answer to an event. */
  readonly onLost: (requestId: string) => void
  /** A thread says of events, by their numbers, that it dies with them. */
  readonly onDying: (numbers: ReadonlyArray<number>) => void
}

export interface ProcessEnd {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface FunctionProcess {
  readonly pid: number
  readonly ended: Promise<ProcessEnd>
  /** The last that it has printed. */
  readonly output: () => string
  readonly kill: (signal: NodeJS.Signals) => void
}

/** As text: the time, the request id, the level and the message. */
const lostLine = /^[^\t\n]*\t([\w-]+)\t[A-Z]+\t[^\n]*The invocation is over/gm

const dyingLine = new RegExp(`${lastWords}([\\d,]+)$`, "gm")

/** Enough for what all invocations of a thread answer, and soon used up: of each thread, in MiB. */
const heapOfThread = 128

/** Of what the function prints; a run prints gigabytes. */
const keptOutput = 1_000_000

export const startFunction = (
  { onDying, onLost, pipelining, port, threads, workers }: FunctionOptions
): FunctionProcess => {
  const heap = threads > 1 ? [`--max-old-space-size=${threads * heapOfThread}`] : []
  const child = spawn(process.execPath, ["--expose-gc", ...heap, bundlePath("chaos")], {
    env: {
      PATH: process.env["PATH"] ?? "",
      AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${port}`,
      AWS_LAMBDA_FUNCTION_NAME: "chaos",
      AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "1024",
      AWS_REGION: "eu-central-1",
      _HANDLER: "index.handler",
      LAMBDA_TASK_ROOT: process.cwd(),
      CHAOS_PIPELINING: String(pipelining),
      CHAOS_THREADS: String(threads),
      ...workers > 1 ? { AWS_LAMBDA_MAX_CONCURRENCY: String(workers) } : {}
    },
    stdio: ["ignore", "pipe", "pipe"]
  })
  let output = ""
  let incompleteLine = ""
  const readLines = (text: string) => {
    const end = text.lastIndexOf("\n") + 1
    const lines = incompleteLine + text.slice(0, end)
    incompleteLine = end === 0 ? incompleteLine + text : text.slice(end)
    if (end === 0) return
    if (lines.includes("The invocation is over")) {
      for (const [_, requestId = ""] of lines.matchAll(lostLine)) onLost(requestId)
    }
    if (threads > 1 && lines.includes(lastWords)) {
      for (const [_, numbers = ""] of lines.matchAll(dyingLine)) onDying(numbers.split(",").map(Number))
    }
  }
  const keep = (text: string) => {
    output += text
    if (output.length > 4 * keptOutput) output = output.slice(-keptOutput)
  }
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    keep(text)
    readLines(text)
  })
  child.stderr.setEncoding("utf8").on("data", keep)
  return {
    pid: child.pid ?? 0,
    // `close` comes when everything that was printed has arrived.
    ended: once(child, "close").then(() => ({ code: child.exitCode, signal: child.signalCode })),
    output: () => output.slice(-keptOutput),
    kill: (signal) => void child.kill(signal)
  }
}

/** Before the first. */
export const noProcess: FunctionProcess = {
  pid: 0,
  ended: Promise.resolve({ code: 0, signal: null }),
  output: () => "",
  kill: () => {}
}

/** Open files and sockets of a process, where the system tells. */
export const countDescriptors = (pid: number): number | undefined =>
  process.platform === "linux" ? readdirSync(`/proc/${pid}/fd`).length : undefined
