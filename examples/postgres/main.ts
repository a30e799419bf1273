import * as LambdaHttp from "effect-lambda-runtime/LambdaHttp"
import * as NodeLambda from "effect-lambda-runtime/NodeLambda"
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import { schemaBodyJson } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { database, Notes } from "./notes.ts"

const getNote = Effect.gen(function*() {
  const { id } = yield* HttpRouter.schemaPathParams(
    Schema.Struct({ id: Schema.FiniteFromString.check(Schema.isInt32()) })
  )
  const { get } = yield* Notes
  const note = yield* get(id)
  return yield* Option.isSome(note)
    ? HttpServerResponse.json(note.value)
    : HttpServerResponse.json({ error: `there is no note ${id}` }, { status: 404 })
})

const addNote = Effect.gen(function*() {
  const { text } = yield* schemaBodyJson(Schema.Struct({ text: Schema.NonEmptyString }))
  const { add } = yield* Notes
  return yield* HttpServerResponse.json(yield* add(text), { status: 201 })
})

const routes = Layer.mergeAll(
  HttpRouter.add("GET", "/notes/:id", getNote),
  HttpRouter.add("POST", "/notes", addNote)
)

NodeLambda.runMain(
  LambdaHttp.serve(routes).pipe(
    Layer.provide(Notes.layer),
    Layer.provide(database)
  )
)
