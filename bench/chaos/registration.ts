/**
 * What the internal extension hears when it registers. A function works without it too.
 */
import type { ChaosRun } from "./chaosRun.ts"
import { registrationFaults } from "./faults.ts"
import { makeRegistrationFault } from "./plan.ts"
import { encode, malformed, type Message, refused } from "./responses.ts"
import { asItIs, type Wire } from "./wire.ts"

const registered: Message = {
  status: 200,
  headers: [["Lambda-Extension-Identifier", "3f9ae13a-6ad2-4f0c-9c0b-5a4cf0f2d9c1"]],
  body: "{}"
}

export const register = ({ faults, generation: { number }, rhythm, seed }: ChaosRun, wire: Wire): void => {
  // Where the process never ends there is one registration, and it is to succeed.
  const ends = rhythm.isAlone || rhythm.endEvery !== undefined
  const fault = ends ? makeRegistrationFault(seed, number) : "none"
  if (fault !== "none") faults.add(`a registration: ${registrationFaults[fault]}`)
  const say = (message: Message) => wire.send(encode(message, asItIs).bytes, asItIs, "none")
  switch (fault) {
    case "none":
      return say(registered)
    case "anonymous":
      return say({ ...registered, headers: [] })
    case "refused":
      return say(refused(403, "Extension.Refused"))
    case "reset":
      return wire.reset()
    case "garbage":
      return wire.send(malformed(number), asItIs, "none", () => wire.poison())
  }
}
