import * as Handler from "effect-lambda-runtime/Handler"
import * as Lambda from "effect-lambda-runtime/Lambda"
import * as NodeLambda from "effect-lambda-runtime/NodeLambda"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { pbkdf2Sync } from "node:crypto"

/** It computes, so that one thread would keep all other invocations waiting. */
const digest = Handler.make(
  {
    event: Schema.Struct({ password: Schema.RedactedFromValue(Schema.String), salt: Schema.String }),
    result: Schema.Struct({ digest: Schema.String })
  },
  ({ password, salt }) =>
    Effect.sync(() => ({ digest: pbkdf2Sync(Redacted.value(password), salt, 20_000, 16, "sha256").toString("hex") }))
)

NodeLambda.runMainThreads(Lambda.serve(digest))
