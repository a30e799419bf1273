import * as PgClient from "@effect/sql-pg/PgClient"
import * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import * as SqlSchema from "effect/sql/SqlSchema"

export const Note = Schema.Struct({ id: Schema.Int, text: Schema.String })

export class Notes extends Context.Service<Notes, {
  readonly get: (id: number) => Effect.Effect<Option.Option<typeof Note.Type>, SqlError | Schema.SchemaError>
  readonly add: (text: string) => Effect.Effect<typeof Note.Type, SqlError | Schema.SchemaError>
}>()("Notes") {
  static readonly layer = Layer.effect(
    Notes,
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      // The first query opens the connection: a database that is not there is a failed start, not a failed request.
      yield* sql`create table if not exists notes (id integer primary key generated always as identity, text text not null)`
      return {
        get: SqlSchema.findOneOption({
          Request: Schema.Int,
          Result: Note,
          execute: (id) => sql`select id, text from notes where id = ${id}`
        }),
        add: (text) =>
          Effect.catchTag(
            SqlSchema.findOne({
              Request: Schema.String,
              Result: Note,
              execute: (text) => sql`insert into notes (text) values (${text}) returning id, text`
            })(text),
            "NoSuchElementError",
            Effect.die
          )
      }
    })
  )
}

/** One connection, because an execution environment serves one request at a time. It is closed on shutdown. */
export const database = PgClient.layerConfig({
  url: Config.Redacted("DATABASE_URL"),
  applicationName: Config.succeed("notes"),
  maxConnections: Config.succeed(1)
})
