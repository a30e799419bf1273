/**
 * Writes what has changed, and says once what could not be sent as it was.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { Change } from "./changes.ts"
import type { Warn } from "./cloudWatch.ts"

/** What there is to say about the metrics, each once. */
export interface Warnings {
  readonly warn: Warn
  readonly take: () => ReadonlyArray<string>
}

export const makeWarnings = (): Warnings => {
  const known = new Set<string>()
  let messages: Array<string> = []
  return {
    warn: (about, message) => {
      if (known.has(about)) return
      known.add(about)
      messages.push(message)
    },
    take: () => {
      const taken = messages
      messages = []
      return taken
    }
  }
}

export interface Options {
  /** Takes what has changed. */
  readonly take: () => ReadonlyArray<Change>
  readonly render: (timestamp: number, changes: ReadonlyArray<Change>) => ReadonlyArray<string>
  readonly write: (line: string) => void
  readonly warnings: Warnings
}

/**
 * From the changes to the written lines it is one step that nothing can come between: what several invocations have
 * counted is published once, and nothing of it waits where a process can be frozen.
 */
export const publish = ({ render, take, warnings, write }: Options): Effect.Effect<void> =>
  Clock.clockWith((clock) => {
    const changes = take()
    if (changes.some(({ isNews }) => isNews)) {
      for (const line of render(clock.currentTimeMillisUnsafe(), changes)) write(line)
    }
    const messages = warnings.take()
    return messages.length === 0
      ? Effect.void
      : Effect.forEach(messages, (message) => Effect.logWarning(message), { discard: true })
  })
