/**
 * What the package says of itself.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { createRequire } from "node:module"

const Manifest = Schema.Struct({ name: Schema.String, version: Schema.String })

const manifest = Effect.suspend(() =>
  Effect.orDie(
    Schema.decodeUnknownEffect(Manifest)(createRequire(import.meta.url)("effect-lambda-runtime/package.json"))
  )
)

export const version: Effect.Effect<string> = Effect.map(manifest, ({ version }) => version)
