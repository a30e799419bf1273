/**
 * One run of a process that answers the same three requests of an HTTP API again and again, without a runtime around it:
 * from the bytes of an event to the text of the answer.
 *
 * Run, this is that process: with the name of a peer, for that one.
 */
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import * as ApiGatewayV2 from "../../src/events/ApiGatewayV2.ts"
import * as Invocation from "../../src/Invocation.ts"
import * as LambdaHttp from "../../src/LambdaHttp.ts"
import { routes } from "../functions/api.ts"
import { peerPath } from "./peers.ts"

const sample = ApiGatewayV2.sample()

const request = (method: string, path: string, body?: unknown): Uint8Array => {
  const { body: _, ...event } = sample
  return new TextEncoder().encode(JSON.stringify({
    ...event,
    routeKey: "$default",
    rawPath: path,
    rawQueryString: "",
    queryStringParameters: undefined,
    headers: { ...sample.headers, "content-type": "application/json", "content-length": undefined },
    requestContext: {
      ...sample.requestContext,
      routeKey: "$default",
      http: { ...sample.requestContext.http, method, path }
    },
    ...body === undefined ? {} : { body: JSON.stringify(body) }
  }))
}

/** What is asked for, by the name of its metric, and what has to be answered. */
const requests = {
  hello: { event: request("GET", "/hello/Ada"), status: 200, body: { hello: "Ada" } },
  order: {
    event: request("POST", "/orders", {
      id: "o-1",
      lines: [{ sku: "tea", quantity: 2 }, { sku: "cup", quantity: 1 }, { sku: "pot", quantity: 1 }]
    }),
    status: 201,
    body: { id: "o-1", items: 4 }
  },
  missing: { event: request("GET", "/nothing"), status: 404, body: undefined }
} as const

type RequestName = keyof typeof requests

type Metric = "rate" | "cpu" | RequestName

const warmUp = 20_000
const measured = 50_000

/** Ours without a peer. */
export const measureRouting = async (
  peer: string | undefined,
  nodeArguments: ReadonlyArray<string>
): Promise<Readonly<Record<Metric, number>>> => {
  const child = spawn(process.execPath, [
    ...nodeArguments,
    fileURLToPath(import.meta.url),
    ...peer === undefined ? [] : [peer]
  ], {
    stdio: ["ignore", "pipe", "inherit"]
  })
  let output = ""
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text
  })
  const [code] = await once(child, "close")
  if (code !== 0) throw new Error(`routing by ${peer ?? "ours"} exited with ${code}`)
  return JSON.parse(output)
}

/** Answers the event as often as that, one after the other, and gives the last answer. */
type Repeat = (event: Uint8Array, times: number) => Promise<string | undefined>

/** As the loop of this library runs a handler: in a fiber that is there, with an invocation and a scope of its own. */
const ours: Effect.Effect<Repeat> = Effect.scoped(Effect.gen(function*() {
  const handler = LambdaHttp.handler(yield* HttpRouter.toHttpEffect(routes))
  return (payload, times) => {
    let left = times
    let last: string | undefined
    const loop = Effect.whileLoop({
      while: () => left-- > 0,
      body: () =>
        Effect.provideService(
          Effect.scoped(handler),
          Invocation.Invocation,
          Invocation.make({ requestId: "8476a536", payload, deadline: Date.now() + 30_000 })
        ),
      step: (answer) => {
        last = answer._tag === "Buffered" && typeof answer.body === "string" ? answer.body : undefined
      }
    })
    return Effect.runPromise(Effect.map(loop, () => last))
  }
}))

/** As the official runtime runs a handler: it parses the event before, and stringifies the answer after. */
const theirs = async (peer: string): Promise<Repeat> => {
  const { handler }: {
    readonly handler: (event: unknown, context: unknown) => Promise<unknown>
  } = await import(peerPath(peer))
  const context = {
    awsRequestId: "8476a536",
    callbackWaitsForEmptyEventLoop: true,
    functionName: "function",
    functionVersion: "$LATEST",
    invokedFunctionArn: "arn:aws:lambda:us-east-1:123456789012:function:function",
    memoryLimitInMB: "128",
    logGroupName: "",
    logStreamName: "",
    getRemainingTimeInMillis: () => 30_000
  }
  const decoder = new TextDecoder()
  return async (payload, times) => {
    let answer: string | undefined
    for (let time = 0; time < times; time++) {
      answer = JSON.stringify(await handler(JSON.parse(decoder.decode(payload)), context))
    }
    return answer
  }
}

const check = (name: RequestName, answer: string | undefined) => {
  const { body, status } = requests[name]
  const { body: answered = "", isBase64Encoded, statusCode } = JSON.parse(answer ?? "{}")
  const found = isBase64Encoded === true ? atob(answered) : answered
  if (statusCode !== status || (body !== undefined && found !== JSON.stringify(body))) {
    throw new Error(`${name} was answered with ${answer}`)
  }
}

if (import.meta.main) {
  const peer = process.argv[2]
  const repeat = peer === undefined ? await Effect.runPromise(ours) : await theirs(peer)
  const names: ReadonlyArray<RequestName> = ["hello", "order", "missing"]
  // All of them before any is measured: what the compiler has learned of one is not true of the next.
  for (const name of names) check(name, await repeat(requests[name].event, warmUp))
  const cpu: Partial<Record<RequestName, number>> = {}
  let time = 0
  for (const name of names) {
    const before = process.cpuUsage()
    const start = performance.now()
    check(name, await repeat(requests[name].event, measured))
    time += performance.now() - start
    const { system, user } = process.cpuUsage(before)
    cpu[name] = (user + system) / measured
  }
  const numbers = Object.values(cpu)
  console.log(JSON.stringify({
    ...cpu,
    cpu: numbers.reduce((sum, value) => sum + value, 0) / numbers.length,
    rate: numbers.length * measured / (time / 1e3)
  }))
}
