/** Bundles the programs under test as they would be deployed: one minified ES module each. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Digest from "effect/crypto/Digest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { build } from "esbuild"
import { mkdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { gzipSync } from "node:zlib"
import * as Build from "../../src/cli/packaging/build.ts"
import * as Bundler from "../../src/cli/packaging/Bundler.ts"

const directory = fileURLToPath(new URL("../../build/bench/", import.meta.url))

/** Where the bench leaves what can be thrown away. */
export const buildPath = (name: string): string => `${directory}${name}`

const sources = {
  hello: "../functions/hello.ts",
  helloPipelining: "../functions/helloPipelining.ts",
  echo: "../functions/echo.ts",
  stream: "../functions/stream.ts",
  wait: "../functions/wait.ts",
  waitThreads: "../functions/waitThreads.ts",
  compute: "../functions/compute.ts",
  computeThreads: "../functions/computeThreads.ts",
  logs: "../functions/logs.ts",
  http: "../functions/http.ts",
  hono: "../peers/hono.mjs",
  powertools: "../peers/powertools.mjs",
  bare: "../peers/bare.ts",
  chaos: "../chaos/function.ts"
} as const

export type Program = keyof typeof sources

export const bundlePath = (program: Program): string => buildPath(`${program}.mjs`)

export const bundle = async (
  programs: ReadonlyArray<Program>,
  options?: { readonly minify?: boolean | undefined } | undefined
): Promise<void> => {
  mkdirSync(directory, { recursive: true })
  await Promise.all(programs.map((program) =>
    build({
      entryPoints: [fileURLToPath(new URL(sources[program], import.meta.url))],
      outfile: bundlePath(program),
      bundle: true,
      minify: options?.minify ?? true,
      format: "esm",
      platform: "node",
      target: "node22",
      logLevel: "warning"
    })
  ))
}

/** Where a program lies as it is deployed. */
const deployablePath = (program: Program): string => buildPath(`deployable/${program}`)

export const bootstrapPath = (program: Program): string => `${deployablePath(program)}/bootstrap`

/** Builds a program as `effect-lambda build` does, with its code cache. */
export const deployable = async (program: Program): Promise<void> => {
  const { notices } = await Effect.runPromise(
    Build.build({
      entry: fileURLToPath(new URL(sources[program], import.meta.url)),
      name: program,
      output: buildPath("deployable")
    }).pipe(Effect.provide(Layer.mergeAll(NodeServices.layer, Bundler.layer, Digest.layerWebCrypto)))
  )
  if (notices.length > 0) throw new Error(notices.join("\n"))
}

/** Sizes in bytes. */
export const bundleSize = (program: Program): { readonly minified: number; readonly gzipped: number } => {
  const bytes = readFileSync(bundlePath(program))
  return { minified: bytes.length, gzipped: gzipSync(bytes, { level: 9 }).length }
}
