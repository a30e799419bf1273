import * as Handler from "effect-lambda-runtime/Handler"
import * as Lambda from "effect-lambda-runtime/Lambda"
import * as LambdaResponse from "effect-lambda-runtime/LambdaResponse"
import * as NodeLambda from "effect-lambda-runtime/NodeLambda"
import * as Effect from "effect/Effect"
import { createHash } from "node:crypto"

const sha256 = Handler.raw((payload) =>
  Effect.succeed(LambdaResponse.text(createHash("sha256").update(payload).digest("hex")))
)

NodeLambda.runMain(Lambda.serve(sha256))
