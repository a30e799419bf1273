/**
 * Measures a built function on this machine: a fresh process for every cold start.
 */
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as Clock from "effect/Clock"
import * as Config from "effect/Config"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as ChildProcess from "effect/process/ChildProcess"
import * as References from "effect/References"
import * as Stream from "effect/Stream"
import * as LocalServer from "../../LocalServer.ts"
import * as functionVariables from "../functionVariables.ts"
import { fail, type Measurement } from "./Measurement.ts"

export interface Options {
  readonly name: string
  /** What Lambda would have unpacked, absolute. */
  readonly folder: string
  readonly event: Uint8Array
  readonly coldStarts: number
  readonly invocations: number
  readonly environment: Readonly<Record<string, string>>
}

/** https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-ib */
const initLimit = Duration.seconds(10)

const milliseconds = Effect.map(Clock.currentTimeNanos, (nanoseconds) => Number(nanoseconds) / 1e6)

const timed = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<number, E, R> =>
  Effect.gen(function*() {
    const start = yield* milliseconds
    yield* effect
    return (yield* milliseconds) - start
  })

export const measure = Effect.fnUntraced(function*(options: Options) {
  const starts: Array<number> = []
  const first: Array<number> = []
  const warm: Array<number> = []
  for (let run = 0; run < options.coldStarts; run++) {
    const times = yield* Effect.scoped(measureOnce(options, run === options.coldStarts - 1 ? options.invocations : 0))
    starts.push(times.start)
    first.push(times.first)
    warm.push(...times.warm)
  }
  return [
    { what: "start to first poll", samples: starts },
    { what: "first invocation", samples: first },
    { what: "warm invocation", samples: warm }
  ] satisfies ReadonlyArray<Measurement>
})

const measureOnce = Effect.fnUntraced(
  function*({ environment, event, folder, name }: Options, invocations: number) {
    const { activity, address, url } = yield* LocalServer.LocalServer
    const client = yield* HttpClient.HttpClient
    const polled = Stream.runHead(Stream.filter(activity, ({ polls }) => polls > 0))
    const begin = yield* milliseconds
    const child = yield* ChildProcess.make(`${folder}/bootstrap`, [], {
      cwd: folder,
      env: { ...functionVariables.make({ name, folder }, address), PATH: yield* Config.String("PATH"), ...environment },
      stdin: "ignore",
      stdout: "ignore",
      stderr: "ignore",
      killSignal: "SIGKILL"
    })
    const start = yield* polled.pipe(
      Effect.andThen(milliseconds),
      Effect.raceFirst(
        Effect.flatMap(
          child.exitCode,
          (code) => fail(`the function ended with exit code ${code} before its first poll`)
        )
      ),
      Effect.timeoutOrElse({
        duration: initLimit,
        orElse: () => fail(`the function did not ask for an event within ${Duration.format(initLimit)}`)
      })
    )
    const invoke = Effect.gen(function*() {
      const response = yield* client.execute(
        HttpClientRequest.post(url).pipe(HttpClientRequest.bodyUint8Array(event, "application/json"))
      )
      const answer = yield* response.text
      if (response.status >= 500) return yield* fail(`the function failed on the event: ${answer}`)
    })
    const first = yield* timed(invoke)
    // What comes right after a start is still being compiled.
    yield* Effect.replicateEffect(invoke, Math.min(invocations, 200), { discard: true })
    const warm = yield* Effect.replicateEffect(timed(invoke), invocations)
    return { start: start - begin, first, warm }
  },
  (effect, { name }) =>
    effect.pipe(
      Effect.provide([
        LocalServer.layerTestOptions({ functionName: name, timeout: "15 minutes" }),
        NodeHttpClient.layerNodeHttp
      ]),
      Effect.provideService(References.MinimumLogLevel, "None")
    )
)
