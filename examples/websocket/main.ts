import * as Connections from "effect-lambda-runtime/Connections"
import * as Lambda from "effect-lambda-runtime/Lambda"
import * as LambdaWebSocket from "effect-lambda-runtime/LambdaWebSocket"
import * as NodeLambda from "effect-lambda-runtime/NodeLambda"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { Room } from "./room.ts"

const Say = Schema.Struct({ action: Schema.Literal("say"), text: Schema.NonEmptyString })
const Who = Schema.Struct({ action: Schema.Literal("who") })

/** What is told to the others. */
const Said = Schema.Struct({ from: Schema.String, text: Schema.String })

const tell = Connections.sendJson(Said)

const chat = LambdaWebSocket.handler({
  connect: Effect.fnUntraced(function*({ queryStringParameters, requestContext }) {
    const name = queryStringParameters?.["name"]
    if (name === undefined) return yield* new LambdaWebSocket.ConnectionRefused({ status: 401 })
    const room = yield* Room
    yield* room.enter(requestContext.connectionId, name)
  }),
  disconnect: ({ requestContext }) => Room.use((room) => room.leave(requestContext.connectionId)),
  routes: {
    say: LambdaWebSocket.message(
      { body: Say },
      Effect.fnUntraced(function*({ text }, { requestContext }) {
        const room = yield* Room
        const people = yield* room.people
        const from = people.get(requestContext.connectionId) ?? "somebody"
        yield* Effect.forEach(people.keys(), (connectionId) =>
          tell(connectionId, { from, text }).pipe(
            // Its end may never have been told.
            Effect.catchReason("ConnectionError", "Gone", () => room.leave(connectionId))
          ), { concurrency: 16, discard: true })
      })
    ),
    who: LambdaWebSocket.message(
      { body: Who, reply: Schema.Array(Schema.String) },
      () => Room.use((room) => Effect.map(room.people, (people) => [...people.values()]))
    )
  }
})

/** On Lambda the connections are those of the event; elsewhere a variable may say where they are. */
const connections = Layer.unwrap(
  Effect.map(
    Config.withDefault(Config.String("CONNECTIONS_ENDPOINT"), undefined),
    (endpoint) => Connections.layerOptions({ endpoint })
  )
)

NodeLambda.runMain(
  Lambda.serve(chat).pipe(
    Layer.provide([Room.layer, Layer.provide(connections, FetchHttpClient.layer)])
  )
)
