/**
 * The function under chaos: does to itself what its event says. Bundled and started by `functionProcess.ts`.
 */
import * as Config from "effect/Config"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as Handler from "../../src/Handler.ts"
import * as Invocation from "../../src/Invocation.ts"
import * as Lambda from "../../src/Lambda.ts"
import * as LambdaResponse from "../../src/LambdaResponse.ts"
import * as NodeLambda from "../../src/NodeLambda.ts"
import * as RuntimeApi from "../../src/RuntimeApi.ts"
import { type Census, censusEvent, ChaosEvent, pattern, Reply, streamElements } from "./chaosEvent.ts"

class ChaosFailure extends Data.TaggedError("ChaosFailure")<{ readonly message: string }> {}

const counts = { openScopes: 0, backgroundWork: 0 }

const failure = ({ n }: ChaosEvent) => new ChaosFailure({ message: `as told by ${n}` })

/** What a handler that lives too long waits for; by then it is interrupted, unless the machine stands still. */
const tooLong = Effect.sleep("2 seconds")

const storedRequestId = (): string => {
  const awslambda: { readonly InvokeStore?: { readonly getRequestId?: () => unknown } } | undefined = Reflect.get(
    globalThis,
    "awslambda"
  )
  return String(awslambda?.InvokeStore?.getRequestId?.())
}

const reply = Effect.fnUntraced(function*({ n, text }: ChaosEvent) {
  const { requestId } = yield* Invocation.Invocation
  return { n, requestId, store: storedRequestId(), text }
})

const counted = (count: keyof typeof counts) =>
  Effect.acquireRelease(
    Effect.sync(() => void counts[count]++),
    () => Effect.sync(() => void counts[count]--)
  )

const background = (event: ChaosEvent, ending: Effect.Effect<void, ChaosFailure>) =>
  Invocation.background(Effect.scoped(
    counted("backgroundWork").pipe(Effect.andThen(Effect.sleep(event.millis)), Effect.andThen(ending))
  ))

const failingFinalizer = (event: ChaosEvent) =>
  Effect.andThen(counted("openScopes"), Effect.addFinalizer(() => Effect.die(failure(event))))

const block = ({ millis }: ChaosEvent) =>
  Effect.sync(() => {
    const end = performance.now() + millis
    while (performance.now() < end) {}
  })

const overflow = (): number => 1 + overflow()

const crash = (event: ChaosEvent) =>
  Effect.sync(() => {
    setImmediate(() => {
      throw failure(event)
    })
  })

const buffered = Handler.make({ event: ChaosEvent, result: Reply }, (event) => {
  switch (event.behaviour) {
    case "answerLater":
      return Effect.andThen(Effect.sleep(event.millis), reply(event))
    case "fail":
      return Effect.fail(failure(event))
    case "failNull":
      return Effect.fail(null)
    case "die":
      return Effect.die(failure(event))
    case "throwNull":
      throw null
    case "reject":
      return Effect.promise(() => Promise.reject(failure(event)))
    case "overflow":
      return Effect.flatMap(Effect.sync(overflow), () => reply(event))
    case "interrupt":
      return Effect.interrupt
    case "background":
      return Effect.andThen(background(event, Effect.void), reply(event))
    case "backgroundFails":
      return Effect.andThen(background(event, Effect.fail(failure(event))), reply(event))
    case "finalizer":
      return Effect.andThen(failingFinalizer(event), reply(event))
    case "failFinalizer":
      return Effect.andThen(failingFinalizer(event), Effect.fail(failure(event)))
    case "leaveFiber":
      return Effect.andThen(
        Effect.forkDetach(Effect.andThen(Effect.sleep(event.millis), Effect.die(failure(event)))),
        reply(event)
      )
    case "block":
      return Effect.andThen(block(event), reply(event))
    case "deadline":
      return Effect.andThen(tooLong, reply(event))
    case "ignoreDeadline":
      return Effect.andThen(Effect.uninterruptible(Effect.sleep(event.millis)), reply(event))
    case "exit":
      return Effect.sync(() => process.exit(3))
    case "crash":
      return Effect.andThen(crash(event), Effect.never)
    default:
      return reply(event)
  }
})

const decode = Schema.decodeUnknownSync(Schema.fromJsonString(ChaosEvent))

const bodyOf = (event: ChaosEvent): Stream.Stream<string, ChaosFailure> => {
  const body = Stream.fromIterable(streamElements(event)).pipe(
    // So that elements come one after the other, not all at once.
    Stream.mapEffect((element) => event.millis === 0 ? Effect.succeed(element) : Effect.as(Effect.yieldNow, element))
  )
  switch (event.behaviour) {
    case "streamEmpty":
      return Stream.empty
    case "streamFailsFirst":
      return Stream.fail(failure(event))
    case "streamFails":
      return Stream.concat(body, Stream.fail(failure(event)))
    case "streamDies":
      return Stream.concat(body, Stream.die(failure(event)))
    case "streamFinalizerDies":
      return Stream.ensuring(body, Effect.die(failure(event)))
    case "streamStops":
      return Stream.concat(body, Stream.fromEffectDrain(tooLong))
    case "streamLate":
      return Stream.concat(Stream.fromEffectDrain(tooLong), body)
    default:
      return body
  }
}

const streamed = Invocation.Invocation.use(({ payload }) =>
  Effect.sync(() => {
    const event = decode(Buffer.from(payload).toString())
    return event.behaviour === "streamHttp"
      ? LambdaResponse.http({ status: 201, headers: { "x-n": String(event.n) }, body: bodyOf(event) })
      : LambdaResponse.stream(bodyOf(event))
  })
)

const bytes = Invocation.Invocation.use(({ payload }) =>
  Effect.sync(() => {
    const { behaviour, n, size } = decode(Buffer.from(payload).toString())
    const text = pattern(n, size)
    return behaviour === "oversize" ? LambdaResponse.text(text) : LambdaResponse.bytes(Buffer.from(text))
  })
)

const takeCensus = Effect.gen(function*() {
  // Finalizers of the first collection can free more in the second.
  for (let collections = 0; collections < 3; collections++) {
    yield* Effect.sync(() => globalThis.gc?.())
    yield* Effect.sleep(10)
  }
  const { external, heapUsed, rss } = process.memoryUsage()
  const handles: Record<string, number> = {}
  for (const kind of process.getActiveResourcesInfo()) handles[kind] = (handles[kind] ?? 0) + 1
  const census: Census = { heap: heapUsed, buffers: external, resident: rss, handles, ...counts }
  return LambdaResponse.json(census)
})

const handler = Invocation.Invocation.use(({ payload }) => {
  const start = Buffer.from(payload.buffer, payload.byteOffset, Math.min(payload.length, 40)).toString("latin1")
  if (start === censusEvent) return takeCensus
  if (start.startsWith("{\"behaviour\":\"stream")) return streamed
  return /^\{"behaviour":"(?:answerBytes|answerLarge|oversize)"/.test(start) ? bytes : buffered
})

const pipelining = Effect.runSync(Config.Boolean("CHAOS_PIPELINING").pipe(Config.withDefault(false)))

NodeLambda.runMain(
  Layer.provide(Lambda.serve(handler), Layer.succeed(Lambda.DeadlineMargin, 0)),
  { runtimeApi: RuntimeApi.layerOptions({ pipelining }) }
)
