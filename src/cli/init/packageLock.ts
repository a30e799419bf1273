/**
 * The lock file of a new project, without which `npm ci` refuses.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as ChildProcess from "effect/process/ChildProcess"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as platformProblem from "../platformProblem.ts"

export const fileName = "package-lock.json"

/** There is none, and the project can be installed all the same. */
export class PackageLockError
  extends Schema.TaggedError<PackageLockError>("effect-lambda-runtime/cli/PackageLockError")("PackageLockError", {
    problem: Schema.String
  })
{
  override get message(): string {
    return this.problem
  }
}

/** On a slow line it takes some ten seconds. */
const patience = Duration.minutes(1)

const resolve = [
  "install",
  "--package-lock-only",
  "--ignore-scripts",
  "--no-audit",
  "--no-fund",
  // Without a network it would wait ten seconds before it says so.
  "--fetch-retries=0",
  "--json"
]

const Report = Schema.fromJsonString(Schema.Struct({ error: Schema.Struct({ summary: Schema.String }) }))

/** Has npm find out what exactly the project depends on. Installs nothing, and runs nothing of what it finds. */
export const make = Effect.fnUntraced(
  function*(folder: string) {
    const npm = yield* ChildProcess.make("npm", resolve, {
      cwd: folder,
      stdin: "ignore",
      stderr: "ignore",
      forceKillAfter: "2 seconds"
    })
    const said = yield* Stream.mkString(Stream.decodeText(npm.stdout))
    const exitCode = yield* npm.exitCode
    if (exitCode === 0) return
    const summary = Option.map(Schema.decodeOption(Report)(said), ({ error }) => error.summary.split("\n", 1).join(""))
    return yield* new PackageLockError({
      problem: `npm says: ${Option.getOrElse(summary, () => `exit code ${exitCode}`)}`
    })
  },
  Effect.scoped,
  Effect.catchTag("PlatformError", (error) =>
    Effect.fail(
      new PackageLockError({
        problem: error.reason._tag === "NotFound" ? "npm is not installed" : platformProblem.describe(error)
      })
    )),
  Effect.timeoutOrElse({
    duration: patience,
    orElse: () => Effect.fail(new PackageLockError({ problem: `npm took more than ${Duration.format(patience)}` }))
  })
)
