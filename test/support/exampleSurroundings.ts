/**
 * What examples talk to, on this machine, each with the variables that lead there.
 */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Postgres from "./postgres.ts"
import * as Program from "./program.ts"
import * as s3Stub from "./s3Stub.ts"

/** In place of API Gateway, for the example `websocket`. */
export const clients = Effect.gen(function*() {
  const program = yield* Program.start("examples/websocket/clients.ts", { PORT: "0" })
  const [, endpoint = ""] = yield* Effect.orDie(program.printed(/(http:\/\/[^\s"/]+)/))
  return {
    program,
    environment: {
      AWS_REGION: "local",
      AWS_ACCESS_KEY_ID: "key",
      AWS_SECRET_ACCESS_KEY: "secret",
      CONNECTIONS_ENDPOINT: endpoint.replace("0.0.0.0", "127.0.0.1")
    }
  }
})

const surroundings: Readonly<Record<string, Effect.Effect<Readonly<Record<string, string>>, never, Scope.Scope>>> = {
  "postgres": Effect.map(Postgres.start, ({ url }) => ({ DATABASE_URL: url })),
  "s3-aws-sdk": s3Stub.make,
  "websocket": Effect.map(clients, ({ environment }) => environment)
}

/** Starts what an example needs. Most need nothing. */
export const start = (name: string): Effect.Effect<Readonly<Record<string, string>>, never, Scope.Scope> =>
  surroundings[name] ?? Effect.succeed({})

/** Whether what it needs can be started here. */
export const areThere = (name: string): boolean => name !== "postgres" || Postgres.isInstalled
