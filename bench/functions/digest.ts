/** A handler that computes for some milliseconds and waits for nothing. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Handler from "../../src/Handler.ts"
import { work } from "./work.ts"

export const digest = Handler.make(
  {
    event: Schema.Struct({ text: Schema.String }),
    result: Schema.Struct({ digest: Schema.String })
  },
  ({ text }) => Effect.sync(() => ({ digest: work(text) }))
)
