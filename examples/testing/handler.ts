import * as ApiGatewayV2 from "effect-lambda-runtime/events/ApiGatewayV2"
import * as Handler from "effect-lambda-runtime/Handler"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { capitalize } from "./capitalize.ts"

/** Where the texts are kept. */
export class Archive extends Context.Service<Archive, {
  readonly keep: (text: string, at: number) => Effect.Effect<void>
}>()("Archive") {
  /** Into the log; a table would be another layer. */
  static readonly layer = Layer.succeed(Archive, { keep: (text) => Effect.log(`kept ${text}`) })
}

export const handler = Handler.make(
  { event: ApiGatewayV2.Event, result: ApiGatewayV2.Result },
  Effect.fnUntraced(function*({ body, isBase64Encoded }) {
    const { keep } = yield* Archive
    const text = capitalize(isBase64Encoded ? Buffer.from(body ?? "", "base64").toString() : body ?? "")
    yield* keep(text, yield* Clock.currentTimeMillis)
    return { statusCode: 200, headers: { "content-type": "text/plain" }, body: text }
  })
)
