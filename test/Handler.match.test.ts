import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as Batch from "../src/Batch.ts"
import { EventError } from "../src/EventError.ts"
import * as Alb from "../src/events/Alb.ts"
import * as ApiGatewayV2 from "../src/events/ApiGatewayV2.ts"
import * as Authorizer from "../src/events/Authorizer.ts"
import * as S3 from "../src/events/S3.ts"
import * as Sqs from "../src/events/Sqs.ts"
import * as Handler from "../src/Handler.ts"
import * as Invocation from "../src/Invocation.ts"
import * as Lambda from "../src/Lambda.ts"
import * as LambdaResponse from "../src/LambdaResponse.ts"
import * as LambdaTest from "../src/LambdaTest.ts"

const invokeWith = <E, R, A>(
  handler: Handler.Handler<E, R>,
  use: (lambda: LambdaTest.LambdaTest["Service"]) => Effect.Effect<A, LambdaTest.FunctionError>
) =>
  LambdaTest.LambdaTest.use(use).pipe(
    Effect.provide(Layer.orDie(LambdaTest.layer(Lambda.serve(handler)))),
    Effect.provide(Logger.layer([]))
  )

const invoke = <E, R>(handler: Handler.Handler<E, R>, event: unknown) =>
  invokeWith(handler, ({ invoke }) => invoke(event))

/** Answers with its name what has a key of that name. */
const named = <Name extends string>(name: Name) =>
  Handler.make({ event: Schema.Struct({ [name]: Schema.Int }), result: Schema.String }, () => Effect.succeed(name))

class Broken extends Data.TaggedError("Broken") {}

const refusal = (handler: Handler.Handler<unknown, Invocation.Invocation>, event: unknown) =>
  Effect.provideService(
    Effect.flip(handler),
    Invocation.Invocation,
    Invocation.make({ requestId: "1", payload: new TextEncoder().encode(JSON.stringify(event)) })
  ).pipe(Effect.flatMap((error) => error instanceof EventError ? Effect.succeed(error) : Effect.die(error)))

describe("Handler.match", () => {
  it.effect("takes the first handler whose event decodes", () =>
    Effect.gen(function*() {
      const handler = Handler.match(named("a"), named("b"), named("c"))
      assert.strictEqual(yield* invoke(handler, { b: 1 }), "b")
      assert.strictEqual(yield* invoke(handler, { c: 1 }), "c")
      assert.strictEqual(yield* invoke(handler, { c: 1, a: 1 }), "a")
    }))

  it.effect("serves an HTTP API, a load balancer and a queue", () =>
    Effect.gen(function*() {
      const handler = Handler.match(
        Handler.make({ event: ApiGatewayV2.Event, result: Schema.String }, () => Effect.succeed("HTTP API")),
        Handler.make({ event: Alb.Event, result: Schema.String }, () => Effect.succeed("load balancer")),
        Batch.sqs({ record: Sqs.recordOf(Schema.Int) }, () => Effect.void)
      )
      assert.strictEqual(yield* invoke(handler, ApiGatewayV2.sample()), "HTTP API")
      assert.strictEqual(yield* invoke(handler, Alb.sample()), "load balancer")
      const { messageId } = Sqs.sample(1, "two").Records[1]!
      assert.deepStrictEqual(yield* invoke(handler, Sqs.sample(1, "two")), {
        batchItemFailures: [{ itemIdentifier: messageId }]
      })
    }))

  it.effect("tries no other handler once a function has begun, even if that fails with an EventError", () =>
    Effect.gen(function*() {
      let tried = 0
      const others = Handler.raw(() => Effect.succeed(LambdaResponse.text(`other ${++tried}`)))
      const failures: ReadonlyArray<Handler.Handler<unknown, Invocation.Invocation>> = [
        Handler.make({ event: Schema.Json }, () => new Broken()),
        Handler.make({ event: Schema.Json }, () => Effect.flip(refusal(named("a"), {}))),
        // Another handler within the function refuses the event.
        Handler.make({ event: Schema.Json }, () => named("a")),
        Handler.raw(() => named("a")),
        Handler.raw(() => Handler.match(named("a"), named("b"))),
        Handler.match(Handler.make({ event: Schema.Json }, () => named("a"))),
        Effect.catchTag(named("a"), "EventError", () => Handler.make({ event: Schema.Json }, () => named("b"))),
        Handler.make({ event: Schema.Json, result: Schema.Int }, () => Effect.succeed(1.5))
      ]
      for (const failure of failures) yield* Effect.flip(invoke(Handler.match(failure, others), { c: 1 }))
      assert.strictEqual(tried, 0)
    }))

  it.effect("gives the failure of the handler that has begun, as it is", () =>
    Effect.gen(function*() {
      const handler = Handler.match(named("a"), Handler.make({ event: Schema.Json }, () => new Broken()), named("b"))
      assert.strictEqual((yield* Effect.flip(invoke(handler, { b: 1 }))).errorType, "Broken")
      const dying = Handler.match(Handler.make({ event: Schema.Json }, () => Effect.die(new RangeError())), named("b"))
      assert.strictEqual((yield* Effect.flip(invoke(dying, { b: 1 }))).errorType, "RangeError")
    }))

  it.effect("sees through the middleware of a handler", () =>
    Effect.gen(function*() {
      const wrapped = named("a").pipe(Effect.timeout("1 second"), Effect.withSpan("a"), Effect.annotateLogs("a", 1))
      assert.strictEqual(yield* invoke(Handler.match(wrapped, named("b")), { b: 1 }), "b")
      // It says itself what is answered to an event that does not decode.
      const polite = Effect.catchTag(named("a"), "EventError", () => Effect.succeed(LambdaResponse.text("pardon?")))
      assert.strictEqual(yield* invoke(Handler.match(polite, named("b")), { b: 1 }), "pardon?")
    }))

  it.effect("matches within a match", () =>
    Effect.gen(function*() {
      const handler = Handler.match(Handler.match(named("a"), named("b")), Handler.match(named("c"), named("d")))
      for (const name of ["a", "b", "c", "d"]) assert.strictEqual(yield* invoke(handler, { [name]: 1 }), name)
      const error = yield* refusal(handler, { e: 1 })
      assert.include(error.message, "a: Missing key")
      assert.include(error.message, "d: Missing key")
    }))

  it.effect("asks an authorizer that comes before its API, whose event it is as well", () =>
    Effect.gen(function*() {
      const authorizer = Handler.make(
        { event: Authorizer.RequestEventV2, result: Authorizer.SimpleResult },
        () => Effect.succeed({ isAuthorized: true })
      )
      const api = Handler.make(
        { event: ApiGatewayV2.Event, result: ApiGatewayV2.Result },
        () => Effect.succeed({ statusCode: 204 })
      )
      const handler = Handler.match(authorizer, api)
      assert.deepStrictEqual(yield* invoke(handler, Authorizer.sampleRequestEventV2()), { isAuthorized: true })
      assert.deepStrictEqual(yield* invoke(handler, ApiGatewayV2.sample()), { statusCode: 204 })
    }))

  it.effect("takes streams, and bytes that are no JSON", () =>
    Effect.gen(function*() {
      const counting = Handler.stream(
        { event: Schema.Struct({ to: Schema.Int }), contentType: "text/plain" },
        ({ to }) => Stream.map(Stream.range(1, to), String)
      )
      const size = Handler.raw((payload) => Effect.succeed(LambdaResponse.text(`${payload.length} bytes`)))
      const handler = Handler.match(named("a"), counting, size)
      assert.strictEqual(yield* invoke(handler, { to: 3 }), "123")
      assert.strictEqual(yield* invokeWith(handler, ({ invokePayload }) => invokePayload("no JSON")), "7 bytes")
      assert.strictEqual(yield* invokeWith(handler, ({ invokePayload }) => invokePayload("")), "0 bytes")
    }))

  it.effect("fails with one error that says what each handler expected, and what the event looks like", () =>
    Effect.gen(function*() {
      const handler = Handler.match(
        named("a"),
        Batch.sqs({ record: Sqs.Record }, () => Effect.void),
        Handler.make(
          { event: Schema.Struct({ Records: Schema.String }).annotate({ title: "Diary" }) },
          () => Effect.void
        )
      )
      const error = yield* refusal(handler, S3.sample())
      assert.deepStrictEqual(error.message.split("\n"), [
        "the event does not have the shape that the handler expects",
        "  a: Missing key (handler 1 of 3)",
        "  Records[0].messageId: Missing key (handler 2 of 3)",
        "  Records[0].eventSource: Expected \"aws:sqs\", got \"aws:s3\" (handler 2 of 3)",
        "  Records: Expected string, got an array of 1 (handler 3 of 3)",
        "this looks like an S3 event; the handler expects an SQS event or Diary"
      ])
      assert.notInclude(error.stack, "    at ")
    }))

  it.effect("says once what several of them expected, and nothing where the event is of that sender", () =>
    Effect.gen(function*() {
      const handler = Handler.match(
        Handler.make({ event: Sqs.eventOf(Schema.Struct({ a: Schema.String })) }, () => Effect.void),
        Handler.make({ event: Sqs.eventOf(Schema.Struct({ b: Schema.String })) }, () => Effect.void)
      )
      assert.include((yield* refusal(handler, S3.sample())).message, "an S3 event; the handler expects an SQS event")
      assert.deepStrictEqual((yield* refusal(handler, Sqs.sample({ c: "d" }))).message.split("\n").slice(1), [
        "  Records[0].body.a: Missing key (handler 1 of 2)",
        "  Records[0].body.b: Missing key (handler 2 of 2)"
      ])
    }))

  it.effect("names some places of every handler, where there are many", () =>
    Effect.gen(function*() {
      const fields = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`f${index}`, Schema.Int]))
      const many = Handler.make({ event: Schema.Struct(fields) }, () => Effect.void)
      const { reason } = yield* refusal(Handler.match(many, many, named("a")), {})
      assert.isTrue(reason._tag === "UnexpectedShape")
      if (reason._tag !== "UnexpectedShape") return
      assert.deepStrictEqual(
        [1, 2, 3].map((n) => reason.issues.filter(({ message }) => message.endsWith(`(handler ${n} of 3)`)).length),
        [6, 6, 1]
      )
      assert.strictEqual(reason.moreIssues, 48)
    }))

  it.effect("says of what is no JSON what one handler would say", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(
        invokeWith(Handler.match(named("a"), named("b")), ({ invokePayload }) => invokePayload("{"))
      )
      assert.strictEqual(error.errorType, "EventError")
      assert.match(error.errorMessage, /^the event is not valid JSON: [^\n]*$/)
    }))

  it.effect("gives the error of a single handler as it is", () =>
    Effect.gen(function*() {
      const expected = yield* refusal(named("a"), { b: 1 })
      assert.strictEqual((yield* refusal(Handler.match(named("a")), { b: 1 })).message, expected.message)
    }))

  it.effect("parses an event once, whoever looks at it, and other bytes again", () =>
    Effect.gen(function*() {
      const seen: Array<unknown> = []
      const Looking = Schema.Json.check(Schema.makeFilter((json: unknown) => {
        seen.push(json)
        return false
      }))
      const looking = Handler.make({ event: Looking }, () => Effect.void)
      const other = Effect.updateService(looking, Invocation.Invocation, (invocation) => ({
        ...invocation,
        payload: new TextEncoder().encode("{\"other\":1}")
      }))
      yield* Effect.exit(invoke(Handler.match(looking, Handler.match(looking), other), { a: 1 }))
      const objects = Array.from(new Set(seen))
      assert.deepStrictEqual(objects, [{ a: 1 }, { other: 1 }])
    }))

  it.effect("needs what any of its handlers needs", () =>
    Effect.gen(function*() {
      class Names extends Context.Service<Names, { readonly name: string }>()("Names") {}
      const asking = Handler.make({ event: Schema.String, result: Schema.String }, () =>
        Effect.map(Names, ({ name }) => name))
      const program = Lambda.serve(Handler.match(named("a"), asking)).pipe(
        Layer.provide(Layer.succeed(Names, { name: "Ada" }))
      )
      const answer = yield* LambdaTest.LambdaTest.use(({ invoke }) =>
        invoke("who?")
      ).pipe(
        Effect.provide(LambdaTest.layer(program))
      )
      assert.strictEqual(answer, "Ada")
    }))
})
