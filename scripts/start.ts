/**
 * Runs an example on the local server: `npm start hello` runs `examples/hello.ts`, or `examples/hello/main.ts`.
 */
import * as fs from "node:fs"
import * as path from "node:path"

const examplesFolder = path.join(import.meta.dirname, "../examples")

/** The entry files of the examples, by their names. */
const examples = new Map(
  fs.readdirSync(examplesFolder, { withFileTypes: true }).toSorted((a, b) => a.name < b.name ? -1 : 1).flatMap(
    (entry): ReadonlyArray<readonly [name: string, file: string]> => {
      const file = entry.isDirectory() ? path.join(entry.name, "main.ts") : entry.name
      return file.endsWith(".ts") && fs.existsSync(path.join(examplesFolder, file))
        ? [[path.basename(entry.name, ".ts"), path.join(examplesFolder, file)]]
        : []
    }
  )
)

const name = process.argv[2] ?? "hello"
const file = examples.get(name)
if (file === undefined) {
  console.error(`There is no example "${name}". Say one of these: npm start ${[...examples.keys()].join(", ")}`)
  process.exitCode = 1
} else {
  await import(file)
}
