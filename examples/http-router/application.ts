import * as LambdaHttp from "effect-lambda-runtime/LambdaHttp"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import { HttpServerRequest, schemaBodyJson } from "effect/http/HttpServerRequest"
import * as HttpServerRespondable from "effect/http/HttpServerRespondable"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Ref from "effect/Ref"
import * as Schema from "effect/Schema"

const Note = Schema.Struct({ id: Schema.Int, text: Schema.String })

class NoSuchNote extends Schema.TaggedError<NoSuchNote>("NoSuchNote")("NoSuchNote", { id: Schema.Int }) {
  [HttpServerRespondable.symbol]() {
    return HttpServerResponse.json({ error: `there is no note ${this.id}` }, { status: 404 })
  }
}

class Notes extends Context.Service<Notes, {
  readonly get: (id: number) => Effect.Effect<typeof Note.Type, NoSuchNote>
  readonly add: (text: string) => Effect.Effect<typeof Note.Type>
}>()("Notes") {
  /** In memory: every execution environment has its own. */
  static readonly layer = Layer.effect(
    Notes,
    Effect.map(Ref.make<ReadonlyArray<typeof Note.Type>>([{ id: 1, text: "water the plants" }]), (notes) => ({
      get: Effect.fnUntraced(function*(id: number) {
        const note = (yield* Ref.get(notes)).find((note) => note.id === id)
        return note ?? (yield* new NoSuchNote({ id }))
      }),
      add: (text: string) =>
        Ref.modify(notes, (all) => {
          const note = { id: all.length + 1, text }
          return [note, [...all, note]]
        })
    }))
  )
}

const getNote = Effect.gen(function*() {
  const { id } = yield* HttpRouter.schemaPathParams(
    Schema.Struct({ id: Schema.FiniteFromString.check(Schema.isInt()) })
  )
  const { get } = yield* Notes
  return yield* HttpServerResponse.json(yield* get(id))
})

const addNote = Effect.gen(function*() {
  const { text } = yield* schemaBodyJson(Schema.Struct({ text: Schema.NonEmptyString }))
  const { add } = yield* Notes
  const note = yield* add(text)
  return yield* HttpServerResponse.json(note, { status: 201, headers: { location: `/notes/${note.id}` } })
})

/** On Lambda the event says more than HTTP does; on Node there is none. */
const whoAmI = Effect.gen(function*() {
  const { method, remoteAddress } = yield* HttpServerRequest
  const event = yield* LambdaHttp.CurrentEvent
  return yield* HttpServerResponse.json({
    method,
    address: Option.getOrNull(remoteAddress),
    frontDoor: Option.getOrNull(Option.map(event, ({ _tag }) => _tag))
  })
})

export const application = Layer.mergeAll(
  HttpRouter.add("GET", "/notes/:id", getNote),
  HttpRouter.add("POST", "/notes", addNote),
  HttpRouter.add("GET", "/whoami", whoAmI),
  HttpRouter.cors({ allowedOrigins: ["https://example.com"] })
).pipe(HttpRouter.provideRequest(Notes.layer))
