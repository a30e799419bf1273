import { assert, describe, it, layer } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as Handler from "../src/Handler.ts"
import { Invocation } from "../src/Invocation.ts"
import * as Lambda from "../src/Lambda.ts"
import { LambdaEnvironment, layer as layerEnvironment } from "../src/LambdaEnvironment.ts"
import * as LambdaResponse from "../src/LambdaResponse.ts"
import * as LambdaTest from "../src/LambdaTest.ts"

const upper = Handler.make(
  { event: Schema.String, result: Schema.String },
  (text) => Effect.succeed(text.toUpperCase())
)

layer(LambdaTest.layer(Lambda.serve(upper)))("LambdaTest.layer", (it) => {
  it.effect("invokes the function", () =>
    LambdaTest.LambdaTest.use(Effect.fnUntraced(function*({ invoke }) {
      assert.strictEqual(yield* invoke("loud"), "LOUD")
    })))

  it.effect("gives every caller its own answer", () =>
    LambdaTest.LambdaTest.use(Effect.fnUntraced(function*({ invoke }) {
      const words = Array.from({ length: 20 }, (_, index) => `word ${index}`)
      const answers = yield* Effect.forEach(words, (word) => invoke(word), { concurrency: "unbounded" })
      assert.deepStrictEqual(answers, words.map((word) => word.toUpperCase()))
    })))
})

describe("LambdaTest", () => {
  const invoking = <E, R, A, E2>(
    handler: Handler.Handler<E, R>,
    use: (lambda: LambdaTest.LambdaTest["Service"]) => Effect.Effect<A, E2>
  ) => LambdaTest.LambdaTest.use(use).pipe(Effect.provide(LambdaTest.layer(Lambda.serve(handler))))

  it.effect("gives text as a string, JSON parsed, and anything else as bytes", () =>
    Effect.gen(function*() {
      const answers = [
        LambdaResponse.text("hi"),
        LambdaResponse.json({ a: 1 }),
        LambdaResponse.bytes(new Uint8Array([7]))
      ]
      const handler = Handler.raw((payload) => Effect.succeed(answers[Number(new TextDecoder().decode(payload))]!))
      yield* invoking(
        handler,
        Effect.fnUntraced(function*({ invoke }) {
          assert.strictEqual(yield* invoke(0), "hi")
          assert.deepStrictEqual(yield* invoke(1), { a: 1 })
          assert.deepStrictEqual(yield* invoke(2), new Uint8Array([7]))
        })
      )
    }))

  it.effect("gives the head of a streamed answer before its body is read", () =>
    invoking(
      Handler.raw(() =>
        Effect.succeed(LambdaResponse.http({ status: 201, cookies: ["a=b"], body: Stream.make("x", "y") }))
      ),
      Effect.fnUntraced(function*({ invokeStream }) {
        const answer = yield* invokeStream(null)
        assert.strictEqual(answer.prelude?.statusCode, 201)
        assert.deepStrictEqual(answer.prelude?.cookies, ["a=b"])
        assert.strictEqual(yield* Stream.mkString(Stream.decodeText(answer.body)), "xy")
      })
    ))

  it.effect("passes on what the caller says about itself", () =>
    invoking(
      Handler.raw(() => Effect.map(Invocation, (invocation) => LambdaResponse.json(invocation))),
      Effect.fnUntraced(function*({ invoke }) {
        const seen = yield* invoke(1, {
          functionArn: "arn:x",
          clientContext: { custom: { key: "value" } },
          identity: { cognitoIdentityId: "id" }
        })
        assert.deepInclude(seen as object, { functionArn: "arn:x", deadline: 3000, contentType: "application/json" })
        assert.include(JSON.stringify(seen), "\"key\":\"value\"")
        assert.include(JSON.stringify(seen), "\"cognitoIdentityId\":\"id\"")
      })
    ))

  it.effect("is not stopped by the environment in which the tests run", () =>
    invoking(
      Handler.raw(() => Effect.map(LambdaEnvironment, ({ functionName }) => LambdaResponse.json(functionName))),
      Effect.fnUntraced(function*({ invoke }) {
        assert.strictEqual(yield* invoke(1), "function")
      })
    ))

  it.effect("is not stopped by the environment of another test, with which it shares its layers", () =>
    Effect.gen(function*() {
      const environmentOf = (AWS_LAMBDA_FUNCTION_NAME: string) =>
        layerEnvironment.pipe(Layer.provide(
          ConfigProvider.layer(ConfigProvider.fromEnvRecord({ AWS_LAMBDA_FUNCTION_NAME }))
        ))
      const handler = Handler.raw(() =>
        Effect.map(LambdaEnvironment, ({ functionName }) => LambdaResponse.json(functionName))
      )
      const memoMap = yield* Layer.makeMemoMap
      const scope = yield* Effect.scope
      yield* Layer.buildWithMemoMap(environmentOf("another"), memoMap, scope)
      const context = yield* Layer.buildWithMemoMap(LambdaTest.layer(Lambda.serve(handler)), memoMap, scope)
      assert.strictEqual(yield* Context.get(context, LambdaTest.LambdaTest).invoke(1), "function")
    }))

  it.effect("fails as the program's layers do", () =>
    Effect.gen(function*() {
      const broken = Lambda.serve(upper).pipe(Layer.provide(Layer.effectDiscard(Effect.fail("no database"))))
      const exit = yield* Effect.exit(Effect.scoped(Layer.build(LambdaTest.layer(broken))))
      assert.deepStrictEqual(exit, Exit.fail("no database"))
    }))

  it.effect("ends with the test, whatever the function is doing", () =>
    Effect.gen(function*() {
      const started = yield* Deferred.make<void>()
      const interrupted = yield* Deferred.make<void>()
      const handler = Handler.raw(() =>
        Deferred.succeed(started, undefined).pipe(
          Effect.andThen(Effect.never),
          Effect.onInterrupt(() => Deferred.succeed(interrupted, undefined))
        )
      )
      const scope = yield* Scope.make()
      const context = yield* Layer.buildWithScope(LambdaTest.layer(Lambda.serve(handler)), scope)
      yield* LambdaTest.LambdaTest.use(({ invoke }) => Effect.forkChild(Effect.exit(invoke(1)))).pipe(
        Effect.provideContext(context)
      )
      yield* Deferred.await(started)
      yield* Scope.close(scope, Exit.void)
      yield* Deferred.await(interrupted)
    }))
})
