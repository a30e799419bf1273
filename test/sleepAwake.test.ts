import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { sleepAwake } from "../src/internal/sleepAwake.ts"

/** How often it looks at the clock in a second in which that goes on by so many milliseconds each time. */
const looks = Effect.fnUntraced(function*(step: number) {
  const clock = yield* Clock.Clock
  let now = 1_000_000
  let count = 0
  const strange: Clock.Clock = {
    ...clock,
    currentTimeMillis: Effect.sync(() => now),
    sleep: () =>
      Effect.sync(() => {
        count++
        now += step
      })
  }
  yield* Effect.provideService(sleepAwake(1_000), Clock.Clock, strange)
  return count
})

describe("sleeping awake", () => {
  it.effect.each(
    [
      ["counts what the clock says", 20, 50],
      ["does not count the time in which the process was frozen", 60_000, 40],
      ["goes by its own naps where the clock is set back", -60_000, 50]
    ] as const
  )("%s", ([_, step, expected]) => Effect.map(looks(step), (count) => assert.strictEqual(count, expected)))
})
