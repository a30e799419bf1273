/**
 * A Runtime API that hands out one event after the other as fast as they are answered, and measures how long each
 * answer takes. It runs as a process of its own, so that its work is not counted as the runtime's, and speaks
 * HTTP on bare sockets, so that it takes as little of the machine as it can.
 *
 * Started by `harness/run.ts`, which talks to it over the process channel.
 */
import * as Net from "node:net"
import { exchanges } from "./harness/events.ts"
import type { FromMock, Latencies, MockOptions, ToMock } from "./harness/protocol.ts"
import { makeRequestParser } from "./harness/requestParser.ts"
import { quantile } from "./harness/statistics.ts"

const options: MockOptions = JSON.parse(process.argv[2] ?? "{}")
const { answer, answerSize, event } = exchanges[options.scenario]

const api = "/2018-06-01/runtime/"

const report = (message: FromMock) => process.send?.(message)

const reply = (status: string, headers: string, body: string) =>
  `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\n${headers}`
  + `Date: Sat, 21 Nov 2026 00:00:00 GMT\r\nContent-Length: ${body.length}\r\n\r\n${body}`

const accepted = reply("202 Accepted", "", "{\"status\":\"OK\"}\n")
const registered = reply("200 OK", "Lambda-Extension-Identifier: 3f9ae13a-6ad2-4f0c-9c0b-5a4cf0f2d9c1\r\n", "{}")
const unknown = reply("404 Not Found", "", "{}")

// The headers that Lambda sends with an event.
const eventHead = (requestId: string) =>
  "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
  + `Lambda-Runtime-Aws-Request-Id: ${requestId}\r\n`
  + `Lambda-Runtime-Deadline-Ms: ${Date.now() + 900_000}\r\n`
  + "Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:eu-central-1:123456789012:function:bench\r\n"
  + "Lambda-Runtime-Trace-Id: Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0\r\n"
  + `Date: Sat, 21 Nov 2026 00:00:00 GMT\r\nContent-Length: ${event.length}\r\n\r\n`

const eventText = event.length <= 65_536 ? event.toString("latin1") : undefined

const eventsWrittenAt = new Map<string, bigint>()
let checkpoint = 0
let started = 0
let completed = 0
let latencies: Array<number> = []
let firstWrittenAt = 0n
let lastReadAt = 0n
let held: Array<Net.Socket> = []
/** Polls that wait until there are fewer invocations at a time. */
const waiting: Array<Net.Socket> = []
let reported = false

const sendEvent = (socket: Net.Socket) => {
  started++
  const requestId = `8476a536-e9f4-41e8-9739-${started.toString(16).padStart(12, "0")}`
  const writtenAt = process.hrtime.bigint()
  if (latencies.length === 0 && eventsWrittenAt.size === 0) firstWrittenAt = writtenAt
  eventsWrittenAt.set(requestId, writtenAt)
  if (eventText !== undefined) {
    socket.write(eventHead(requestId) + eventText, "latin1")
  } else {
    socket.cork()
    socket.write(eventHead(requestId), "latin1")
    socket.write(event)
    socket.uncork()
  }
}

const onPoll = (socket: Net.Socket) => {
  const limit = options.checkpoints[checkpoint]
  if (limit === undefined || started < limit) {
    return eventsWrittenAt.size < (options.maxInFlight ?? Infinity) ? sendEvent(socket) : waiting.push(socket)
  }
  held.push(socket)
  reportCheckpoint()
}

/** Once all is answered and the runtime waits: it may have asked for more before its last answers. */
const reportCheckpoint = () => {
  const limit = options.checkpoints[checkpoint]
  if (limit === undefined || completed < limit || held.length === 0 || reported) return
  reported = true
  report({
    type: "checkpoint",
    completed,
    polledAt: String(process.hrtime.bigint()),
    latencies: latencies.length === 0 ? undefined : summarize()
  })
}

const summarize = (): Latencies => ({
  invocations: latencies.length,
  elapsed: Number(lastReadAt - firstWrittenAt),
  p50: quantile(latencies, 0.5),
  p99: quantile(latencies, 0.99)
})

const onAnswer = (path: string, bodySize: number, body: string) => {
  lastReadAt = process.hrtime.bigint()
  const requestId = path.slice(`${api}invocation/`.length, -"/response".length)
  const writtenAt = eventsWrittenAt.get(requestId)
  if (writtenAt === undefined) {
    report({ type: "wrongAnswer", description: `to no open event: ${path}` })
    return
  }
  eventsWrittenAt.delete(requestId)
  latencies.push(Number(lastReadAt - writtenAt))
  completed++
  const next = waiting.shift()
  if (next !== undefined) onPoll(next)
  reportCheckpoint()
  if (bodySize !== answerSize || (answer !== undefined && body !== answer)) {
    report({ type: "wrongAnswer", description: `${bodySize} bytes for ${answerSize}, starting ${body.slice(0, 200)}` })
  }
}

const server = Net.createServer({ noDelay: true }, (socket) => {
  socket.on("error", () => socket.destroy())
  socket.on(
    "data",
    makeRequestParser(({ bodySize, bodyStart, method, path }) => {
      if (path === `${api}invocation/next`) onPoll(socket)
      else if (method === "POST" && path.endsWith("/response")) {
        onAnswer(path, bodySize, bodyStart)
        socket.write(accepted, "latin1")
      } else if (method === "POST" && path.endsWith("/error")) {
        report({ type: "wrongAnswer", description: `POST ${path}: ${bodyStart}` })
        socket.write(accepted, "latin1")
      } else if (path === "/2020-01-01/extension/register") socket.write(registered, "latin1")
      // An extension that subscribes to no event waits here until the end.
      else if (path !== "/2020-01-01/extension/event/next") socket.write(unknown, "latin1")
    })
  )
})

process.on("message", (message: ToMock) => {
  if (message.type !== "continue") return
  checkpoint++
  reported = false
  latencies = []
  const sockets = held
  held = []
  for (const socket of sockets) onPoll(socket)
})

// The bench is gone: nobody is left to report to.
process.on("disconnect", () => process.exit())

server.listen(0, "127.0.0.1", () => {
  const address = server.address()
  if (address !== null && typeof address === "object") report({ type: "listening", port: address.port })
})
