/**
 * Invokes functions in tests, without a network: an in-memory Runtime API with the real invocation loop behind it.
 *
 * @since 0.1.0
 */
import type * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Pull from "effect/Pull"
import * as Queue from "effect/Queue"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as ErrorReport from "./ErrorReport.ts"
import * as Invocation from "./Invocation.ts"
import * as Lambda from "./Lambda.ts"
import * as LambdaEnvironment from "./LambdaEnvironment.ts"
import type * as LambdaResponse from "./LambdaResponse.ts"
import { RuntimeApi } from "./RuntimeApi.ts"
import * as Shutdown from "./Shutdown.ts"

/**
 * The function failed; the fields are what Lambda hands to the caller.
 *
 * @category errors
 * @since 0.1.0
 */
export class FunctionError extends Schema.TaggedError<FunctionError>("effect-lambda-runtime/LambdaTest/FunctionError")(
  "FunctionError",
  {
    errorType: Schema.String,
    errorMessage: Schema.String,
    stackTrace: Schema.Array(Schema.String)
  }
) {
  override get message(): string {
    return `${this.errorType}: ${this.errorMessage}`
  }
}

/**
 * What to invoke a function with, besides its event. Everything has a default.
 *
 * @category models
 * @since 0.1.0
 */
export interface InvokeOptions {
  /** Default: a new one for every invocation. */
  readonly requestId?: string | undefined
  /** Time until the deadline. Default: 3 seconds, as on Lambda. */
  readonly timeout?: Duration.Input | undefined
  readonly functionArn?: string | undefined
  readonly traceId?: string | undefined
  readonly tenantId?: string | undefined
  readonly clientContext?: Invocation.ClientContext | undefined
  readonly identity?: Invocation.CognitoIdentity | undefined
}

/**
 * A streamed answer on its way.
 *
 * @category models
 * @since 0.1.0
 */
export interface StreamedAnswer {
  readonly contentType: string
  /** Status, headers and cookies, when the function gave them. */
  readonly prelude: LambdaResponse.HttpPrelude | undefined
  /** Fails when the function fails half-way. The function is not pulled faster than this is read. */
  readonly body: Stream.Stream<Uint8Array, FunctionError>
}

/**
 * Invokes the function under test.
 *
 * **Example** (An expected failure)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as Lambda from "effect-lambda-runtime/Lambda"
 * import * as LambdaTest from "effect-lambda-runtime/LambdaTest"
 * import * as Effect from "effect/Effect"
 * import * as Schema from "effect/Schema"
 *
 * const double = Handler.make({ event: Schema.Int, result: Schema.Int }, (n) => Effect.succeed(n * 2))
 *
 * const failure = LambdaTest.LambdaTest.use(({ invoke }) => Effect.flip(invoke("two"))).pipe(
 *   Effect.provide(LambdaTest.layer(Lambda.serve(double)))
 * )
 *
 * const { errorType } = await Effect.runPromise(failure)
 * errorType // => "EventError"
 * ```
 *
 * @category services
 * @since 0.1.0
 */
export class LambdaTest extends Context.Service<LambdaTest, {
  /**
   * Invokes with an event and gives the answer: JSON parsed, text as a string, anything else as bytes. Fails with a
   * `FunctionError` when the function does.
   */
  readonly invoke: (event: unknown, options?: InvokeOptions | undefined) => Effect.Effect<unknown, FunctionError>
  /** {@link LambdaTest} `invoke` with the bytes of an event, which need not be JSON. */
  readonly invokePayload: (
    payload: Uint8Array | string,
    options?: InvokeOptions | undefined
  ) => Effect.Effect<unknown, FunctionError>
  /** Invokes, and gives the answer as soon as its first byte is there. */
  readonly invokeStream: (
    event: unknown,
    options?: InvokeOptions | undefined
  ) => Effect.Effect<StreamedAnswer, FunctionError>
  /** The failed starts that `Lambda.launch` has reported. */
  readonly initErrors: Effect.Effect<ReadonlyArray<ErrorReport.ErrorReport>>
  /** The failed restores that `Lambda.launch` has reported. */
  readonly restoreErrors: Effect.Effect<ReadonlyArray<ErrorReport.ErrorReport>>
}>()("effect-lambda-runtime/LambdaTest") {}

interface Entry {
  readonly invocation: Invocation.Invocation["Service"]
  readonly answer: Deferred.Deferred<StreamedAnswer, FunctionError>
}

const make = Effect.gen(function*() {
  const waiting = yield* Queue.unbounded<Entry>()
  const running = new Map<string, Entry>()
  const initErrors: Array<ErrorReport.ErrorReport> = []
  const restoreErrors: Array<ErrorReport.ErrorReport> = []
  let invocations = 0

  const invokePayload = Effect.fnUntraced(function*(payload: Uint8Array | string, options?: InvokeOptions | undefined) {
    const timeout = Duration.fromInputUnsafe(options?.timeout ?? "3 seconds")
    const invocation = Invocation.make({
      ...options,
      requestId: options?.requestId ?? `00000000-0000-4000-8000-${String(++invocations).padStart(12, "0")}`,
      deadline: (yield* Clock.currentTimeMillis) + Duration.toMillis(timeout),
      payload: typeof payload === "string" ? new TextEncoder().encode(payload) : payload
    })
    const answer = yield* Deferred.make<StreamedAnswer, FunctionError>()
    yield* Queue.offer(waiting, { invocation, answer })
    return yield* Deferred.await(answer)
  })

  const take = ({ requestId }: { readonly requestId: string }): Effect.Effect<Entry> =>
    Effect.suspend(() => {
      const entry = running.get(requestId)
      running.delete(requestId)
      return entry === undefined
        ? Effect.die(new Error(`no invocation ${requestId} is running`))
        : Effect.succeed(entry)
    })

  const respondStreamed = Effect.fnUntraced(
    function*<E, R>(invocation: { readonly requestId: string }, response: LambdaResponse.Streamed<E, R>) {
      const pull = yield* Stream.toPull(response.body)
      const first = yield* Effect.exit(Effect.interruptible(Pull.catchDone(pull, () => Effect.undefined)))
      if (Exit.isFailure(first)) return { _tag: "NotStarted" as const, cause: first.cause }

      const { answer } = yield* take(invocation)
      const chunks = yield* Queue.bounded<Uint8Array, FunctionError | Cause.Done>(1)
      yield* Deferred.succeed(answer, { ...response, body: Stream.fromQueue(chunks) })
      const send = (elements: ReadonlyArray<Uint8Array | string>) =>
        Effect.forEach(elements, (element) => Queue.offer(chunks, toBytes(element)), { discard: true })

      if (first.value === undefined) {
        yield* Queue.end(chunks)
        return { _tag: "Accepted" as const }
      }
      yield* send(first.value)
      const rest = yield* Effect.exit(Effect.interruptible(Pull.catchDone(
        Effect.forever(Effect.flatMap(pull, send)),
        () => Effect.void
      )))
      if (Exit.isSuccess(rest)) {
        yield* Queue.end(chunks)
        return { _tag: "Accepted" as const }
      }
      yield* Queue.fail(chunks, new FunctionError(ErrorReport.fromCause(rest.cause)))
      return { _tag: "Aborted" as const, cause: rest.cause }
    },
    Effect.scoped,
    Effect.uninterruptible
  )

  const runtimeApi = RuntimeApi.of({
    pipelining: false,
    next: Effect.map(Queue.take(waiting), (entry) => {
      running.set(entry.invocation.requestId, entry)
      return entry.invocation
    }),
    respond: (invocation, response) =>
      response._tag === "Streamed"
        ? respondStreamed(invocation, response)
        : Effect.flatMap(take(invocation), ({ answer }) =>
          Effect.as(
            Deferred.succeed(answer, {
              contentType: response.contentType,
              prelude: undefined,
              body: Stream.succeed(toBytes(response.body))
            }),
            { _tag: "Accepted" }
          )),
    fail: (invocation, report) =>
      Effect.flatMap(take(invocation), ({ answer }) => Effect.asVoid(Deferred.fail(answer, new FunctionError(report)))),
    initError: (report) => Effect.sync(() => void initErrors.push(report)),
    // Nobody takes a snapshot, so that the function is restored at once.
    restoreNext: Effect.void,
    restoreError: (report) => Effect.sync(() => void restoreErrors.push(report))
  })

  const lambdaTest = LambdaTest.of({
    invoke: (event, options) => Effect.flatMap(invokePayload(JSON.stringify(event) ?? "null", options), read),
    invokePayload: (payload, options) => Effect.flatMap(invokePayload(payload, options), read),
    invokeStream: (event, options) => invokePayload(JSON.stringify(event) ?? "null", options),
    initErrors: Effect.sync(() => initErrors.slice()),
    restoreErrors: Effect.sync(() => restoreErrors.slice())
  })

  return Context.make(RuntimeApi, runtimeApi).pipe(Context.add(LambdaTest, lambdaTest))
})

/**
 * A Runtime API in memory, and the {@link LambdaTest} that invokes whatever polls it.
 *
 * **When to use**
 *
 * To test a program of your own around `Lambda.run` or `Lambda.launch`, its failed start for example. For handlers use
 * {@link layer}.
 *
 * **Example** (A failed start)
 *
 * ```ts
 * import * as Lambda from "effect-lambda-runtime/Lambda"
 * import * as LambdaTest from "effect-lambda-runtime/LambdaTest"
 * import * as Effect from "effect/Effect"
 * import * as Layer from "effect/Layer"
 *
 * const program = Effect.gen(function*() {
 *   const { initErrors } = yield* LambdaTest.LambdaTest
 *   yield* Effect.exit(Lambda.launch(Layer.effectDiscard(Effect.fail("no database"))))
 *   return yield* initErrors
 * })
 *
 * const [report] = Effect.runSync(Effect.provide(program, LambdaTest.layerRuntimeApi))
 * report?.errorMessage // => "no database"
 * ```
 *
 * @category layers
 * @since 0.1.0
 */
export const layerRuntimeApi: Layer.Layer<LambdaTest | RuntimeApi> = Layer.effectContext(make)

/**
 * A function under test: builds the program that `Lambda.serve` gave, and serves invocations from memory.
 *
 * **Details**
 *
 * The loop is the one that runs on Lambda, so scopes, background work, errors and streams behave as there. Time is the
 * test's: `TestClock` moves deadlines too.
 *
 * `LambdaEnvironment` is that of a function outside Lambda, unless the program brings its own. Fails as the program's
 * layers do, and with a `LaunchError` when it serves no handler or several.
 *
 * **Example** (Invoking a handler)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as Lambda from "effect-lambda-runtime/Lambda"
 * import * as LambdaTest from "effect-lambda-runtime/LambdaTest"
 * import * as Effect from "effect/Effect"
 * import * as Schema from "effect/Schema"
 *
 * const hello = Handler.make({ event: Schema.String, result: Schema.String }, (name) => Effect.succeed(`Hello ${name}`))
 *
 * const answer = LambdaTest.LambdaTest.use(({ invoke }) => invoke("World")).pipe(
 *   Effect.provide(LambdaTest.layer(Lambda.serve(hello)))
 * )
 *
 * await Effect.runPromise(answer) // => "Hello World"
 * ```
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = <E, R>(
  program: Layer.Layer<never, E, R>
): Layer.Layer<
  LambdaTest,
  E | Lambda.LaunchError,
  Exclude<
    Exclude<Exclude<R, Lambda.Server>, LambdaTest | LambdaEnvironment.LambdaEnvironment | RuntimeApi>,
    Scope.Scope
  >
> =>
  Layer.effect(
    LambdaTest,
    Effect.gen(function*() {
      const services = Context.merge(yield* make, yield* Layer.build(layerEnvironment)).pipe(
        // A test that ends has no use for what is still going on.
        Context.add(Shutdown.GracePeriod, 0)
      )
      const loop = yield* Effect.provideContext(Lambda.build(program), services)
      yield* Effect.forkScoped(Effect.provideContext(loop, services), { startImmediately: true })
      return Context.get(services, LambdaTest)
    })
  )

/**
 * Whatever is set where the tests run has no say. Fresh, because layers are shared: another test, or the program itself,
 * may have built it from variables of its own.
 */
const layerEnvironment = Layer.fresh(LambdaEnvironment.layer).pipe(
  Layer.provide(ConfigProvider.layer(ConfigProvider.fromEnvRecord({}))),
  Layer.orDie
)

const read = ({ body, contentType }: StreamedAnswer): Effect.Effect<unknown, FunctionError> =>
  Effect.flatMap(
    Stream.mkUint8Array(body),
    (bytes): Effect.Effect<unknown> =>
      contentType.startsWith("application/json")
        ? Effect.try({ try: (): unknown => JSON.parse(decodeText(bytes)), catch: (cause) => cause }).pipe(Effect.orDie)
        : Effect.succeed(contentType.startsWith("text/") ? decodeText(bytes) : bytes)
  )

const toBytes = (element: Uint8Array | string): Uint8Array =>
  typeof element === "string" ? new TextEncoder().encode(element) : element

const decodeText = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
