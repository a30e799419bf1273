import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { turnOfEventLoop } from "./turnOfEventLoop.ts"

/** In milliseconds. */
const tick = 20

/** Sleeps for so many milliseconds, of which none count in which the process was frozen, or had no processor. */
export const sleepAwake: (millis: number) => Effect.Effect<void> = Effect.fnUntraced(function*(millis) {
  let left = millis
  while (left > 0) {
    const before = yield* Clock.currentTimeMillis
    const nap = Math.min(tick, left)
    yield* Effect.sleep(nap)
    // The clock may have been set back.
    left -= Math.min(Math.max((yield* Clock.currentTimeMillis) - before, nap), nap + 5)
  }
  // Who was away has its turn before anything is said of it.
  yield* turnOfEventLoop
})
