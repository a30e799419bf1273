/**
 * Starts a function as Lambda does, far enough to see that it asks for an event.
 */
import * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import type { PlatformError } from "effect/PlatformError"
import * as ChildProcess from "effect/process/ChildProcess"
import type { ChildProcessHandle, ChildProcessSpawner } from "effect/process/ChildProcessSpawner"
import * as Ref from "effect/Ref"
import * as References from "effect/References"
import * as Stream from "effect/Stream"
import type { LocalServer } from "../../LocalServer.ts"
import type { LocalServerError } from "../../LocalServerError.ts"
import * as functionVariables from "../functionVariables.ts"
import { loadLocalServer } from "../loadLocalServer.ts"
import * as functionError from "./functionError.ts"

export interface TrialOptions {
  /** The name of the function. */
  readonly name: string
  readonly command: string
  readonly arguments: ReadonlyArray<string>
  /** The folder of the package. */
  readonly folder: string
  readonly environment: Readonly<Record<string, string>>
  /** What it is to serve once it has asked for an event. */
  readonly event: string | undefined
  /** What tells a function that is done to end. */
  readonly endWith: ChildProcess.Signal
}

/** It ended before. */
export interface Ended {
  readonly _tag: "Ended"
  /** As in `with exit code 1` and `by SIGSEGV`. */
  readonly how: string
  readonly isFailure: boolean
  /** The last that it has written to standard error. */
  readonly lastLine: string
}

export type Outcome =
  /** It asked for an event, and served the one that there was. */
  | { readonly _tag: "Polled" }
  /** It answered the event with an error. */
  | { readonly _tag: "Failed"; readonly error: string }
  | Ended & { readonly hasPolled: boolean }
  /** It did not ask for an event for as long as Lambda gives a function to start. */
  | { readonly _tag: "Late" }

/**
 * Where a function finds programs: here as this process does, or else as on Lambda.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 */
export const searchPath = Config.String("PATH").pipe(Config.withDefault("/usr/local/bin:/usr/bin:/bin:/opt/bin"))

/** What a person should know of it. */
export const describe = (outcome: Outcome): string | undefined => {
  switch (outcome._tag) {
    case "Polled":
      return undefined
    case "Failed":
      return `the function answered the event with an error: ${functionError.describe(outcome.error)}`
    case "Ended":
      return `the function ended ${outcome.how} ${outcome.hasPolled ? "on the event" : "when it was started"}${
        said(outcome)
      }`
    case "Late":
      return `the function did not ask for an event within ${Duration.format(initLimit)}`
  }
}

/** What comes after how it ended. */
export const said = ({ lastLine }: Ended): string => lastLine === "" ? "" : `: ${lastLine}`

/** https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-ib */
const initLimit = Duration.seconds(10)

/** What ends by itself has ended then. */
const endPatience = Duration.seconds(3)

export const run = (
  options: TrialOptions
): Effect.Effect<Outcome, PlatformError | LocalServerError | Config.ConfigError, ChildProcessSpawner> =>
  Effect.scoped(Effect.gen(function*() {
    const { LocalServer, layerTestOptions } = yield* loadLocalServer
    const layer = layerTestOptions({ functionName: options.name, timeout: initLimit })
    const server = Context.get(yield* Layer.build(layer), LocalServer)
    const child = yield* ChildProcess.make(options.command, options.arguments, {
      cwd: options.folder,
      env: {
        ...functionVariables.makeAlone(options, server.address),
        PATH: yield* searchPath,
        ...options.environment
      },
      stdin: "ignore",
      stdout: "ignore",
      killSignal: "SIGKILL"
    })
    const hasPolled = yield* Ref.make(false)
    const outcome = yield* Effect.raceFirst(
      serve(server, options.event, Ref.set(hasPolled, true)),
      Effect.flatMap(end(child), (ended) => Effect.map(Ref.get(hasPolled), (hasPolled) => ({ ...ended, hasPolled })))
    )
    if (outcome._tag !== "Ended") yield* child.kill({ killSignal: options.endWith, forceKillAfter: endPatience })
    return outcome
  })).pipe(
    // What a function says of itself is in the outcome.
    Effect.provideService(References.MinimumLogLevel, "None")
  )

/** The caller's side. */
const serve = Effect.fnUntraced(function*(
  { activity, url }: LocalServer["Service"],
  event: string | undefined,
  onPoll: Effect.Effect<void>
): Effect.fn.Return<Outcome> {
  const polled = Stream.runHead(Stream.filter(activity, ({ polls }) => polls > 0)).pipe(
    Effect.as<Outcome>({ _tag: "Polled" }),
    Effect.timeoutOrElse({ duration: initLimit, orElse: () => Effect.succeed<Outcome>({ _tag: "Late" }) })
  )
  const started = yield* polled
  if (started._tag === "Late" || event === undefined) return started
  yield* onPoll
  const { error, ok } = yield* Effect.promise(async () => {
    const response = await fetch(url, { method: "POST", body: event })
    return { ok: response.ok, error: await response.text() }
  })
  // It has done all that it does for an event when it asks for the next one.
  const served = yield* polled
  return ok ? served : { _tag: "Failed", error }
})

/** As in `Error: Cannot find module`, which Node prints of what nobody has caught. */
const isError = /^[\w$.]*(?:Error|Exception)(?: \[\w+\])?: /

/** What Node prints after that. */
const isTrailer = /^Node\.js v\d/

/** The function's side. What it writes has to be read, or it would wait. */
export const end = Effect.fnUntraced(function*(child: ChildProcessHandle): Effect.fn.Return<Ended, PlatformError> {
  const lastLine = yield* Ref.make("")
  const lastError = yield* Ref.make("")
  const reading = yield* Effect.forkChild(
    Stream.runForEach(
      Stream.splitLines(Stream.decodeText(child.stderr)),
      (line) => {
        if (line.trim() === "") return Effect.void
        return Ref.set(isError.test(line) ? lastError : lastLine, line.trim())
      }
    )
  )
  const ending = yield* child.exitCode.pipe(
    Effect.map((code) => ({ how: `with exit code ${code}`, isFailure: code !== 0 })),
    Effect.catch((error) => {
      const signal = /signal: '(\w+)'/.exec(String(error.reason.cause))?.[1]
      return signal === undefined ? Effect.fail(error) : Effect.succeed({ how: `by ${signal}`, isFailure: true })
    })
  )
  yield* Fiber.await(reading)
  const line = yield* Ref.get(lastLine)
  const error = yield* Ref.get(lastError)
  return { _tag: "Ended", ...ending, lastLine: error !== "" && (line === "" || isTrailer.test(line)) ? error : line }
})
