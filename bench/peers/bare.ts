/**
 * The least that a Node program must do to serve a function: one keep-alive connection, a parser for well-formed
 * answers, `JSON.parse`, `JSON.stringify`. No checks, no errors, no telemetry: a yardstick, not a runtime.
 *
 * Arguments: the scenario, and `pipelining` to send each answer together with the next poll.
 */
import { connect } from "node:net"

const [address, port] = (process.env["AWS_LAMBDA_RUNTIME_API"] ?? "").split(":")
const scenario = process.argv[2] ?? "hello"
const pipelining = process.argv[3] === "pipelining"

const host = `Host: ${address}:${port}\r\n`
const poll = `GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\n${host}\r\n`

const socket = connect({ host: address ?? "", port: Number(port), noDelay: true })

const answerHead = (requestId: string, headers: string) =>
  `POST /2018-06-01/runtime/invocation/${requestId}/response HTTP/1.1\r\n${host}`
  + `Content-Type: application/json\r\n${headers}\r\n`

const answer = (requestId: string, body: string) =>
  socket.write(
    answerHead(requestId, `Content-Length: ${Buffer.byteLength(body)}\r\n`) + body + (pipelining ? poll : "")
  )

const streamAnswer = async (requestId: string, size: number) => {
  const chunk = Buffer.alloc(65_536, "effect")
  socket.write(answerHead(
    requestId,
    "Lambda-Runtime-Function-Response-Mode: streaming\r\nTransfer-Encoding: chunked\r\n"
  ))
  for (let sent = 0; sent < size; sent += chunk.length) {
    socket.cork()
    socket.write("10000\r\n", "latin1")
    socket.write(chunk)
    const drained = socket.write("\r\n", "latin1")
    socket.uncork()
    if (!drained) await new Promise<void>((resolve) => socket.once("drain", resolve))
  }
  socket.write("0\r\n\r\n")
}

const onEvent = (requestId: string, payload: Buffer) => {
  const event = JSON.parse(payload.toString())
  if (scenario === "stream") return void streamAnswer(requestId, event.size)
  const result = scenario === "echo" ? event : {
    greeting: `Hello ${event.name}. You look ${event.age > 30 ? "younger" : "older"} than your age.`
  }
  answer(requestId, JSON.stringify(result))
}

let polling = true
let pieces: Array<Buffer> = []
let size = 0
let wanted = 0

const onResponse = (head: string, body: Buffer) => {
  const isEvent = polling
  polling = !polling
  if (isEvent) {
    onEvent(/\r\nLambda-Runtime-Aws-Request-Id: (.*)\r\n/i.exec(head)?.[1] ?? "", body)
  } else if (!pipelining) {
    socket.write(poll)
  }
}

socket.on("data", (piece: Buffer) => {
  pieces.push(piece)
  size += piece.length
  while (size > 0 && size >= wanted) {
    const bytes = pieces.length === 1 ? pieces[0] ?? piece : Buffer.concat(pieces)
    pieces = [bytes]
    const end = bytes.indexOf("\r\n\r\n")
    if (end < 0) return
    const head = bytes.toString("latin1", 0, end + 2)
    wanted = end + 4 + Number(/\r\nContent-Length: (\d+)\r\n/i.exec(head)?.[1] ?? "0")
    if (size < wanted) return
    const body = bytes.subarray(end + 4, wanted)
    const rest = bytes.subarray(wanted)
    pieces = rest.length === 0 ? [] : [rest]
    size = rest.length
    wanted = 0
    onResponse(head, body)
  }
})
socket.on("error", () => process.exit())
socket.on("close", () => process.exit())
process.on("SIGTERM", () => process.exit())

socket.write(poll)
