/**
 * What happens to an event: what the handler does with it, what goes wrong on its way there, and on the way of its answer
 * back. All of it follows from the seed of the run and the number of the event.
 */
import { type Behaviour, type ChaosEvent, type Deadly, isDeadly, isStreamed, pattern } from "./chaosEvent.ts"
import { Dice, type Weights } from "./dice.ts"
import type { Dress, EventFault, Manner, PollFault, PostFault, RegistrationFault } from "./faults.ts"

/** How a response is sent. */
export interface Delivery {
  readonly dress: Dress
  readonly manner: Manner
  /** Where it is cut into pieces, and where it ends when it is cut off, as shares of its length. */
  readonly cuts: ReadonlyArray<number>
  readonly end: number
  /** Milliseconds between pieces that are sent slowly. */
  readonly pause: number
  /** Which of several statuses, of several malformed responses, and so on. */
  readonly variant: number
}

export interface Plan {
  readonly n: number
  readonly event: ChaosEvent
  readonly pollFault: PollFault
  readonly poll: Delivery
  readonly eventFault: EventFault
  readonly delivery: Delivery
  /** Of the first time that the answer is said, and of the second. */
  readonly posts: readonly [PostPlan, PostPlan]
  readonly hasInvocationId: boolean
  /**
   * When SIGTERM is sent: before the event, which the next process gets then, with it, while its answer arrives, or when
   * its handler blocks a thread for ever.
   */
  readonly end: "never" | "waiting" | "together" | "answering" | "hanging"
}

/** When things happen that are not left to chance alone. */
export interface Rhythm {
  /** Whether the process serves one invocation at a time, and ends with what it cannot survive. */
  readonly isAlone: boolean
  /** Of so many events, one is the death of a thread; none unless given. */
  readonly deathEvery?: number | undefined
  /** After so many events a process is told to end; by chance if it is alone, else never. */
  readonly endEvery?: number | undefined
}

export interface PostPlan {
  readonly fault: PostFault
  readonly delivery: Delivery
}

const behaviourWeights: Weights<Behaviour> = {
  answer: 500,
  answerLater: 80,
  answerBytes: 40,
  answerLarge: 2,
  stream: 60,
  streamHttp: 30,
  streamLarge: 2,
  streamEmpty: 10,
  streamFailsFirst: 10,
  streamFails: 15,
  streamDies: 10,
  streamFinalizerDies: 10,
  streamStops: 4,
  streamLate: 4,
  fail: 40,
  failNull: 10,
  die: 20,
  throwNull: 10,
  reject: 10,
  overflow: 1,
  interrupt: 10,
  background: 30,
  backgroundFails: 10,
  finalizer: 20,
  failFinalizer: 10,
  leaveFiber: 10,
  block: 4,
  oversize: 0.5,
  deadline: 8,
  ignoreDeadline: 4,
  undecodable: 15,
  exit: 0,
  crash: 0,
  outOfMemory: 0,
  hang: 0
}

/** These end the process, as they should. */
const deadlyBehaviours: Partial<Weights<Behaviour>> = { exit: 0.3, crash: 0.3 }

const pollWeights: Weights<PollFault> = {
  none: 1_000,
  empty: 4,
  status: 1,
  garbage: 1,
  resetAtOnce: 2,
  endAtOnce: 2,
  resetLater: 0.5,
  endLater: 0.5,
  outage: 0.1
}

const eventWeights: Weights<EventFault> = {
  none: 1_000,
  cutByReset: 2,
  cutByEnd: 2,
  thenReset: 6,
  thenEnd: 6,
  thenGarbage: 5,
  thenUnsolicited: 5,
  noDeadline: 2,
  badDeadline: 2,
  noArn: 2,
  badClientContext: 2,
  badIdentity: 2,
  noRequestId: 0.3
}

const postWeights: Weights<PostFault> = {
  none: 1_000,
  resetBefore: 8,
  resetInside: 8,
  resetAfter: 8,
  resetLater: 1,
  endBefore: 8,
  endAfter: 8,
  resetInVerdict: 6,
  endInVerdict: 6,
  thenReset: 6,
  thenEnd: 6,
  thenGarbage: 5,
  thenUnsolicited: 5,
  readSlowly: 10,
  refused: 15,
  refusedEarly: 10,
  failed: 4,
  oddStatus: 1,
  garbage: 4
}

/** Many things go wrong twice. */
const secondPostWeights: Weights<PostFault> = { ...postWeights, none: 300 }

/** What ends the process where there is one worker: then it happens less often, because a process takes time to start. */
const deadly = {
  poll: ["status", "garbage", "resetAtOnce", "endAtOnce", "resetLater", "endLater", "outage"],
  event: ["cutByReset", "cutByEnd", "noRequestId"],
  post: ["failed", "oddStatus", "garbage"]
} as const

const lessOften = <Name extends string>(weights: Weights<Name>, names: ReadonlyArray<Name>): Weights<Name> => {
  const changed: Record<Name, number> = { ...weights }
  for (const name of names) changed[name] = weights[name] / 10
  return changed
}

const several = { poll: pollWeights, event: eventWeights, post: postWeights, behaviour: behaviourWeights }
const alone = {
  poll: lessOften(pollWeights, deadly.poll),
  event: lessOften(eventWeights, deadly.event),
  post: lessOften(postWeights, deadly.post),
  behaviour: { ...behaviourWeights, ...deadlyBehaviours }
}

/** Of a thread. */
const deathWeights: Weights<Exclude<Deadly, "hang">> = { exit: 4, crash: 4, outOfMemory: 2 }

const endWeights: Weights<Plan["end"]> = { never: 1_000, waiting: 1, together: 1, answering: 1, hanging: 0 }

/** Of a process in several threads. */
const threadsEndWeights: Weights<Plan["end"]> = { never: 0, waiting: 1, together: 1, answering: 1, hanging: 1 }

const registrationWeights: Weights<RegistrationFault> = { none: 70, refused: 10, reset: 10, garbage: 5, anonymous: 5 }

const dressWeights: Weights<Dress> = {
  plain: 85,
  chunked: 5,
  close: 2,
  http10: 1,
  http10KeepAlive: 1,
  untilClose: 1,
  interim: 3,
  oddHeaders: 3
}

const mannerWeights: Weights<Manner> = { whole: 80, split: 14, byteByByte: 0.5, slow: 4 }

export const makePlan = (seed: string, n: number, rhythm: Rhythm): Plan => {
  const dice = new Dice(`${seed}/${n}`)
  const weights = rhythm.isAlone ? alone : several
  const isDeath = rhythm.deathEvery !== undefined && n % rhythm.deathEvery === Math.floor(rhythm.deathEvery / 5)
  const behaviour = isDeath ? dice.weighted(deathWeights) : dice.weighted(weights.behaviour)
  const end = endOf(dice, n, rhythm)
  const event = makeEvent(dice, n, end === "hanging" ? "hang" : behaviour)
  return {
    n,
    event,
    end,
    pollFault: dice.weighted(weights.poll),
    poll: makeDelivery(dice),
    eventFault: eventFault(dice.weighted(weights.event), event, end),
    delivery: makeDelivery(dice),
    posts: [
      { fault: postFault(dice.weighted(weights.post), event), delivery: makeDelivery(dice) },
      { fault: postFault(dice.weighted(secondPostWeights), event), delivery: makeDelivery(dice) }
    ],
    hasInvocationId: dice.chance(0.5)
  }
}

const endOf = (dice: Dice, n: number, { endEvery, isAlone }: Rhythm): Plan["end"] => {
  if (isAlone) return dice.weighted(endWeights)
  return endEvery !== undefined && n % endEvery === 0 ? dice.weighted(threadsEndWeights) : "never"
}

/** An event with which the process or a thread ends has to arrive for it. */
const eventFault = (fault: EventFault, { behaviour }: ChaosEvent, end: Plan["end"]): EventFault =>
  isDeadly(behaviour) || end === "together" ? "none" : fault

/** How the registration of a process goes. */
export const makeRegistrationFault = (seed: string, generation: number): RegistrationFault =>
  new Dice(`${seed}/process ${generation}`).weighted(registrationWeights)

/** A small answer has been read before anything could be said to it. */
const postFault = (fault: PostFault, { behaviour }: ChaosEvent): PostFault =>
  fault === "refusedEarly" && !isStreamed(behaviour) && behaviour !== "answerLarge" ? "none" : fault

const makeDelivery = (dice: Dice): Delivery => ({
  dress: dice.weighted(dressWeights),
  manner: dice.weighted(mannerWeights),
  cuts: Array.from({ length: dice.between(1, 4) }, () => dice.fraction()),
  end: dice.fraction(),
  pause: dice.between(1, 4),
  variant: dice.between(0, 1_000_000)
})

const makeEvent = (dice: Dice, n: number, behaviour: Behaviour): ChaosEvent => ({
  behaviour,
  n,
  size: sizeOf(dice, behaviour),
  elements: dice.between(1, 6),
  millis: behaviour === "ignoreDeadline" ? dice.between(60, 90) : dice.between(0, 8),
  text: pattern(n, dice.chance(0.002) ? dice.between(100_000, 2_000_000) : dice.between(0, 600))
})

const sizeOf = (dice: Dice, behaviour: Behaviour): number => {
  switch (behaviour) {
    case "answerLarge":
      return dice.between(100_000, 3_000_000)
    case "streamLarge":
      return dice.between(50_000, 500_000)
    case "oversize":
      return 6_291_557
    default:
      return dice.between(1, 3_000)
  }
}
