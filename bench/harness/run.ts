/**
 * One run: a mock Runtime API, a runtime under test that polls it, and what both say at each checkpoint.
 */
import { type ChildProcess, fork, spawn } from "node:child_process"
import { on, once } from "node:events"
import { fileURLToPath } from "node:url"
import { type ProcessUsage, processUsage } from "./procfs.ts"
import type { FromMock, Latencies, MockOptions, ToMock } from "./protocol.ts"

/** A runtime under test: the arguments of `node`, and its environment beyond what Lambda gives every function. */
export interface Subject {
  readonly name: string
  /** What is started in place of `node`, and takes none of its arguments. */
  readonly command?: string | undefined
  readonly arguments: ReadonlyArray<string>
  readonly environment?: Readonly<Record<string, string>> | undefined
}

export interface Checkpoint {
  readonly completed: number
  /** From the start of the process to the poll that the mock holds back, in milliseconds. */
  readonly sinceSpawn: number
  readonly latencies: Latencies | undefined
  readonly usage: ProcessUsage
}

export interface RunOptions extends MockOptions {
  /** Extra arguments of `node`, before the subject's own. */
  readonly nodeArguments?: ReadonlyArray<string> | undefined
  /** Whether the runtime under test can talk to the bench: needed by `inspect`, and not free. */
  readonly channel?: boolean | undefined
  /** Called at each checkpoint, while the runtime is idle. */
  readonly inspect?: ((checkpoint: Checkpoint, runtime: ChildProcess) => Promise<void>) | undefined
}

/** A run that makes no progress for this long is given up. */
const patience = 300_000

export const run = async (subject: Subject, options: RunOptions): Promise<ReadonlyArray<Checkpoint>> => {
  const children: Array<ChildProcess> = []
  const failure = new AbortController()
  const late = setTimeout(
    () => failure.abort(new Error(`${subject.name}: no progress for ${patience / 1000} seconds`)),
    patience
  )
  try {
    const mock = fork(fileURLToPath(new URL("../mockRuntimeApi.ts", import.meta.url)), [
      JSON.stringify(
        {
          scenario: options.scenario,
          checkpoints: options.checkpoints,
          maxInFlight: options.maxInFlight
        } satisfies MockOptions
      )
    ], { execArgv: [] })
    children.push(mock)
    mock.on("exit", (code) => failure.abort(new Error(`the mock Runtime API exited with ${code}`)))
    const messages = on(mock, "message", { signal: failure.signal })

    const { port } = await receive(messages, "listening")
    const spawnedAt = process.hrtime.bigint()
    const nodeArguments = subject.command === undefined ? options.nodeArguments ?? [] : []
    const runtime = spawn(subject.command ?? process.execPath, [...nodeArguments, ...subject.arguments], {
      env: { ...lambdaEnvironment(port), ...subject.environment },
      stdio: ["ignore", "pipe", "pipe", ...(options.channel === true ? ["ipc" as const] : [])]
    })
    // Before the mock when all is over: a runtime may treat the loss of its Runtime API as a failure.
    children.unshift(runtime)
    const output = lastOutput(runtime)
    runtime.on("error", (error) => failure.abort(error))
    runtime.on("exit", (code, signal) => {
      failure.abort(new Error(`${subject.name} exited with ${code ?? signal}:\n${output()}`))
    })

    const checkpoints: Array<Checkpoint> = []
    for (const expected of options.checkpoints) {
      if (checkpoints.length > 0) mock.send({ type: "continue" } satisfies ToMock)
      const message = await receive(messages, "checkpoint")
      late.refresh()
      if (message.completed !== expected) {
        throw new Error(`${message.completed} answers where ${expected} were expected`)
      }
      const checkpoint: Checkpoint = {
        completed: message.completed,
        sinceSpawn: Number(BigInt(message.polledAt) - spawnedAt) / 1e6,
        latencies: message.latencies,
        usage: processUsage(runtime.pid ?? 0)
      }
      checkpoints.push(checkpoint)
      await options.inspect?.(checkpoint, runtime)
    }
    return checkpoints
  } catch (error) {
    // What went wrong first, not that the wait for the next message was given up for it.
    throw failure.signal.aborted ? failure.signal.reason : error
  } finally {
    clearTimeout(late)
    for (const child of children) await stop(child)
  }
}

const receive = async <T extends FromMock["type"]>(
  messages: AsyncIterableIterator<Array<FromMock>>,
  type: T
): Promise<Extract<FromMock, { readonly type: T }>> => {
  const { value } = await messages.next()
  const message: FromMock | undefined = value?.[0]
  if (message?.type === "wrongAnswer") throw new Error(`wrong answer: ${message.description}`)
  if (message === undefined || !isOfType(message, type)) {
    throw new Error(`the mock Runtime API said ${message?.type} in place of ${type}`)
  }
  return message
}

const isOfType = <T extends FromMock["type"]>(
  message: FromMock,
  type: T
): message is Extract<FromMock, { readonly type: T }> => message.type === type

/** The end of what a process wrote, read as it comes so that the process never waits for a reader. */
const lastOutput = (child: ChildProcess): () => string => {
  let output = ""
  const keep = (text: string) => {
    output = (output + text).slice(-4096)
  }
  child.stdout?.setEncoding("utf8").on("data", keep)
  child.stderr?.setEncoding("utf8").on("data", keep)
  return () => output
}

/** Nothing of the bench's own environment, so that a run depends on nothing that happens to be set. */
const lambdaEnvironment = (port: number): Record<string, string> => ({
  PATH: process.env["PATH"] ?? "",
  AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${port}`,
  AWS_LAMBDA_FUNCTION_NAME: "bench",
  AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "1024",
  AWS_LAMBDA_LOG_GROUP_NAME: "/aws/lambda/bench",
  AWS_LAMBDA_LOG_STREAM_NAME: "2026/11/21/[$LATEST]bench",
  AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
  AWS_REGION: "eu-central-1",
  _HANDLER: "index.handler",
  LAMBDA_TASK_ROOT: process.cwd()
})

const stop = async (child: ChildProcess) => {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, "exit")
  child.kill("SIGTERM")
  const late = setTimeout(() => child.kill("SIGKILL"), 5_000)
  await exited
  clearTimeout(late)
}
