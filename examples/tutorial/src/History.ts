import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

/** What has been asked. */
export class History extends Context.Service<History, {
  /** Remembers a text, and tells how often it has been remembered. */
  readonly add: (text: string) => Effect.Effect<number>
}>()("palindrome/History") {
  /** Remembers for as long as the process lives. */
  static readonly layerMemory = Layer.sync(History, () => {
    const counts = new Map<string, number>()
    return {
      add: (text) =>
        Effect.sync(() => {
          const count = (counts.get(text) ?? 0) + 1
          counts.set(text, count)
          return count
        })
    }
  })
}
