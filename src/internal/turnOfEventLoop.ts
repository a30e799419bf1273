import * as Effect from "effect/Effect"

/** Everything that has arrived by now is read: the first callback may run before the event loop looks for it. */
export const turnOfEventLoop: Effect.Effect<void> = Effect.callback((resume) => {
  setImmediate(() => setImmediate(() => resume(Effect.void)))
})
