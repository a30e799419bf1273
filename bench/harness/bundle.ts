/** Bundles the programs under test as they would be deployed: one minified ES module each. */
import { build } from "esbuild"
import { mkdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { gzipSync } from "node:zlib"

const directory = fileURLToPath(new URL("../../build/bench/", import.meta.url))

/** Where the bench leaves what can be thrown away. */
export const buildPath = (name: string): string => `${directory}${name}`

const sources = {
  hello: "../functions/hello.ts",
  helloPipelining: "../functions/helloPipelining.ts",
  echo: "../functions/echo.ts",
  stream: "../functions/stream.ts",
  wait: "../functions/wait.ts",
  bare: "../peers/bare.ts"
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

/** Sizes in bytes. */
export const bundleSize = (program: Program): { readonly minified: number; readonly gzipped: number } => {
  const bytes = readFileSync(bundlePath(program))
  return { minified: bytes.length, gzipped: gzipSync(bytes, { level: 9 }).length }
}
