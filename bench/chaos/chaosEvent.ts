/**
 * What the function is told by its event, and what Lambda must then hear of it. Shared by both sides.
 */
import * as Schema from "effect/Schema"

/** What the handler does, in the words of the summary. */
export const behaviours = {
  answer: "answers",
  answerLater: "answers after a while",
  answerBytes: "answers with bytes",
  answerLarge: "answers with megabytes",
  stream: "streams",
  streamHttp: "streams an HTTP response",
  streamLarge: "streams megabytes",
  streamEmpty: "streams nothing",
  streamFailsFirst: "fails before the stream begins",
  streamFails: "fails after the stream has begun",
  streamDies: "dies after the stream has begun",
  streamFinalizerDies: "ends a stream whose finalizer dies",
  streamStops: "streams beyond its deadline",
  streamLate: "begins to stream after its deadline",
  fail: "fails",
  failNull: "fails with null",
  die: "dies",
  throwNull: "throws null",
  reject: "rejects a promise",
  overflow: "fills the stack",
  interrupt: "interrupts itself",
  background: "leaves background work",
  backgroundFails: "leaves background work that fails",
  finalizer: "adds a finalizer that fails",
  failFinalizer: "fails, and so does its finalizer",
  leaveFiber: "leaves a fiber that dies",
  block: "blocks the event loop",
  oversize: "answers more than Lambda takes",
  deadline: "is interrupted at its deadline",
  ignoreDeadline: "cannot be interrupted at its deadline",
  undecodable: "gets an event that it cannot decode",
  exit: "ends its process, or its thread",
  crash: "crashes its process, or its thread",
  outOfMemory: "uses all memory of its thread",
  hang: "blocks the event loop of its thread for ever"
} as const

export type Behaviour = keyof typeof behaviours

const behaviourNames = Object.keys(behaviours) as Array<Behaviour>

export const ChaosEvent = Schema.Struct({
  behaviour: Schema.Literals(behaviourNames),
  n: Schema.Int,
  /** Characters of an answer, or of one element of a stream. */
  size: Schema.Int,
  elements: Schema.Int,
  /** How long the handler works, in milliseconds. */
  millis: Schema.Int,
  /** What is echoed. */
  text: Schema.String
})

export interface ChaosEvent extends Schema.Schema.Type<typeof ChaosEvent> {}

/** What a buffered answer says. */
export const Reply = Schema.Struct({
  n: Schema.Int,
  /** As the handler is told it, and as the AWS SDK finds it after the handler has waited. */
  requestId: Schema.String,
  store: Schema.String,
  text: Schema.String
})

/** What a thread holds. */
export const Holdings = Schema.Struct({
  /** Bytes, after everything that can be freed is. */
  heap: Schema.Int,
  buffers: Schema.Int,
  /** What keeps the thread alive, by kind. */
  handles: Schema.Record(Schema.String, Schema.Int)
})

export interface Holdings extends Schema.Schema.Type<typeof Holdings> {}

/** What the function says about itself when it is asked, in one of the threads that serve. */
export const Census = Schema.Struct({
  ...Holdings.fields,
  /** 0 in the main thread. */
  thread: Schema.Int,
  /** Where the function is in several threads, the one that serves nothing. */
  main: Schema.optionalKey(Holdings),
  /** Of the process. */
  resident: Schema.Int,
  /** Started less ended. */
  openScopes: Schema.Int,
  backgroundWork: Schema.Int
})

export interface Census extends Schema.Schema.Type<typeof Census> {}

/** The number of an event is in its request id; 0 is no event. */
export const requestIdOf = (n: number): string => `8476a536-e9f4-41e8-9739-${n.toString(16).padStart(12, "0")}`

export const numberOf = (requestId: string): number => Number.parseInt(requestId.slice(-12), 16)

/** Asks for a {@link Census}. */
export const censusEvent = "{\"census\":true}"

/** Those that are interrupted at their deadline. */
export const overstays: ReadonlySet<Behaviour> = new Set(["deadline", "ignoreDeadline", "streamStops", "streamLate"])

/** What a thread prints before it dies, and then the numbers of the events that it is serving, with commas. */
export const lastWords = "this thread dies with "

/** A thread that does these dies, and so does a process that has only one. */
export const isDeadly = (behaviour: Behaviour): behaviour is Deadly =>
  behaviour === "exit" || behaviour === "crash" || behaviour === "outOfMemory" || behaviour === "hang"

export type Deadly = "exit" | "crash" | "outOfMemory" | "hang"

export const isStreamed = (behaviour: Behaviour): boolean => behaviour.startsWith("stream")

/** Different at every place, so that bytes which are lost, repeated or swapped show. */
const ruler = Array.from({ length: 8_192 }, (_, index) => index.toString(36).padStart(4, "0")).join("")

/** Text that belongs to the number and to no other; one in four needs more than one byte for a character. */
export const pattern = (n: number, size: number): string => {
  const start = `${n}${n % 4 === 0 ? " äöü€🫖 " : " "}`
  const from = (n * 4) % ruler.length
  if (size <= ruler.length - from) return (start + ruler.slice(from, from + size)).slice(0, size)
  return (start + ruler.slice(from) + ruler.repeat(Math.ceil(size / ruler.length))).slice(0, size)
}

/** The elements of a streamed answer. */
export const streamElements = ({ elements, n, size }: ChaosEvent): ReadonlyArray<string> =>
  Array.from({ length: elements }, (_, index) => pattern(n + index, size))
