/**
 * The events of the scenarios and what the right answer to each is, for the mock that sends and checks them.
 */
import { work } from "../functions/work.ts"
import type { Scenario } from "./protocol.ts"

/** The largest streamed answer that Lambda accepts. */
export const streamedSize = 200 * 1024 * 1024

export const streamedChunkSize = 64 * 1024

/** Just under the 6 MB that Lambda accepts in one piece. */
const echoedSize = 6_000_000

const echoed = JSON.stringify({ data: "effect".repeat(echoedSize / 6) })

export interface Exchange {
  readonly event: Buffer
  /** Bytes of the answer's body. */
  readonly answerSize: number
  /** The answer's body, where it is short enough to be looked at every time. */
  readonly answer: string | undefined
}

const computed = JSON.stringify({ digest: work("effect") })

const hello = JSON.stringify({ greeting: "Hello World. You look younger than your age." })

export const exchanges: Readonly<Record<Scenario, Exchange>> = {
  hello: { event: Buffer.from(JSON.stringify({ name: "World", age: 31 })), answerSize: hello.length, answer: hello },
  echo: { event: Buffer.from(echoed), answerSize: echoed.length, answer: undefined },
  wait: { event: Buffer.from(JSON.stringify({ name: "World", age: 31 })), answerSize: hello.length, answer: hello },
  compute: {
    event: Buffer.from(JSON.stringify({ text: "effect" })),
    answerSize: computed.length,
    answer: computed
  },
  stream: { event: Buffer.from(JSON.stringify({ size: streamedSize })), answerSize: streamedSize, answer: undefined }
}
