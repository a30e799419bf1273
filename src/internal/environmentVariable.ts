/**
 * A variable of the process, as it is. A `Config` would decode it by a schema: about 6 KB of code that a small function
 * does not need otherwise, and time before its first event.
 */
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"

/** Without surrounding space. An empty variable counts as unset, as Lambda itself treats it. */
export const environmentVariable = (name: string): Effect.Effect<string | undefined, ConfigProvider.SourceError> =>
  Effect.flatMap(ConfigProvider.ConfigProvider, ({ load }) => load([name])).pipe(
    Effect.map((node) => node?.value?.trim() || undefined)
  )
