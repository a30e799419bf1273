/**
 * One run of a function that logs: records per second and microseconds of CPU for each, from the event to the
 * arrival of the last record, because what a logger has written may still wait in the memory of its process.
 */
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { createServer, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { Readable } from "node:stream"
import { fileURLToPath } from "node:url"
import { bundlePath } from "./bundle.ts"
import type { Contender } from "./experiments.ts"
import { ricEntry } from "./peers.ts"
import { processUsage } from "./procfs.ts"

const warmUp = 20_000
const measured = 200_000

export const measureLogs = async (
  contender: Contender,
  name: string,
  nodeArguments: ReadonlyArray<string>
): Promise<Readonly<Record<"rate" | "cpu", number>>> => {
  const runtimeApi = await startRuntimeApi()
  const isOurs = contender.startsWith("ours")
  const inFrames = contender.endsWith("Frames")
  const programArguments = isOurs
    ? [bundlePath("logs"), contender.startsWith("oursConsole") ? "console" : "effect"]
    : [ricEntry]
  const child = spawn(process.execPath, [...nodeArguments, ...programArguments], {
    stdio: ["ignore", "pipe", "inherit", "pipe"],
    env: {
      ...lambdaEnvironment,
      AWS_LAMBDA_RUNTIME_API: runtimeApi.address,
      AWS_LAMBDA_LOG_FORMAT: contender.endsWith("Text") ? "Text" : "JSON",
      ...inFrames ? { _LAMBDA_TELEMETRY_LOG_FD: "3" } : {},
      _HANDLER: contender === "pino" ? "logs.viaPino" : "logs.viaConsole"
    }
  })
  try {
    const exited = once(child, "exit").then(([code]) => {
      throw new Error(`${name} exited with ${code}`)
    })
    const received = inFrames ? countFrames(child) : countLines(child)
    const log = async (records: number) => {
      const poll = await Promise.race([runtimeApi.poll(), exited])
      const all = received(records)
      sendEvent(poll, records)
      await Promise.race([all, exited])
    }
    await log(warmUp)
    const before = processUsage(child.pid ?? 0).cpu
    const startedAt = process.hrtime.bigint()
    await log(measured)
    const seconds = Number(process.hrtime.bigint() - startedAt) / 1e9
    return { rate: measured / seconds, cpu: (processUsage(child.pid ?? 0).cpu - before) / measured }
  } finally {
    child.removeAllListeners("exit")
    child.kill("SIGKILL")
    runtimeApi.close()
  }
}

/** As much of it as a function needs that gets one event after the other. */
const startRuntimeApi = async () => {
  const polls: Array<ServerResponse> = []
  let wake: (() => void) | undefined
  const server = createServer((request, response) => {
    const { url = "" } = request
    if (url.endsWith("/invocation/next")) {
      polls.push(response)
      return wake?.()
    }
    if (url.endsWith("/extension/event/next")) return
    request.resume().on("end", () => {
      const isRegistration = url.endsWith("/extension/register")
      response.writeHead(isRegistration ? 200 : 202, { "Lambda-Extension-Identifier": "bench" }).end("{}")
    })
  })
  await once(server.listen(0, "127.0.0.1"), "listening")
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    poll: async (): Promise<ServerResponse> => {
      for (;;) {
        const poll = polls.shift()
        if (poll !== undefined) return poll
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    },
    close: () => {
      server.close()
      server.closeAllConnections()
    }
  }
}

const sendEvent = (poll: ServerResponse, records: number) =>
  poll.writeHead(200, {
    "Content-Type": "application/json",
    "Lambda-Runtime-Aws-Request-Id": "8476a536-e9f4-11e8-9739-2dfe598c3fcd",
    "Lambda-Runtime-Deadline-Ms": String(Date.now() + 900_000),
    "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:eu-central-1:123456789012:function:bench"
  }).end(JSON.stringify({ records }))

/** Waits until so many more records have arrived, of which `count` tells how many are in a piece of the output. */
const counter = (output: Readable | null | undefined, count: (chunk: Buffer) => number) => {
  let missing = 0
  let resolve: (() => void) | undefined
  output?.on("data", (chunk: Buffer) => {
    missing -= count(chunk)
    if (missing <= 0) resolve?.()
  })
  return (records: number) =>
    new Promise<void>((done) => {
      missing = records
      resolve = done
    })
}

const countLines = ({ stdout }: ChildProcess) =>
  counter(stdout, (chunk) => {
    let count = 0
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) count++
    return count
  })

/** Each frame has 16 bytes, of which the second four are the length of the record that follows. */
const countFrames = ({ stdio }: ChildProcess) => {
  let rest: Buffer = Buffer.alloc(0)
  const output = stdio[3]
  return counter(output instanceof Readable ? output : undefined, (chunk) => {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    let count = 0
    let at = 0
    while (at + 16 <= bytes.length && at + 16 + bytes.readInt32BE(at + 4) <= bytes.length) {
      at += 16 + bytes.readInt32BE(at + 4)
      count++
    }
    rest = bytes.subarray(at)
    return count
  })
}

const lambdaEnvironment = {
  AWS_LAMBDA_FUNCTION_NAME: "bench",
  AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "1024",
  AWS_LAMBDA_LOG_GROUP_NAME: "/aws/lambda/bench",
  AWS_LAMBDA_LOG_STREAM_NAME: "2026/11/21/[$LATEST]bench",
  AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
  AWS_REGION: "eu-central-1",
  LAMBDA_TASK_ROOT: fileURLToPath(new URL("../peers", import.meta.url))
}
