/**
 * `effect-lambda build`.
 */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import * as BuildFunction from "../packaging/build.ts"
import { defaultEntry } from "../packaging/BuildError.ts"
import * as bundledPackage from "../packaging/bundledPackage.ts"
import type { BundledModule } from "../packaging/Bundler.ts"
import * as nextStep from "../packaging/nextStep.ts"
import { reported, Reporter } from "../Reporter.ts"
import * as text from "../text.ts"

const entry = Argument.String("entry").pipe(
  Argument.withDescription("The file that calls NodeLambda.runMain; without it, main.ts"),
  Argument.withDefault(defaultEntry)
)

const flags = {
  name: Flag.String("name").pipe(
    Flag.withDescription("Name of the function; hello/main.ts and hello.ts are called hello"),
    Flag.optional
  ),
  output: Flag.String("output").pipe(
    Flag.withAlias("o"),
    Flag.withDescription("Folder for the function's folder, zip file and manifest; without it, dist"),
    Flag.withDefault("dist")
  ),
  target: Flag.Literals("target", ["node22", "node24", "provided.al2023", "image"]).pipe(
    Flag.withDescription(
      "What runs the function: a managed Node.js, a runtime without one, or a container image; without it, node24"
    ),
    Flag.withDefault("node24")
  ),
  nodeMajor: Flag.Literals("node", ["22", "24"]).pipe(
    Flag.withDescription("The Node.js of provided.al2023 and of an image; without it, 24"),
    Flag.optional
  ),
  withNode: Flag.Boolean("with-node").pipe(
    Flag.withDescription("Put the Node.js that runs this command into the package for provided.al2023"),
    Flag.withoutNegation,
    Flag.withDefault(false)
  ),
  architecture: Flag.Literals("arch", ["x64", "arm64"]).pipe(
    Flag.withDescription("The processor that runs the function; without it, that of this machine"),
    Flag.optional
  ),
  external: Flag.String("external").pipe(
    Flag.withDescription("A package to leave out of the bundle, because a layer or a resource has it"),
    Flag.atLeast(0)
  ),
  resources: Flag.String("resource").pipe(
    Flag.withDescription(
      "A file, folder or glob below the entry's folder to put into the package, or node_modules/<package>"
    ),
    Flag.atLeast(0)
  ),
  minify: Flag.Boolean("minify").pipe(
    Flag.withDescription("Make the bundle small: --no-minify does not"),
    Flag.withDefault(true)
  ),
  sourceMap: Flag.Boolean("source-map").pipe(
    Flag.withDescription("Put a source map into the package, so that stack traces lead to the sources"),
    Flag.withDefault(false)
  ),
  codeCache: Flag.Boolean("code-cache").pipe(
    Flag.withDescription(
      "Put V8's compiled code into the package, with which the function starts sooner: --no-code-cache does not"
    ),
    Flag.withDefault(true)
  ),
  trial: Flag.Boolean("trial").pipe(
    Flag.withDescription(
      "Start the function once, up to its first poll, to see that it works and to warm the code cache: " +
        "--no-trial does not"
    ),
    Flag.withDefault(true)
  ),
  event: Flag.File("event").pipe(
    Flag.withDescription("A file with an event to serve in that trial; what the function does, it does here too"),
    Flag.optional
  ),
  environment: Flag.KeyValuePair("env").pipe(
    Flag.withDescription("A variable for the trial: NAME=value"),
    Flag.withDefault({})
  ),
  maxSize: Flag.Int("max-size").pipe(
    Flag.withDescription("Fail when the zip file has more bytes"),
    Flag.filter((value) => value > 0, (value) => `--max-size is ${value}: it must be above 0`),
    Flag.optional
  ),
  analyze: Flag.Boolean("analyze").pipe(
    Flag.withDescription("Say what is in the bundle"),
    Flag.withoutNegation,
    Flag.withDefault(false)
  )
}

export const build = Command.make(
  "build",
  { entry, ...flags },
  reported(Effect.fnUntraced(function*({ analyze, architecture, event, maxSize, name, nodeMajor, ...options }) {
    const fileSystem = yield* FileSystem.FileSystem
    const path = yield* Path.Path
    const { notice, result, step } = yield* Reporter
    const built = yield* step(
      `Build ${options.entry}`,
      BuildFunction.build({
        ...options,
        name: Option.getOrUndefined(name),
        nodeMajor: Option.getOrUndefined(nodeMajor),
        architecture: Option.getOrUndefined(architecture),
        event: Option.isSome(event) ? yield* fileSystem.readFileString(event.value) : undefined,
        maxSize: Option.getOrUndefined(maxSize)
      })
    )
    yield* Effect.forEach(built.notices, notice, { discard: true })
    const { manifest } = built
    const local = (file: string) => path.relative("", file)
    const contents = [
      ...manifest.files.map((file) => [file.path, text.bytes(file.size)]),
      [local(built.zip), text.bytes(manifest.zip.size)],
      ...built.dockerfile === undefined ? [] : [[local(built.dockerfile), ""]]
    ]
    const sizes = text.table(contents, { indent: "  ", right: [1] })
    yield* result({
      json: {
        folder: local(built.folder),
        zip: local(built.zip),
        manifestFile: local(built.manifestFile),
        ...built.dockerfile === undefined ? {} : { dockerfile: local(built.dockerfile) },
        size: manifest.zip.size,
        sha256: manifest.zip.sha256,
        contentSha256: manifest.contentSha256,
        ...analyze ? { modules: built.modules.map(({ file, size }) => ({ file: local(file), size })) } : {}
      },
      text: analyze ? `${sizes}\n\n${describeModules(built.modules, local)}` : sizes,
      next: nextStep.afterBuild(manifest, options.output, local(built.folder))
    })
  }))
).pipe(
  Command.withDescription("Build a function into a folder and a zip file that Lambda can run"),
  Command.withExamples([
    { command: "effect-lambda build", description: "Build main.ts of this folder" },
    {
      command: "effect-lambda build src/orders.ts --event events/order.json",
      description: "Warm the code cache with an event"
    },
    { command: "effect-lambda build --arch arm64 --target node22", description: "For Graviton and Node.js 22" },
    { command: "effect-lambda build --target provided.al2023 --with-node", description: "With a Node.js of its own" },
    { command: "effect-lambda build --target image", description: "With a Dockerfile" },
    { command: "effect-lambda build --analyze", description: "See what makes the bundle large" }
  ])
)

/** The share of each package, and the largest modules. */
const describeModules = (modules: ReadonlyArray<BundledModule>, local: (file: string) => string): string => {
  const packages = new Map<string, number>()
  let total = 0
  for (const { file, size } of modules) {
    const name = bundledPackage.nameOf(file) ?? "this project"
    packages.set(name, (packages.get(name) ?? 0) + size)
    total += size
  }
  const share = (size: number) => `${(100 * size / total).toFixed(1)} %`
  const rows = [...packages].toSorted((a, b) => b[1] - a[1])
  return [
    "In the bundle, before it is made small:",
    text.table(rows.map(([name, size]) => [name, text.bytes(size), share(size)]), { indent: "  ", right: [1, 2] }),
    "",
    "The largest modules:",
    text.table(modules.slice(0, 20).map(({ file, size }) => [local(file), text.bytes(size), share(size)]), {
      indent: "  ",
      right: [1, 2]
    })
  ].join("\n")
}
