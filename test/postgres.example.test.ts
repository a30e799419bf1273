/**
 * The example `postgres` with a real database.
 *
 * Needs a PostgreSQL from the packages of Debian; without one there is nothing to run it with.
 */
import { assert, describe, it } from "@effect/vitest"
import * as ApiGatewayV2 from "effect-lambda-runtime/events/ApiGatewayV2"
import * as Effect from "effect/Effect"
import * as exampleReadme from "./support/exampleReadme.ts"
import { onLambda } from "./support/lambdaProcess.ts"
import * as Postgres from "./support/postgres.ts"
import * as Program from "./support/program.ts"

if (!Postgres.isInstalled) {
  console.log("There is no PostgreSQL here, so that examples/postgres is not run: apt-get install postgresql")
}

const entry = "examples/postgres/main.ts"

describe.runIf(Postgres.isInstalled)("the example postgres", () => {
  it.live("answers as its README says", () =>
    Effect.gen(function*() {
      const { url } = yield* Postgres.start
      const program = yield* Program.start(entry, { DATABASE_URL: url, LOCAL_LAMBDA_PORT: "0" })
      const [, address = ""] = yield* program.printed(/listens on (http:\/\/\S+)\. /)
      const calls = exampleReadme.functionsOf("postgres").flatMap(({ calls }) => calls)
      assert.strictEqual(calls.length, 3)
      for (const call of calls) yield* exampleReadme.answersAsItSays(call, address)
    }), 60_000)

  it.live("connects before its first event, and closes the connection when it ends", () =>
    Effect.gen(function*() {
      const database = yield* Postgres.start
      const { peer, program } = yield* onLambda(entry, { DATABASE_URL: database.url })
      const ours = / application_name=notes/
      const connected = () => database.lines.filter((line) => ours.test(line)).length
      const next = yield* peer.request
      assert.strictEqual(next.target, "/2018-06-01/runtime/invocation/next")
      yield* database.logged(ours)
      const sample = ApiGatewayV2.sample()
      const event = (id: number) =>
        JSON.stringify({
          ...sample,
          rawPath: `/notes/${id}`,
          requestContext: { ...sample.requestContext, http: { ...sample.requestContext.http, method: "GET" } }
        })
      const give = (request: typeof next, id: number) =>
        request.respond({
          headers: {
            "Lambda-Runtime-Aws-Request-Id": String(id),
            "Lambda-Runtime-Deadline-Ms": String(Date.now() + 60_000),
            "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:us-east-1:123456789012:function:notes"
          },
          body: event(id)
        })
      let request = next
      for (const id of [1, 2]) {
        yield* give(request, id)
        const answer = yield* peer.request
        assert.include((yield* answer.whole).text, `there is no note ${id}`)
        yield* answer.respond({ status: 202 })
        request = yield* peer.request
      }
      // One for both.
      assert.strictEqual(connected(), 1)
      assert.isFalse(database.lines.some((line) => /disconnection/.test(line)))
      yield* program.kill("SIGTERM")
      const { code } = yield* program.exit
      assert.strictEqual(code, 0)
      yield* database.logged(/disconnection: session time: /)
    }), 60_000)

  it.live("does not start without its database, and says why", () =>
    Effect.gen(function*() {
      const { peer, program } = yield* onLambda(entry, { DATABASE_URL: "postgres://app@127.0.0.1:9/postgres" })
      const report = yield* peer.request
      assert.strictEqual(report.target, "/2018-06-01/runtime/init/error")
      assert.include((yield* report.whole).text, "SqlError")
      yield* report.respond({ status: 202 })
      const { code } = yield* program.exit
      assert.notStrictEqual(code, 0)
    }), 60_000)
})
