/**
 * The trace that a request belongs to, as a front door tells its function about it.
 *
 * https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
 */
export const name = "X-Amzn-Trace-Id"

export interface Trace {
  /** What the event says: a caller's header as it is, or a new root. */
  readonly header: string
  /** What the invocation says: always with a parent and the decision about samples. */
  readonly traceId: string
}

/** The trace that a caller's header names, or one that starts now, in milliseconds since the epoch. */
export const make = (given: string | undefined, now: number): Trace => {
  const field = (key: string, pattern: RegExp): string | undefined => {
    const value = given?.split(";").map((part) => part.trim()).find((part) => part.startsWith(`${key}=`))
      ?.slice(key.length + 1)
    return value !== undefined && pattern.test(value) ? value : undefined
  }
  const givenRoot = field("Root", /^1-[0-9a-f]{8}-[0-9a-f]{24}$/i)
  const root = givenRoot ?? newRoot(now)
  const parent = field("Parent", /^[0-9a-f]{16}$/i) ?? hexadecimal(16)
  return {
    header: givenRoot === undefined || given === undefined ? `Root=${root}` : given,
    traceId: `Root=${root};Parent=${parent};Sampled=${field("Sampled", /^[01]$/) ?? "0"}`
  }
}

const newRoot = (now: number) => `1-${Math.floor(now / 1000).toString(16).padStart(8, "0")}-${hexadecimal(24)}`

const hexadecimal = (length: number) => crypto.randomUUID().replaceAll("-", "").slice(0, length)
