/**
 * Why a function could not be built.
 */
import * as Schema from "effect/Schema"
import * as text from "../text.ts"

/** What is built where no entry is named. */
export const defaultEntry = "main.ts"

/** There is no such entry file. */
export class EntryMissing extends Schema.Error<EntryMissing>("effect-lambda-runtime/cli/packaging/EntryMissing")({
  _tag: Schema.tag("EntryMissing"),
  entry: Schema.String
}) {
  override get message(): string {
    const way = this.entry === defaultEntry ? ": name the one that calls NodeLambda.runMain, as in src/main.ts" : ""
    return `there is no file ${this.entry}${way}`
  }
}

/** A setting has a value that makes no sense. */
export class InvalidSetting extends Schema.Error<InvalidSetting>("effect-lambda-runtime/cli/packaging/InvalidSetting")({
  _tag: Schema.tag("InvalidSetting"),
  setting: Schema.String,
  value: Schema.String,
  expected: Schema.String
}) {
  override get message(): string {
    return `${this.setting} is "${this.value}": it must be ${this.expected}`
  }
}

/** The bundler is an optional dependency, and is not installed. */
export class BundlerMissing extends Schema.Error<BundlerMissing>("effect-lambda-runtime/cli/packaging/BundlerMissing")({
  _tag: Schema.tag("BundlerMissing"),
  cause: Schema.Defect()
}) {
  override get message(): string {
    return "a function is bundled with rolldown, which is not installed: npm install --save-dev rolldown"
  }
}

/** The sources cannot be bundled: a syntax error, or an import that leads nowhere. */
export class BundleFailed extends Schema.Error<BundleFailed>("effect-lambda-runtime/cli/packaging/BundleFailed")({
  _tag: Schema.tag("BundleFailed"),
  /** `file:line:column: what is wrong`, one for each error. */
  problems: Schema.Array(Schema.String)
}) {
  override get message(): string {
    return this.problems.join("\n")
  }
}

/** The program ended in the trial start, and never asked for an event. */
export class NeverPolled extends Schema.Error<NeverPolled>("effect-lambda-runtime/cli/packaging/NeverPolled")({
  _tag: Schema.tag("NeverPolled"),
  entry: Schema.String
}) {
  override get message(): string {
    return `${this.entry} ended without asking for an event: pass its layer to NodeLambda.runMain`
  }
}

/** A resource cannot become part of the package. */
export class BadResource extends Schema.Error<BadResource>("effect-lambda-runtime/cli/packaging/BadResource")({
  _tag: Schema.tag("BadResource"),
  resource: Schema.String,
  problem: Schema.Literals(["missing", "outside", "taken", "endless"])
}) {
  override get message(): string {
    switch (this.problem) {
      case "missing":
        return `the resource ${this.resource} does not exist`
      case "outside":
        return `the resource ${this.resource} is not below the folder of the entry`
      case "taken":
        return `the resource ${this.resource} has the name of a file that the build writes`
      case "endless":
        return `the resource ${this.resource} is a link to a folder that it is in itself`
    }
  }
}

/** Where the function's folder goes, there is something that no build has made. */
export class OutputTaken extends Schema.Error<OutputTaken>("effect-lambda-runtime/cli/packaging/OutputTaken")({
  _tag: Schema.tag("OutputTaken"),
  path: Schema.String
}) {
  override get message(): string {
    return `the build would replace ${this.path}, which is none of its own: choose another --output or --name`
  }
}

/** The Node.js of this machine is not one that the function could run on. */
export class NodeUnfit extends Schema.Error<NodeUnfit>("effect-lambda-runtime/cli/packaging/NodeUnfit")({
  _tag: Schema.tag("NodeUnfit"),
  /** As in `24.21.0 for linux-x64`. */
  found: Schema.String,
  /** As in `22 for linux-arm64`. */
  wanted: Schema.String,
  /** Whether it needs shared libraries that Lambda does not have. */
  shared: Schema.Boolean
}) {
  override get message(): string {
    const obstacle = this.shared
      ? `Node.js ${this.found} here needs shared libraries of this machine`
      : `the package needs Node.js ${this.wanted}, and this is ${this.found}`
    const way = this.shared ? "one from nodejs.org" : "that one"
    return `${obstacle}: build with ${way}, or leave out --with-node and add a layer that has bin/node`
  }
}

/** The package is larger than it may be. */
export class TooLarge extends Schema.Error<TooLarge>("effect-lambda-runtime/cli/packaging/TooLarge")({
  _tag: Schema.tag("TooLarge"),
  /** Bytes of the zip file. */
  size: Schema.Int,
  limit: Schema.Int,
  /** The largest modules and files, with their bytes before they are made small. */
  largest: Schema.Array(Schema.Struct({ file: Schema.String, size: Schema.Int }))
}) {
  override get message(): string {
    const rows = text.table(this.largest.map(({ file, size }) => [file, text.bytes(size)]), {
      indent: "  ",
      right: [1]
    })
    return `the zip file has ${this.size} bytes, and may have ${this.limit}. ` +
      `The largest of what is in it, before it is made small:\n${rows}`
  }
}

/** A file cannot be read or written, or a process not started. */
export class PlatformFailure
  extends Schema.Error<PlatformFailure>("effect-lambda-runtime/cli/packaging/PlatformFailure")({
    _tag: Schema.tag("PlatformFailure"),
    description: Schema.String,
    cause: Schema.Defect()
  })
{
  override get message(): string {
    return this.description
  }
}

/** A function could not be built; `reason` says why. */
export class BuildError extends Schema.TaggedError<BuildError>("effect-lambda-runtime/cli/packaging/BuildError")(
  "BuildError",
  {
    reason: Schema.Union([
      EntryMissing,
      InvalidSetting,
      BundlerMissing,
      BundleFailed,
      NeverPolled,
      BadResource,
      OutputTaken,
      NodeUnfit,
      TooLarge,
      PlatformFailure
    ])
  }
) {
  override get message(): string {
    return this.reason.message
  }
}
