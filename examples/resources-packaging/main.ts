import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as Handler from "effect-lambda-runtime/Handler"
import * as Lambda from "effect-lambda-runtime/Lambda"
import * as NodeLambda from "effect-lambda-runtime/NodeLambda"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { fileURLToPath } from "node:url"

class Greetings extends Context.Service<Greetings, {
  readonly greet: (name: string) => string
}>()("Greetings") {
  /** The file is in the package where it is in the sources: beside this one. It is read once, before the first event. */
  static readonly layer = Layer.effect(
    Greetings,
    Effect.gen(function*() {
      const { readFileString } = yield* FileSystem.FileSystem
      const text = yield* readFileString(fileURLToPath(new URL("texts/greeting.txt", import.meta.url)))
      return { greet: (name) => text.trim().replace("{name}", name) }
    })
  ).pipe(Layer.provide(NodeFileSystem.layer))
}

const greet = Handler.make(
  { event: Schema.String, result: Schema.String },
  (name) => Effect.map(Greetings, (greetings) => greetings.greet(name))
)

NodeLambda.runMain(Lambda.serve(greet).pipe(Layer.provide(Greetings.layer)))
