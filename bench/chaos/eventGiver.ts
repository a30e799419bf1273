/**
 * Answers polls: with events, and with what is wrong with them or with the polls.
 */
import { Buffer } from "node:buffer"
import { type Behaviour, isDeadly, overstays } from "./chaosEvent.ts"
import { type ChaosRun, countDelivery } from "./chaosRun.ts"
import { eventFaults, pollFaults, threadDeaths } from "./faults.ts"
import type { Delivery, Plan } from "./plan.ts"
import { accepted, encode, type Encoded, eventMessage, malformed, noEventStatuses, refused } from "./responses.ts"
import { asItIs, type Ending, type Wire } from "./wire.ts"

/** In milliseconds. */
const shortDeadline = 40
const longDeadline = 900_000

/** What leaves in one packet, in bytes. */
const smallPacket = 16_384

/** How long the kernel may hold back what it has been given, in milliseconds. */
const confirmationTime = 500

/** How long a poll that is lost later is kept, in milliseconds: for so long the function takes a loss for a late one. */
const laterTime = 150

/** Of a process that has only one thread. */
const exitCodes: ReadonlyMap<Behaviour, number> = new Map<Behaviour, number>([["exit", 3], ["crash", 1]])

const nothing = Buffer.alloc(0)

/** When Lambda gives an event up. */
export const deadlineOf = (behaviour: Behaviour): number =>
  Date.now() + (overstays.has(behaviour) ? shortDeadline : longDeadline)

export class EventGiver {
  private readonly run: ChaosRun
  /** The server restarts. */
  private readonly goAway: (millis: number) => void

  constructor(run: ChaosRun, goAway: (millis: number) => void) {
    this.run = run
    this.goAway = goAway
  }

  failPoll(wire: Wire, { n, poll, pollFault }: Plan): void {
    if (pollFault === "none") return
    const { faults, generation, pipelining } = this.run
    faults.add(`a poll: ${pollFaults[pollFault]}`)
    const reason = `the poll for event ${n}: ${pollFault}`
    wire.note(reason)
    switch (pollFault) {
      case "empty":
        return this.send(wire, encode({ status: 204, headers: [], body: "" }, poll), poll, "none")
      case "status": {
        generation.mustEnd(reason)
        const status = noEventStatuses[poll.variant % noEventStatuses.length] ?? 500
        return this.send(wire, encode(refused(status, "Refused"), poll), poll, "none")
      }
      case "garbage":
        // Behind what Lambda says to an answer it may be taken for no response to the poll, which is then sent again.
        if (pipelining) generation.mayEnd(reason, wire)
        else generation.mustEnd(reason)
        wire.isLast = true
        return wire.send(malformed(poll.variant), poll, "none", () => wire.poison())
      case "resetAtOnce":
        generation.mayEnd(reason, wire)
        return wire.send(nothing, asItIs, "reset")
      case "endAtOnce":
        generation.mayEnd(reason, wire)
        return wire.send(nothing, asItIs, "end")
      case "resetLater":
        generation.mayEnd(reason, wire)
        setTimeout(() => wire.reset(), laterTime)
        return
      case "endLater":
        generation.mayEnd(reason, wire)
        setTimeout(() => wire.end(), laterTime)
        return
      case "outage":
        return this.goAway(20 + poll.variant % 250)
    }
  }

  handOver(wire: Wire, plan: Plan): void {
    const { faults, generation, ledger, threads } = this.run
    const { event: { behaviour }, eventFault, n } = plan
    const entry = ledger.begin(plan, wire)
    const delivery = deliveryOf(plan)
    if (eventFault !== "none") faults.add(`an event: ${eventFaults[eventFault]}`)
    countDelivery(this.run, "an event", delivery)
    wire.note(`event ${n} leaves (${eventFault}, ${delivery.dress}, ${delivery.manner})`)
    const encoded = encode(eventMessage(plan, deadlineOf(behaviour)), delivery)
    const reason = `event ${n}: ${eventFault}`

    if (isDeadly(behaviour) && behaviour !== "hang") {
      if (threads > 1) {
        faults.add(`the death of a thread: ${threadDeaths[behaviour]}`)
        ledger.threatenUntilAnswered(behaviour, entry)
      } else generation.endsWith(exitCodes.get(behaviour) ?? 1, `event ${n}: ${behaviour}`)
    }
    switch (eventFault) {
      case "cutByReset":
      case "cutByEnd":
        ledger.excuse(entry, "cut")
        generation.mayEnd(reason, wire)
        return wire.sendCut(encoded.bytes, delivery, eventFault === "cutByReset" ? "reset" : "end")
      case "noRequestId":
        ledger.excuse(entry, "anonymous")
        generation.mustEnd(reason)
        return this.send(wire, encoded, delivery, "none")
      case "thenReset":
        ledger.idleConnectionsClosed++
        generation.mayEnd(reason, wire)
        // One small packet is there before the reset; of many, the last may still wait for the first to be confirmed.
        if (
          delivery.manner !== "whole" || encoded.bytes.length > smallPacket || wire.isSending ||
          performance.now() - wire.sentPiecesAt < confirmationTime
        ) ledger.excuse(entry, "mayBeCut")
        return this.send(wire, encoded, delivery, "reset")
      case "thenEnd":
        return this.send(wire, encoded, delivery, "end")
      case "thenGarbage":
      case "thenUnsolicited": {
        const more = eventFault === "thenGarbage"
          ? malformed(delivery.variant)
          : encode(accepted(delivery.variant), asItIs).bytes
        wire.isLast = true
        return wire.send(Buffer.concat([encoded.bytes, more]), delivery, "none", () => wire.poison())
      }
      default:
        return this.send(wire, encoded, delivery, "none")
    }
  }

  private send(wire: Wire, { bytes, closes, endsByClose }: Encoded, delivery: Delivery, then: Ending): void {
    if (closes) wire.isLast = true
    const ending = then === "none" && (endsByClose || (closes && delivery.variant % 2 === 0)) ? "end" : then
    wire.send(bytes, delivery, ending)
  }
}

const deliveryOf = ({ delivery, end, eventFault }: Plan): Delivery => {
  // It has left when the process is told to end.
  if (end === "together" || end === "hanging") return { ...delivery, manner: "whole" }
  // What ends with its connection cannot be cut, and nothing can follow it.
  return delivery.dress === "untilClose" && eventFault !== "none" ? { ...delivery, dress: "plain" } : delivery
}
