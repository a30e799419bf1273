import * as S3 from "effect-lambda-runtime/events/S3"
import * as Handler from "effect-lambda-runtime/Handler"
import * as Lambda from "effect-lambda-runtime/Lambda"
import * as NodeLambda from "effect-lambda-runtime/NodeLambda"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

class Notifier extends Context.Service<Notifier, {
  readonly notify: (text: string) => Effect.Effect<void>
}>()("Notifier") {
  /** Into the log; a chat or a topic of SNS would be another layer. */
  static readonly layer = Layer.succeed(Notifier, { notify: (text) => Effect.log(text) })
}

const describe = ({ eventName, s3: { bucket, object } }: S3.Record) => {
  const { key, size } = object
  if (eventName.startsWith("ObjectCreated:")) return `${key} is new in ${bucket.name}, with ${size ?? 0} bytes`
  if (eventName.startsWith("ObjectRemoved:")) return `${key} is gone from ${bucket.name}`
  return `${eventName}: ${key} in ${bucket.name}`
}

const handler = Handler.make(
  { event: S3.Event },
  Effect.fnUntraced(function*({ Records }) {
    const { notify } = yield* Notifier
    yield* Effect.forEach(Records, (record) => notify(describe(record)), { discard: true })
  })
)

NodeLambda.runMain(Lambda.serve(handler).pipe(Layer.provide(Notifier.layer)))
