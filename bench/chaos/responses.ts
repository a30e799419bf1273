/**
 * What Lambda says, as bytes: well-formed in all the ways that HTTP/1.1 allows, and malformed in many.
 *
 * https://www.rfc-editor.org/rfc/rfc9112
 */
import { Buffer } from "node:buffer"
import { requestIdOf } from "./chaosEvent.ts"
import type { EventFault } from "./faults.ts"
import type { Delivery, Plan } from "./plan.ts"

export interface Message {
  readonly status: number
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>
  readonly body: string | Buffer
}

export interface Encoded {
  readonly bytes: Buffer
  /** Whether it says that no other request can follow. */
  readonly closes: boolean
  /** Whether its end is the end of the connection. */
  readonly endsByClose: boolean
}

const crlf = "\r\n"

export const encode = ({ body, headers, status }: Message, { cuts, dress, variant }: Delivery): Encoded => {
  const payload = Buffer.from(body)
  const version = dress === "http10" || dress === "http10KeepAlive" ? "1.0" : "1.1"
  const fields: Array<readonly [string, string]> = [...headers]
  const hasBody = status !== 204 && status !== 304
  if (dress === "close") fields.push(["Connection", variant % 2 === 0 ? "close" : "Close"])
  if (dress === "http10KeepAlive") fields.push(["Connection", "keep-alive"])
  if (dress === "oddHeaders") {
    for (let index = 0; index < variant % 40; index++) fields.push([`X-Odd-${index % 7}`, `value ${index}`])
    if (hasBody) fields.push(["content-LENGTH", `${payload.length}`])
  }
  const isChunked = hasBody && dress === "chunked"
  if (isChunked) fields.push(["Transfer-Encoding", "chunked"])
  else if (hasBody && dress !== "untilClose") fields.push(["Content-Length", String(payload.length)])
  const head = `HTTP/${version} ${status} ${reasonOf(variant)}${crlf}${
    fields.map(([name, value]) => encodeField(name, value, dress === "oddHeaders")).join("")
  }${crlf}`
  const parts: Array<Buffer> = [Buffer.from((dress === "interim" ? interim(variant) : "") + head, "latin1")]
  if (isChunked) parts.push(...encodeChunks(payload, cuts))
  else if (hasBody) parts.push(payload)
  const endsByClose = hasBody && dress === "untilClose"
  return {
    bytes: parts.length === 1 ? parts[0]! : Buffer.concat(parts),
    closes: dress === "close" || dress === "http10" || endsByClose,
    endsByClose
  }
}

const reasonOf = (variant: number): string => ["OK", "Accepted", "", "it is Ä fine"][variant % 4] ?? ""

const encodeField = (name: string, value: string, isOdd: boolean): string =>
  isOdd ? `${name.toUpperCase()}: \t ${value} \t${crlf}` : `${name}: ${value}${crlf}`

const interim = (variant: number): string => {
  const one = variant % 2 === 0
    ? `HTTP/1.1 100 Continue${crlf}${crlf}`
    : `HTTP/1.1 103 Early Hints${crlf}Link: </a>; rel=preload${crlf}Content-Length: 7${crlf}${crlf}`
  return one.repeat(1 + variant % 20)
}

const encodeChunks = (payload: Buffer, cuts: ReadonlyArray<number>): ReadonlyArray<Buffer> => {
  const offsets = [...new Set(cuts.map((cut) => Math.floor(cut * payload.length))), payload.length].toSorted((a, b) =>
    a - b
  )
  const parts: Array<Buffer> = []
  let from = 0
  for (const [index, offset] of offsets.entries()) {
    if (offset === from) continue
    const size = (offset - from).toString(16)
    const extension = index % 3 === 0 ? "" : index % 3 === 1 ? ";name=value" : " ; odd=\"quoted; text\""
    parts.push(Buffer.from(`${index % 2 === 0 ? size : `0${size.toUpperCase()}`}${extension}${crlf}`, "latin1"))
    parts.push(payload.subarray(from, offset), Buffer.from(crlf))
    from = offset
  }
  parts.push(Buffer.from(offsets.length % 2 === 0 ? `0${crlf}${crlf}` : `000;last${crlf}X-Trailer: one${crlf}${crlf}`))
  return parts
}

export const invocationIdOf = ({ hasInvocationId, n }: Plan): string | undefined =>
  hasInvocationId ? `attempt-${n}` : undefined

const functionArn = "arn:aws:lambda:eu-central-1:123456789012:function:chaos"

/** What every event has. */
export const eventHeaders = (n: number, deadline: number | string): Message["headers"] => [
  ["Lambda-Runtime-Aws-Request-Id", requestIdOf(n)],
  ["Lambda-Runtime-Deadline-Ms", String(deadline)],
  ["Lambda-Runtime-Invoked-Function-Arn", functionArn]
]

/** Where the fault is in one of these headers. */
const headerOf: Partial<Readonly<Record<EventFault, string>>> = {
  noRequestId: "Lambda-Runtime-Aws-Request-Id",
  noDeadline: "Lambda-Runtime-Deadline-Ms",
  noArn: "Lambda-Runtime-Invoked-Function-Arn"
}

/** An event, with what is wrong with it. */
export const eventMessage = (plan: Plan, deadline: number): Message => {
  const { event, eventFault, n } = plan
  const missing = headerOf[eventFault]
  const headers: Array<readonly [string, string]> = [["Content-Type", "application/json"]]
  for (const [name, value] of eventHeaders(n, eventFault === "badDeadline" ? "soon" : deadline)) {
    if (name !== missing) headers.push([name, value])
    // Managed Instances send absent values as empty headers.
    else if (n % 2 === 0) headers.push([name, ""])
  }
  const invocationId = invocationIdOf(plan)
  if (invocationId !== undefined) headers.push(["Lambda-Runtime-Invocation-Id", invocationId])
  if (n % 3 === 0) {
    headers.push(["Lambda-Runtime-Trace-Id", "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=0"])
    headers.push(["Lambda-Runtime-Aws-Tenant-Id", `tenant-${n % 7}`])
  }
  if (eventFault === "badClientContext") headers.push(["Lambda-Runtime-Client-Context", "{not json"])
  else if (n % 5 === 0) headers.push(["Lambda-Runtime-Client-Context", "{\"custom\":{\"tea\":\"gr\u00c3\u00bcn\"}}"])
  if (eventFault === "badIdentity") headers.push(["Lambda-Runtime-Cognito-Identity", "7"])
  const body = event.behaviour === "undecodable" ? undecodable(n, event.text) : JSON.stringify(event)
  return { status: n % 10 === 0 ? 202 : 200, headers, body }
}

const undecodable = (n: number, text: string): string =>
  ["", "{\"behaviour\":", JSON.stringify({ n, text }), "null", "[]"][n % 5] ?? ""

const json = [["Content-Type", "application/json"]] as const

/** What Lambda says to an answer that it takes; emulators use other statuses. */
export const accepted = (variant: number): Message => ({
  status: [202, 202, 202, 202, 202, 200, 201, 204][variant % 8] ?? 202,
  headers: json,
  body: "{\"status\":\"OK\"}\n"
})

export const refused = (status: number, errorType: string): Message => ({
  status,
  headers: json,
  body: JSON.stringify({ errorMessage: "no", errorType })
})

export const refusals = [400, 403, 404, 410, 413, 429] as const
export const failures = [500, 502, 503, 504] as const
export const oddStatuses = [302, 304, 300] as const
/** Of a poll. */
export const noEventStatuses = [302, 304, 400, 403, 404, 429, 500, 503] as const

/** Malformed from the first byte to the last, so that there is no doubt however it is cut. */
const garbage: ReadonlyArray<string> = [
  "SSH-2.0-OpenSSH_9.6\r\n",
  "\u0016\u0003\u0003\u0000\u0005hello",
  "\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
  "{\"status\":\"OK\"}\n",
  "HTTP/2 200\r\n\r\n",
  "HTTP/1.1 20 OK\r\n\r\n",
  "HTTP/1.1 900 OK\r\n\r\n",
  "HTTP/1.1 200OK\r\n\r\n",
  "HTTP/1.2 200 OK\r\nContent-Length: 0\r\n\r\n",
  "HTTP/1.1 101 Switching Protocols\r\nUpgrade: tea\r\n\r\n",
  "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
  "HTTP/1.1 200 OK\r\nName : blank\r\n\r\n",
  "HTTP/1.1 200 OK\r\nBad\u0001Name: x\r\n\r\n",
  "HTTP/1.1 200 OK\r\nName: a\u0000b\r\n\r\n",
  "HTTP/1.1 200 OK\r\n folded: x\r\n\r\n",
  "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
  "HTTP/1.1 200 OK\r\nContent-Length: 1e3\r\n\r\n",
  "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
  "HTTP/1.1 200 OK\r\nContent-Length: 67108865\r\n\r\n",
  "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
  "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n",
  "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n",
  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}xx",
  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nno colon\r\n\r\n",
  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n100000000\r\n"
]

const oversize = [
  `HTTP/1.1 200 OK\r\nX-Long: ${"x".repeat(1_048_576)}\r\n\r\n`,
  `HTTP/1.1 200 OK\r\n${"X-Many: headers\r\n".repeat(61_681)}\r\n`,
  `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;${"x".repeat(10_000)}`
]

/** What is no HTTP response, or is larger than any may be. */
export const malformed = (variant: number): Buffer =>
  Buffer.from(
    variant % 10 === 0 ? oversize[variant % 3] ?? "" : garbage[variant % garbage.length] ?? "",
    "latin1"
  )

/** Every one of them, for who wants to see that they are refused. */
export const allMalformed: ReadonlyArray<Buffer> = [...garbage, ...oversize].map((text) => Buffer.from(text, "latin1"))
