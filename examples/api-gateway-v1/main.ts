import * as ApiGatewayV1 from "effect-lambda-runtime/events/ApiGatewayV1"
import * as Handler from "effect-lambda-runtime/Handler"
import * as Lambda from "effect-lambda-runtime/Lambda"
import * as NodeLambda from "effect-lambda-runtime/NodeLambda"
import * as Context from "effect/Context"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Schema from "effect/Schema"

interface Pet {
  readonly name: string
  readonly kind: string
  readonly age: number
}

class NoSuchPet extends Data.TaggedError("NoSuchPet")<{ readonly id: string | undefined }> {}

class Pets extends Context.Service<Pets, {
  readonly get: (id: string | undefined) => Effect.Effect<Pet, NoSuchPet>
}>()("Pets") {
  static readonly layer = Layer.sync(Pets, () => {
    const pets = new Map<string | undefined, Pet>([["7", { name: "Tilly", kind: "cat", age: 4 }]])
    return {
      get: (id) => {
        const pet = pets.get(id)
        return pet === undefined ? Effect.fail(new NoSuchPet({ id })) : Effect.succeed(pet)
      }
    }
  })
}

const answer = (statusCode: number, body: Schema.Json) => ({
  statusCode,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body)
})

const getPet = Handler.make(
  { event: ApiGatewayV1.Event, result: ApiGatewayV1.Result },
  Effect.fnUntraced(
    function*({ multiValueQueryStringParameters, pathParameters }) {
      const { get } = yield* Pets
      const pet = yield* get(pathParameters?.["id"])
      // `?field=name&field=age`: the plain parameters have the last of them alone.
      const fields = multiValueQueryStringParameters?.["field"] ?? []
      const chosen = Object.entries(pet).filter(([name]) => fields.length === 0 || fields.includes(name))
      return answer(200, Object.fromEntries(chosen))
    },
    Effect.catchTag("NoSuchPet", ({ id }) => Effect.succeed(answer(404, { error: `there is no pet ${id}` })))
  )
)

NodeLambda.runMain(Lambda.serve(getPet).pipe(Layer.provide(Pets.layer)))
