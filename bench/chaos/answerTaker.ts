/**
 * Takes answers and reports of errors, with the faults of their plans.
 */
import * as Schema from "effect/Schema"
import { Buffer } from "node:buffer"
import { type Headers, headerValue, type RequestHead } from "../../test/support/requestParser.ts"
import { Census, isStreamed, numberOf } from "./chaosEvent.ts"
import { type ChaosRun, countDelivery, terminate } from "./chaosRun.ts"
import type { Posted } from "./expectations.ts"
import { type PostFault, postFaults } from "./faults.ts"
import type { Attempt } from "./ledger.ts"
import type { Delivery } from "./plan.ts"
import { register } from "./registration.ts"
import { accepted, encode, failures, malformed, type Message, oddStatuses, refusals, refused } from "./responses.ts"
import { asItIs, type Ending, type Wire } from "./wire.ts"

/** A request with a body that is arriving. */
interface Arriving {
  readonly head: RequestHead
  readonly chunks: Array<Buffer>
  /** Nothing for the census and the extension. */
  readonly answer: Answering | undefined
}

interface Answering {
  readonly attempt: Attempt
  readonly kind: Posted["kind"]
  readonly fault: PostFault
  readonly delivery: Delivery
  /** Bytes read from the connection at which it is reset. */
  readonly resetAt: number
}

const invocationPath = /^\/2018-06-01\/runtime\/invocation\/([\w-]+)\/(response|error)$/

/** How long Lambda says nothing before it is gone, in milliseconds. */
const silence = 150

/** Of a streamed answer, whose size nobody knows, the bytes that may be read before a reset. */
const streamStart = 2_000

const decodeCensus = Schema.decodeUnknownSync(Schema.fromJsonString(Census))

export class AnswerTaker {
  private readonly run: ChaosRun
  private readonly onCensus: (census: Census) => void
  private readonly arriving = new Map<Wire, Arriving>()

  constructor(run: ChaosRun, onCensus: (census: Census) => void) {
    this.run = run
    this.onCensus = onCensus
  }

  onHead(wire: Wire, head: RequestHead): void {
    const [, requestId, kind] = invocationPath.exec(head.target) ?? []
    const n = requestId === undefined ? 0 : numberOf(requestId)
    const answer = n !== 0 && (kind === "response" || kind === "error") ? this.begin(wire, n, kind, head) : undefined
    this.arriving.set(wire, { head, chunks: [], answer })
    if (answer !== undefined) this.onBegun(wire, answer)
  }

  onChunk(wire: Wire, bytes: Buffer): void {
    this.arriving.get(wire)?.chunks.push(bytes)
  }

  /** All that has arrived by now is read. */
  onBytes(wire: Wire): void {
    const answer = this.arriving.get(wire)?.answer
    if (answer?.fault === "resetInside" && wire.bytesRead >= answer.resetAt) this.resetInside(wire, answer)
  }

  onEnd(wire: Wire, trailers: Headers): void {
    const arriving = this.arriving.get(wire)
    if (arriving === undefined) return
    const { answer, chunks, head } = arriving
    // It came in one piece, of which not all is read.
    if (answer?.fault === "resetInside") return this.resetInside(wire, answer)
    this.arriving.delete(wire)
    const body = Buffer.concat(chunks)
    if (answer === undefined) return this.onOther(wire, head, body)
    const header = (name: string) => headerValue(head.headers, name)
    this.onAnswer(wire, answer, {
      kind: answer.kind,
      body,
      isChunked: header("transfer-encoding") !== undefined,
      trailers: {
        errorType: headerValue(trailers, "lambda-runtime-function-error-type"),
        errorBody: headerValue(trailers, "lambda-runtime-function-error-body")
      },
      errorType: header("lambda-runtime-function-error-type"),
      invocationId: header("lambda-runtime-invocation-id"),
      responseMode: header("lambda-runtime-function-response-mode")
    })
  }

  /** What was arriving there will not be complete. */
  onClose(wire: Wire): void {
    const attempt = this.arriving.get(wire)?.answer?.attempt
    this.arriving.delete(wire)
    if (attempt === undefined || attempt.outcome !== "open") return
    if (wire.isMute) this.lose(wire, attempt)
    // The thread that was saying it has died, and the main thread has to report that.
    else if (this.run.threads > 1 && attempt.entry.fates.size > 0) attempt.outcome = "lost"
    else this.run.ledger.violate("the function has cut its answer off", attempt.entry)
  }

  private begin(wire: Wire, n: number, kind: Posted["kind"], head: RequestHead): Answering | undefined {
    const { faults, ledger } = this.run
    const errorType = headerValue(head.headers, "lambda-runtime-function-error-type")
    const attempt = ledger.beginAttempt(n, wire, kind === "error" ? errorType : undefined)
    if (attempt === undefined) return undefined
    wire.onReset = () => {
      if (attempt.isComplete) attempt.outcome = "lost"
    }
    const { end, posts } = attempt.entry.plan
    const { delivery, fault } = attempt.index === 0 ? posts[0] : posts[1]
    const endsProcess = end === "answering" && attempt.index === 0 && !wire.isMute
    if (endsProcess) {
      faults.add("SIGTERM while an answer arrives")
      terminate(this.run)
    }
    const length = Number(headerValue(head.headers, "content-length") ?? streamStart)
    return {
      attempt,
      kind,
      delivery,
      // Where Lambda's side is closed already, nothing more can go wrong.
      fault: wire.isMute || endsProcess ? "none" : fault,
      resetAt: wire.bytesRead + Math.floor(delivery.end * length)
    }
  }

  /** The head is there. */
  private onBegun(wire: Wire, { attempt, delivery, fault }: Answering): void {
    const { faults, ledger } = this.run
    if (fault !== "none") {
      faults.add(`an answer: ${postFaults[fault]}`)
      wire.note(`to be ${postFaults[fault]}`)
    }
    if (wire.isPoisoned) ledger.excuse(attempt.entry, "garbled")
    // The function hears nothing here, and may say it again before it has said all.
    if (wire.isMute) this.lose(wire, attempt)
    switch (fault) {
      case "resetBefore":
        this.arriving.delete(wire)
        this.lose(wire, attempt)
        return wire.reset()
      case "endBefore":
        this.lose(wire, attempt)
        return wire.end()
      case "readSlowly":
        return wire.readSlowly(delivery.pause * 3)
      case "refusedEarly": {
        ledger.excuse(attempt.entry, "refusedEarly")
        const ending = (["none", "end", "reset"] as const)[delivery.variant % 3] ?? "none"
        if (ending === "none") attempt.outcome = "told"
        else this.lose(wire, attempt)
        return this.say(wire, attempt, refused(413, "RequestEntityTooLarge"), delivery, ending)
      }
      default:
    }
  }

  private resetInside(wire: Wire, { attempt }: Answering): void {
    this.arriving.delete(wire)
    this.lose(wire, attempt)
    wire.reset()
  }

  /** All of it is there. */
  private onAnswer(wire: Wire, { attempt, delivery, fault }: Answering, posted: Posted): void {
    const { generation, ledger } = this.run
    const { entry } = attempt
    const isFirst = ledger.complete(attempt, wire, posted)
    if (wire.isMute) return this.lose(wire, attempt)
    const verdict = isFirst ? accepted(delivery.variant) : refused(400, "InvalidRequestID")
    // What ends with its connection cannot be cut, and nothing can follow it.
    const unending: Delivery = delivery.dress === "untilClose" ? { ...delivery, dress: "plain" } : delivery
    const reason = `the answer to event ${entry.plan.n}: ${fault}`
    switch (fault) {
      case "refusedEarly":
        return
      case "resetAfter":
        this.lose(wire, attempt)
        return wire.reset()
      case "endAfter":
        this.lose(wire, attempt)
        return wire.end()
      case "resetLater":
        this.lose(wire, attempt)
        wire.isLast = true
        setTimeout(() => wire.reset(), silence)
        return
      case "resetInVerdict":
      case "endInVerdict":
        this.lose(wire, attempt)
        return wire.sendCut(encode(verdict, unending).bytes, unending, fault === "resetInVerdict" ? "reset" : "end")
      case "thenReset":
        ledger.idleConnectionsClosed++
        return this.say(wire, attempt, verdict, delivery, "reset")
      case "thenEnd":
        return this.say(wire, attempt, verdict, delivery, "end")
      case "thenGarbage":
      case "thenUnsolicited": {
        generation.mayEnd(reason, wire)
        const more = fault === "thenGarbage" ? malformed(delivery.variant) : encode(accepted(0), asItIs).bytes
        return this.spoil(wire, attempt, Buffer.concat([encode(verdict, unending).bytes, more]), delivery)
      }
      case "garbage":
        generation.mustEnd(reason, wire)
        return this.spoil(wire, attempt, malformed(delivery.variant), delivery)
      case "refused":
        return this.say(wire, attempt, refused(one(refusals, delivery), "Refused"), delivery, "none")
      case "failed":
        generation.mustEnd(reason, wire)
        return this.say(wire, attempt, refused(one(failures, delivery), "Failed"), delivery, "none")
      case "oddStatus":
        generation.mustEnd(reason, wire)
        return this.say(wire, attempt, refused(one(oddStatuses, delivery), "Odd"), delivery, "none")
      default:
        return this.say(wire, attempt, verdict, delivery, "none")
    }
  }

  private say(wire: Wire, attempt: Attempt, message: Message, delivery: Delivery, then: Ending): void {
    countDelivery(this.run, "what Lambda says to an answer", delivery)
    const { bytes, closes, endsByClose } = encode(message, delivery)
    const ending = then === "none" && (endsByClose || (closes && delivery.variant % 2 === 0)) ? "end" : then
    if (closes) wire.isLast = true
    if (closes || ending !== "none") {
      // A poll that came with the answer is lost then.
      this.run.generation.mayEnd(`the connection of the answer to event ${attempt.entry.plan.n} ends`, wire)
    }
    wire.send(bytes, delivery, ending, () => {
      if (attempt.outcome === "open") attempt.outcome = then === "reset" ? "lost" : "told"
    })
  }

  /** Says what makes the connection useless. */
  private spoil(wire: Wire, attempt: Attempt, bytes: Buffer, delivery: Delivery): void {
    wire.isLast = true
    wire.send(bytes, delivery, "none", () => {
      attempt.outcome = "told"
      wire.poison()
    })
  }

  /** The function cannot know whether its answer has arrived. */
  private lose(wire: Wire, attempt: Attempt): void {
    const { generation, ledger } = this.run
    const { entry, index, isComplete } = attempt
    attempt.outcome = "lost"
    const isStream = isStreamed(entry.plan.event.behaviour)
    if (!isStream && index === 0 && wire.requests > 1) return
    if (!isComplete) ledger.excuse(entry, isStream ? "streamLost" : index > 0 ? "lostTwice" : "lostOnNewConnection")
    generation.mayEnd(`answer ${index + 1} to event ${entry.plan.n} is lost`, wire)
  }

  private onOther(wire: Wire, { target }: RequestHead, body: Buffer): void {
    if (target === "/2020-01-01/extension/register") return register(this.run, wire)
    if (!invocationPath.test(target) || !target.endsWith("/response")) {
      return this.run.ledger.violate(`POST ${target}: ${body.toString("utf8", 0, 1_000)}`, undefined, [wire])
    }
    wire.send(encode(accepted(0), asItIs).bytes, asItIs, "none")
    this.onCensus(decodeCensus(body.toString()))
  }
}

const one = (statuses: ReadonlyArray<number>, { variant }: Delivery): number =>
  statuses[variant % statuses.length] ?? 500
