/**
 * Builds the package that is published into a folder: `npm run build` makes `dist`, and `npm publish ./dist` sends it;
 * `npm run build -- <folder>` makes another one.
 *
 * The repository runs from its sources. Node strips no types below node_modules, so the package holds JavaScript, with
 * declarations, and the sources that the source maps lead to.
 */
import { transformFileSync } from "@babel/core"
import { spawnSync } from "node:child_process"
import * as fs from "node:fs"
import * as path from "node:path"
import manifest from "../package.json" with { type: "json" }

const projectFolder = path.join(import.meta.dirname, "..")
const sourceFolder = path.join(projectFolder, "src")

export const build = (folder: string): void => {
  fs.rmSync(folder, { recursive: true, force: true })
  const compiler = path.join(projectFolder, "node_modules/typescript/bin/tsc")
  const project = path.join(projectFolder, "tsconfig.build.json")
  const { status } = spawnSync(process.execPath, [compiler, "-p", project, "--outDir", folder], { stdio: "inherit" })
  if (status !== 0) throw new Error("nothing is built: the compiler found errors in src")
  const files = fs.readdirSync(folder, { recursive: true, encoding: "utf8" }).map((file) => path.join(folder, file))
  for (const file of files) if (file.endsWith(".js")) annotatePureCalls(file)
  for (const file of files) if (file.endsWith(".map")) moveSources(file, folder)
  const templates = path.join("cli", "templates")
  fs.cpSync(path.join(sourceFolder, templates), path.join(folder, templates), { recursive: true })
  fs.cpSync(sourceFolder, path.join(folder, "src"), {
    recursive: true,
    filter: (source) => path.relative(sourceFolder, source) !== templates
  })
  for (const page of ["README.md", "LICENSE", "CHANGELOG.md"]) {
    fs.copyFileSync(path.join(projectFolder, page), path.join(folder, page))
  }
  fs.writeFileSync(path.join(folder, "package.json"), `${JSON.stringify(publishedManifest, null, 2)}\n`)
}

/** A bundler drops an unused layer or service only when it is told that making it has no effect. */
const annotatePureCalls = (file: string): void => {
  // Babel finds the compiler's map by the comment at the end of the file, and takes the comment away.
  const result = transformFileSync(file, {
    babelrc: false,
    configFile: false,
    plugins: ["annotate-pure-calls"],
    sourceMaps: true
  })
  fs.writeFileSync(file, `${result?.code}\n//# sourceMappingURL=${path.basename(file)}.map\n`)
  fs.writeFileSync(`${file}.map`, JSON.stringify(result?.map))
}

/** The maps lead to the sources in the repository; the package has its own, and need not repeat them. */
const moveSources = (file: string, folder: string): void => {
  const map: { readonly sources: ReadonlyArray<string> } = JSON.parse(fs.readFileSync(file, "utf8"))
  const sources = map.sources.map((source) => {
    const inRepository = path.relative(sourceFolder, path.resolve(path.dirname(file), source))
    return path.relative(path.dirname(file), path.join(folder, "src", inRepository))
  })
  fs.writeFileSync(file, JSON.stringify({ ...map, sources, sourcesContent: undefined }))
}

const {
  description,
  engines,
  keywords,
  license,
  name,
  peerDependencies,
  peerDependenciesMeta,
  sideEffects,
  type,
  version
} = manifest

const publishedManifest = {
  name,
  version,
  description,
  keywords,
  license,
  type,
  sideEffects,
  bin: { "effect-lambda": "cli/main.js" },
  engines,
  exports: {
    "./package.json": "./package.json",
    ".": { types: "./index.d.ts", default: "./index.js" },
    "./*": { types: "./*.d.ts", default: "./*.js" },
    "./internal/*": null,
    "./cli/*": null,
    "./index": null
  },
  peerDependencies,
  peerDependenciesMeta,
  publishConfig: { access: "public" }
}

if (import.meta.main) {
  const folder = process.argv[2] ?? path.join(projectFolder, "dist")
  if (folder.startsWith("-")) {
    process.stderr.write(`npm run build -- <folder>: ${folder} is no folder, and there are no flags\n`)
    process.exitCode = 1
  } else build(path.resolve(folder))
}
