/**
 * The function under chaos: does to itself what its event says. Bundled and started by `functionProcess.ts`.
 */
import * as Config from "effect/Config"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { BroadcastChannel, isMainThread, threadId } from "node:worker_threads"
import * as Handler from "../../src/Handler.ts"
import * as Invocation from "../../src/Invocation.ts"
import * as Lambda from "../../src/Lambda.ts"
import * as LambdaResponse from "../../src/LambdaResponse.ts"
import * as NodeLambda from "../../src/NodeLambda.ts"
import * as RuntimeApi from "../../src/RuntimeApi.ts"
import * as Shutdown from "../../src/Shutdown.ts"
import {
  type Census,
  censusEvent,
  ChaosEvent,
  type Holdings,
  lastWords,
  numberOf,
  pattern,
  Reply,
  streamElements
} from "./chaosEvent.ts"

const { pipelining, threads } = Effect.runSync(Config.all({
  pipelining: Config.Boolean("CHAOS_PIPELINING").pipe(Config.withDefault(false)),
  threads: Config.Int("CHAOS_THREADS").pipe(Config.withDefault(1))
}))

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

/** The numbers of the events that this thread is serving, where it is one of several. */
const serving = new Set<number>()

const counting = Effect.flatMap(Invocation.Invocation, ({ requestId }) => {
  const n = numberOf(requestId)
  return Effect.acquireRelease(Effect.sync(() => serving.add(n)), () => Effect.sync(() => serving.delete(n)))
})

const sayLastWords = () => {
  if (threads > 1) process.stdout.write(`${lastWords}${[...serving].join(",")}\n`)
}

const crash = (event: ChaosEvent) =>
  Effect.sync(() => {
    setImmediate(() => {
      sayLastWords()
      throw failure(event)
    })
  })

const useAllMemory = Effect.sync(() => {
  sayLastWords()
  const kept: Array<unknown> = []
  // Between these V8 has time to end the thread. Without, it would end the process.
  const keep = () => {
    kept.push(Array.from({ length: 150_000 }, () => kept.length))
    setImmediate(keep)
  }
  keep()
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
      // Meanwhile more events come, which others have to serve.
      return Effect.andThen(
        block(event),
        Effect.sync(() => {
          sayLastWords()
          return process.exit(3)
        })
      )
    case "crash":
      return crash(event).pipe(Effect.andThen(block(event)), Effect.andThen(Effect.never))
    case "outOfMemory":
      return Effect.andThen(useAllMemory, Effect.never)
    case "hang":
      return Effect.sync(() => {
        for (;;) {}
      })
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

const takeHoldings = Effect.gen(function*() {
  // Finalizers of the first collection can free more in the second.
  for (let collections = 0; collections < 3; collections++) {
    yield* Effect.sync(() => globalThis.gc?.())
    yield* Effect.sleep(10)
  }
  const { external, heapUsed } = process.memoryUsage()
  const handles: Record<string, number> = {}
  for (const kind of process.getActiveResourcesInfo()) handles[kind] = (handles[kind] ?? 0) + 1
  const holdings: Holdings = { heap: heapUsed, buffers: external, handles }
  return holdings
})

/** Between the main thread, where it serves nothing, and those that serve. */
const openChannel = (listener: (data: Holdings | undefined) => void) => {
  const port = new BroadcastChannel("chaos/census")
  port.addEventListener("message", (event) => listener(event instanceof MessageEvent ? event.data : undefined))
  return port
}

const askMainThread = Effect.callback<Holdings>((resume) => {
  const port = openChannel((data) => {
    port.close()
    if (data !== undefined) resume(Effect.succeed(data))
  })
  port.postMessage(undefined)
})

const takeCensus = Effect.gen(function*() {
  const main = isMainThread ? {} : { main: yield* askMainThread }
  const census: Census = {
    ...yield* takeHoldings,
    ...main,
    thread: threadId,
    resident: process.memoryUsage.rss(),
    ...counts
  }
  return LambdaResponse.json(census)
})

if (threads > 1 && isMainThread) {
  const port = openChannel(() => {
    Effect.runFork(Effect.map(takeHoldings, (holdings) => port.postMessage(holdings)))
  })
  port.unref()
}

const handler = Invocation.Invocation.use(({ payload }) => {
  const start = Buffer.from(payload.buffer, payload.byteOffset, Math.min(payload.length, 40)).toString("latin1")
  if (start === censusEvent) return takeCensus
  if (start.startsWith("{\"behaviour\":\"stream")) return streamed
  return /^\{"behaviour":"(?:answerBytes|answerLarge|oversize)"/.test(start) ? bytes : buffered
})

/** Nobody kills this process after 500 milliseconds, and the machine may stand still for as long. */
const gracePeriod = "2 seconds"

const runtimeApi = RuntimeApi.layerOptions({ pipelining })
const serve = <E, R>(handler: Handler.Handler<E, R>) =>
  Lambda.serve(handler).pipe(
    Layer.provide(Layer.succeed(Lambda.DeadlineMargin, 0)),
    Layer.provide(Layer.succeed(Shutdown.GracePeriod, gracePeriod))
  )

if (threads === 1) NodeLambda.runMain(serve(handler), { runtimeApi })
else NodeLambda.runMainThreads(serve(Effect.andThen(counting, handler)), { threads, runtimeApi })
