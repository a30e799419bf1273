/**
 * Measures a built function on this machine: a fresh process for every cold start.
 */
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Layer from "effect/Layer"
import * as ChildProcess from "effect/process/ChildProcess"
import * as References from "effect/References"
import * as Stream from "effect/Stream"
import * as functionVariables from "../functionVariables.ts"
import { loadLocalServer } from "../loadLocalServer.ts"
import * as functionError from "../packaging/functionError.ts"
import type { Manifest } from "../packaging/manifest.ts"
import * as nodeBinary from "../packaging/nodeBinary.ts"
import * as trial from "../packaging/trial.ts"
import { fail, type Measurement } from "./Measurement.ts"

export interface Options {
  readonly name: string
  /** What Lambda would have unpacked, absolute. */
  readonly folder: string
  readonly manifest: Manifest
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

/**
 * What the bootstrap is started with: for this Node and not whichever this machine has, what Lambda gives its wrapper
 * where a function has 1,024 MB.
 */
const commandLine = (manifest: Manifest): ReadonlyArray<string> =>
  nodeBinary.isIn(manifest.files)
    ? []
    : [process.execPath, "--max-semi-space-size=51", "--max-old-space-size=922", "/var/runtime/index.mjs"]

/** What makes the times others than those on Lambda. */
export const obstacle = (manifest: Manifest): string | undefined => {
  const wanted = `Node.js ${manifest.node} for linux-${manifest.architecture}`
  const [major] = process.versions.node.split(".", 1)
  const found = `Node.js ${
    nodeBinary.isIn(manifest.files) ? manifest.node : major
  } for ${process.platform}-${process.arch}`
  return found === wanted ? undefined : `the function was built for ${wanted}, and was measured with ${found}`
}

const measureOnce = Effect.fnUntraced(
  function*({ environment, event, folder, manifest, name }: Options, invocations: number) {
    const { LocalServer, layerTestOptions } = yield* loadLocalServer
    const server = layerTestOptions({ functionName: name, timeout: "15 minutes" })
    const { activity, address, url } = Context.get(yield* Layer.build(server), LocalServer)
    const client = yield* HttpClient.HttpClient
    const polled = Stream.runHead(Stream.filter(activity, ({ polls }) => polls > 0))
    const begin = yield* milliseconds
    const child = yield* ChildProcess.make(`${folder}/bootstrap`, commandLine(manifest), {
      cwd: folder,
      env: {
        ...functionVariables.makeAlone({ name, folder }, address),
        PATH: yield* trial.searchPath,
        ...environment
      },
      stdin: "ignore",
      stdout: "ignore",
      killSignal: "SIGKILL"
    })
    const ended = Effect.flatMap(trial.end(child), (end) => fail(`the function ended ${end.how}${trial.said(end)}`))
    const invoke = Effect.gen(function*() {
      const response = yield* client.execute(
        HttpClientRequest.post(url).pipe(HttpClientRequest.bodyUint8Array(event, "application/json"))
      )
      const answer = yield* response.text
      if (response.status >= 500) {
        return yield* fail(`the function failed on the event: ${functionError.describe(answer)}`)
      }
    })
    return yield* Effect.raceFirst(
      Effect.gen(function*() {
        const start = yield* polled.pipe(
          Effect.andThen(milliseconds),
          Effect.timeoutOrElse({
            duration: initLimit,
            orElse: () => fail(`the function did not ask for an event within ${Duration.format(initLimit)}`)
          })
        )
        const first = yield* timed(invoke)
        // What comes right after a start is still being compiled.
        yield* Effect.replicateEffect(invoke, Math.min(invocations, 200), { discard: true })
        const warm = yield* Effect.replicateEffect(timed(invoke), invocations)
        return { start: start - begin, first, warm }
      }),
      ended
    )
  },
  (effect) =>
    effect.pipe(
      Effect.provide(NodeHttpClient.layerNodeHttp),
      Effect.provideService(References.MinimumLogLevel, "None")
    )
)
