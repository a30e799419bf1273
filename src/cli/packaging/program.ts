/**
 * The code of the package: what starts the function, and the function itself.
 *
 * A program that has a code cache is a script, which `index.cjs` loads from `program.cjs`; any other is one module,
 * `index.mjs`.
 */
import * as Effect from "effect/Effect"
import { fileURLToPath } from "node:url"
import { bootstrap } from "./bootstrap.ts"
import type { BuildError } from "./BuildError.ts"
import { type Bundle, type BundledModule, Bundler } from "./Bundler.ts"
import { refusal } from "./deployed/refusal.ts"
import * as packageFile from "./packageFile.ts"
import * as settings from "./settings.ts"

export interface Program {
  readonly kind: "script" | "module"
  /** The main module of the process. */
  readonly main: string
  readonly nodeFlags: ReadonlyArray<string>
  readonly files: ReadonlyArray<packageFile.PackageFile>
  readonly modules: ReadonlyArray<BundledModule>
  readonly notices: ReadonlyArray<string>
}

export const bundle = Effect.fnUntraced(function*(
  options: settings.Settings
): Effect.fn.Return<Program, BuildError, Bundler> {
  if (!options.codeCache) return yield* bundleModule(options, [])
  const obstacle = settings.codeCacheObstacle(options)
  if (obstacle !== undefined) return yield* bundleModule(options, [`no code cache: ${obstacle}`])
  const script = yield* bundleEntry(options, "commonjs", "program.cjs")
  if (script.moduleOnly) {
    const reason = `${options.entry} or what it imports uses top-level await, import.meta.main or import.meta.resolve`
    return yield* bundleModule(options, [`no code cache: ${reason}`])
  }
  const main = "index.cjs"
  const start = yield* bundleDeployed(options, options.sourceMap ? "startWithSourceMap" : "start")
  return {
    kind: "script",
    main,
    nodeFlags: [],
    files: [
      packageFile.text("bootstrap", bootstrap(main, []), true),
      packageFile.text(main, start),
      ...codeFiles("program.cjs", script)
    ],
    modules: script.modules,
    notices: script.notices
  }
})

/**
 * What `start` of `deployed/program.ts` does for a script: the runtime of AWS, or whatever else imports the module, would
 * go on to take the events that the function polls for.
 */
const startedOnly = `if (process.argv[1] !== import.meta.filename) {
  const { realpathSync } = process.getBuiltinModule("node:fs")
  if (process.argv[1] === undefined || realpathSync(process.argv[1]) !== realpathSync(import.meta.filename)) {
    throw new Error(${JSON.stringify(refusal)})
  }
}`

const bundleModule = Effect.fnUntraced(function*(options: settings.Settings, notices: ReadonlyArray<string>) {
  const main = "index.mjs"
  const module = yield* bundleEntry(options, "module", main)
  const nodeFlags = options.sourceMap ? ["--enable-source-maps"] : []
  // NODE_PATH, in which Lambda has the folders of layers, is for CommonJS only.
  const missing = options.external.find((name) => !options.resources.some((path) => path.includes(name)))
  const layerless = missing === undefined ? [] : [
    "this program is a module, and no module finds a package in a layer: copy what is external, as with " +
    `--resource node_modules/${missing}`
  ]
  const program: Program = {
    kind: "module",
    main,
    nodeFlags,
    files: [packageFile.text("bootstrap", bootstrap(main, nodeFlags), true), ...codeFiles(main, module)],
    modules: module.modules,
    notices: [...notices, ...module.notices, ...layerless]
  }
  return program
})

const bundleEntry = (
  { entryFile, external, minify, name, nodeMajor, output, sourceMap }: settings.Settings,
  format: "commonjs" | "module",
  file: string
) =>
  Bundler.use(({ bundle }) =>
    bundle({
      entry: entryFile,
      file: `${output}/${name}/${file}`,
      format,
      ...format === "commonjs" ? { wrapped: true } : { banner: startedOnly },
      target: `node${nodeMajor}`,
      minify,
      sourceMap,
      external
    })
  )

const codeFiles = (file: string, { code, sourceMap }: Bundle): ReadonlyArray<packageFile.PackageFile> => [
  packageFile.text(file, code),
  ...(sourceMap === undefined ? [] : [packageFile.text(`${file}.map`, sourceMap)])
]

/** Bundles a program of the folder `deployed`, which is TypeScript here and JavaScript in the published package. */
export const bundleDeployed = (
  { nodeMajor }: settings.Settings,
  name: "start" | "startWithSourceMap" | "codeCache"
): Effect.Effect<string, BuildError, Bundler> => {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js"
  const entry = fileURLToPath(new URL(`./deployed/${name}.${extension}`, import.meta.url))
  return Effect.map(
    Bundler.use(({ bundle }) =>
      bundle({
        entry,
        file: `${name}.cjs`,
        format: "commonjs",
        target: `node${nodeMajor}`,
        minify: true,
        sourceMap: false,
        external: []
      })
    ),
    ({ code }) => code
  )
}
