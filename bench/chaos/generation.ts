/**
 * One process of the function, from Lambda's side: whether it may end, or has to.
 */
import type { FunctionProcess, ProcessEnd } from "./functionProcess.ts"
import type { Wire } from "./wire.ts"

interface Sentence {
  readonly reason: string
  /** The connection on which it was said: a poll that had arrived there is still served. */
  readonly wire: Wire | undefined
  readonly code: number
}

export class Generation {
  /** 1 for the first. */
  readonly number: number
  /** Whether it serves one invocation at a time, and ends with what it cannot survive. */
  readonly isAlone: boolean
  readonly process: FunctionProcess
  /** Its connections. */
  readonly wires = new Set<Wire>()
  /** The connections whose loss may have ended the process. */
  private readonly losses = new Map<Wire | undefined, string>()
  private sentence: Sentence | undefined
  private lateness: string | undefined
  private isTold = false

  constructor(number: number, isAlone: boolean, process: FunctionProcess) {
    this.number = number
    this.isAlone = isAlone
    this.process = process
  }

  /** Several workers survive whatever happens to one. */
  mayEnd(reason: string, wire?: Wire): void {
    if (this.isAlone) this.losses.set(wire, reason)
  }

  mustEnd(reason: string, wire?: Wire): void {
    if (this.isAlone) this.sentence = { reason, wire, code: 1 }
  }

  /** The process ends by what its handler does, or because it is told to. */
  endsWith(code: number, reason: string): void {
    this.sentence = { reason, wire: undefined, code }
  }

  get mayBeLate(): boolean {
    return this.lateness !== undefined
  }

  /** Its end may take longer than it allows itself, which it ends with another code. */
  mayEndLate(reason: string): void {
    this.lateness = reason
  }

  /** The process is told to end, as Lambda does it: once. A second signal would end it at once. */
  terminate(): void {
    if (this.isTold) return
    this.isTold = true
    this.endsWith(0, "SIGTERM")
    this.process.kill("SIGTERM")
  }

  /** The process has polled, so that what happened to other connections did not end it. */
  survive(on: Wire): void {
    for (const wire of this.losses.keys()) if (wire !== on) this.losses.delete(wire)
  }

  /** Whether what polls there is to get an event. */
  isServed(wire: Wire): boolean {
    return this.sentence === undefined || this.sentence.wire === wire
  }

  /** Why it may end, or has to. */
  describe(): string {
    const { lateness, losses, sentence } = this
    const reasons = [...losses.values()].map((loss) => `it may end for: ${loss}`)
    if (sentence !== undefined) reasons.push(`it has to end with ${sentence.code}, for: ${sentence.reason}`)
    if (lateness !== undefined) reasons.push(`it may end late, with 1, for: ${lateness}`)
    return reasons.length === 0 ? "it has no reason to end" : reasons.join("; ")
  }

  /** What is wrong with the way in which the process has ended, if anything is. */
  judgeEnd({ code, signal }: ProcessEnd): string | undefined {
    const { lateness, losses, sentence } = this
    const mayFail = losses.size > 0 || lateness !== undefined
    if (signal === null && (code === sentence?.code || (mayFail && code === 1))) return undefined
    return `the process has ended ${signal === null ? `with exit code ${code}` : `by ${signal}`}: ${this.describe()}`
  }
}
