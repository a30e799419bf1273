/**
 * Makes one file of a function's sources, with rolldown, which is an optional dependency and known to this module only.
 *
 * https://rolldown.rs/reference/
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Queue from "effect/Queue"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { pathToFileURL } from "node:url"
import type { RolldownLog } from "rolldown"
import { BuildError, BundleFailed, BundlerMissing } from "./BuildError.ts"
import * as bundledPackage from "./bundledPackage.ts"

export interface BundleOptions {
  /** The absolute path of the entry. */
  readonly entry: string
  /** The absolute path that the bundle will have, to which its source map is relative. */
  readonly file: string
  /**
   * `commonjs` can have a code cache, and refuses what only a module can do: top-level `await`, and of `import.meta` all
   * but `url`, `dirname` and `filename`.
   */
  readonly format: "commonjs" | "module"
  /**
   * Whether the bundle is to be an expression: the function that Node makes of a CommonJS module. To put it around the
   * code when the program starts would make another string of its size then.
   */
  readonly wrapped?: boolean | undefined
  /** Code that runs before all of the bundle. */
  readonly banner?: string | undefined
  readonly target: "node22" | "node24"
  readonly minify: boolean
  readonly sourceMap: boolean
  /** Packages that are not bundled, and have to be there when the function runs. */
  readonly external: ReadonlyArray<string>
}

export interface Bundle {
  readonly code: string
  readonly sourceMap: string | undefined
  /** What is in it, the largest module first. */
  readonly modules: ReadonlyArray<BundledModule>
  /** Code that only a module can run. There is none in a bundle of the format `module`. */
  readonly moduleOnly: boolean
  /** What packages ask for and nobody has installed, one line for each: it may be of no use, or the function fails. */
  readonly notices: ReadonlyArray<string>
}

export interface BundledModule {
  readonly file: string
  /** Bytes before minification. */
  readonly size: number
}

export interface WatchOptions extends Pick<BundleOptions, "entry" | "file" | "external"> {
  /** What `import.meta.dirname` and its like say, wherever the bundle is. */
  readonly folder: string
}

/** One build of a bundle that is watched. */
export interface WatchedBuild {
  /** Milliseconds. */
  readonly duration: number
}

export class Bundler extends Context.Service<Bundler, {
  readonly bundle: (options: BundleOptions) => Effect.Effect<Bundle, BuildError>
  /** Writes the bundle of a module with its source map, at once and after every change of what is in it. */
  readonly watch: (options: WatchOptions) => Stream.Stream<Result.Result<WatchedBuild, BuildError>, BuildError>
}>()("effect-lambda-runtime/cli/packaging/Bundler") {}

const moduleFunction = {
  postBanner: "(function (exports, require, module, __filename, __dirname) {",
  postFooter: "})"
}

const loadRolldown = Effect.tryPromise({
  try: () => import("rolldown"),
  catch: (cause) => new BuildError({ reason: new BundlerMissing({ cause }) })
})

const bundle: Bundler["Service"]["bundle"] = Effect.fnUntraced(function*(options) {
  const rolldown = yield* loadRolldown
  const isModule = options.format === "module"
  let moduleOnly = false
  const unresolved: Array<RolldownLog> = []
  const built = yield* Effect.result(Effect.tryPromise({
    try: () =>
      rolldown.build({
        input: options.entry,
        platform: "node",
        external: isExternal(options.external),
        // Node has none of it, and Effect asks.
        transform: { target: options.target, define: { "import.meta.env": "undefined" } },
        write: false,
        onLog: (_, log) => {
          if (log.code === "EMPTY_IMPORT_META") moduleOnly = true
          if (log.code === "UNRESOLVED_IMPORT") unresolved.push(log)
        },
        output: {
          file: options.file,
          format: isModule ? "esm" : "cjs",
          // Modules are always strict.
          strict: true,
          minify: options.minify,
          // Nobody shakes the bundle again.
          comments: { legal: true, annotation: !options.minify, jsdoc: !options.minify },
          ...(options.wrapped === true ? moduleFunction : {}),
          ...(options.banner === undefined ? {} : { banner: options.banner }),
          codeSplitting: false,
          sourcemap: options.sourceMap ? isModule ? true : "hidden" : false,
          sourcemapExcludeSources: true
        }
      }),
    catch: problemsOf
  }))
  if (built._tag === "Failure") {
    const problems = built.failure
    if (!isModule && problems.every(({ code }) => code === "INVALID_TLA_FORMAT")) {
      return { code: "", sourceMap: undefined, modules: [], moduleOnly: true, notices: [] }
    }
    return yield* new BuildError({ reason: new BundleFailed({ problems: problems.map(describe) }) })
  }
  const [chunk] = built.success.output
  // Rolldown leaves it to Node to find them. Code can do without one that it imports when it runs, or requires in a try.
  const isRequired = (specifier: string) =>
    !chunk.dynamicImports.includes(specifier) &&
    ["\"", "'", "`"].some((quote) => chunk.code.includes(`${quote}${specifier}${quote}`))
  const needed = unresolved.filter(({ exporter = "" }) => chunk.imports.includes(exporter) || isRequired(exporter))
  if (needed.some(isOwn)) {
    return yield* new BuildError({ reason: new BundleFailed({ problems: needed.filter(isOwn).map(describe) }) })
  }
  return {
    code: chunk.code,
    sourceMap: chunk.map?.toString(),
    modules: Object.entries(chunk.modules)
      .map(([file, { renderedLength }]) => ({ file, size: renderedLength }))
      .filter(({ size }) => size > 0)
      .toSorted((a, b) => b.size - a.size),
    moduleOnly: !isModule && moduleOnly,
    notices: needed.map(describe)
  }
})

/** Of this project, and not of a package that it uses. */
const isOwn = ({ id = "" }: RolldownLog): boolean => bundledPackage.nameOf(id) === undefined

const watch: Bundler["Service"]["watch"] = ({ entry, external, file, folder }) =>
  Stream.callback<Result.Result<WatchedBuild, BuildError>, BuildError>((queue) =>
    Effect.gen(function*() {
      const rolldown = yield* loadRolldown
      const entryFile = JSON.stringify(entry)
      const watcher = yield* Effect.acquireRelease(
        Effect.sync(() =>
          rolldown.watch({
            input: entry,
            platform: "node",
            external: isExternal(external),
            transform: {
              define: {
                "import.meta.env": "undefined",
                "import.meta.dirname": JSON.stringify(folder),
                "import.meta.filename": entryFile,
                "import.meta.url": JSON.stringify(pathToFileURL(entry).href)
              }
            },
            output: { file, format: "esm", codeSplitting: false, sourcemap: true }
          })
        ),
        (watcher) => Effect.promise(() => watcher.close())
      )
      watcher.on("event", async (event) => {
        if (event.code === "BUNDLE_END") {
          await event.result.close()
          Queue.offerUnsafe(queue, Result.succeed({ duration: event.duration }))
        } else if (event.code === "ERROR") {
          await event.result.close()
          const problems = problemsOf(event.error).map(describe)
          Queue.offerUnsafe(queue, Result.fail(new BuildError({ reason: new BundleFailed({ problems }) })))
        }
      })
      return yield* Effect.never
    })
  )

/** A package with all that can be imported from it, as in `effect` and `effect/Schema`. */
const isExternal = (packages: ReadonlyArray<string>) =>
  packages.length === 0
    ? []
    : (specifier: string) => packages.some((name) => specifier === name || specifier.startsWith(`${name}/`))

/** Only what rolldown throws for several errors at a time has `errors`. */
const problemsOf = (error: unknown): ReadonlyArray<RolldownLog> =>
  error instanceof Error && "errors" in error && Array.isArray(error.errors) && error.errors.length > 0
    ? error.errors
    : [{ message: String(error) }]

/** Rolldown's own message is a coloured drawing of several lines, with the text in the first one. */
const describe = ({ code, exporter = "", id, loc, message }: RolldownLog): string => {
  if (id?.endsWith(".node") === true) return `${id}: ${describeAddon(id)}`
  const text = code === "UNRESOLVED_IMPORT" && /^[@\w][^:]*$/.test(exporter)
    ? describeMissing(exporter)
    : /^(?:\[[A-Z_]+\] )?(.*)/.exec(stripColours(message).trim())?.[1] ?? message
  const place = loc === undefined ? id : `${id ?? loc.file}:${loc.line}:${loc.column + 1}`
  return place === undefined ? text : `${place}: ${text}`
}

const describeMissing = (specifier: string): string => {
  const name = bundledPackage.nameIn(specifier)
  return `there is no package ${name}: install it, or leave it out with --external ${name}`
}

const describeAddon = (file: string): string => {
  const name = bundledPackage.nameOf(file) ?? "its-package"
  return `a native addon cannot be bundled: copy its package, as with --external ${name} --resource node_modules/${name}`
}

const stripColours = (text: string): string => process.getBuiltinModule("node:util").stripVTControlCharacters(text)

export const layer: Layer.Layer<Bundler> = Layer.succeed(Bundler, { bundle, watch })
