/** The modules of `src/events`, with the shapes that the tests have to hold to the laws. */
import * as fs from "node:fs"
import * as path from "node:path"
import type { Shape } from "./shape.ts"

const folder = path.join(import.meta.dirname, "shapes")

export interface Module {
  readonly name: string
  readonly shapes: ReadonlyArray<Shape>
}

export const modules: ReadonlyArray<Module> = await Promise.all(
  fs.readdirSync(folder).filter((file) => file.endsWith(".ts")).toSorted().map(async (file) => {
    const { shapes }: { readonly shapes: ReadonlyArray<Shape> } = await import(path.join(folder, file))
    return { name: path.basename(file, ".ts"), shapes }
  })
)
