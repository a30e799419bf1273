/**
 * What a new project is made of: the files that all templates share, and those of one of them.
 */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import * as Schema from "effect/Schema"
import * as ownPackage from "../ownPackage.ts"

export const names = ["hello", "http", "streaming", "sqs", "schedule", "managed-instances"] as const

export type Name = typeof names[number]

const Description = Schema.fromJsonString(
  Schema.Struct({
    /** A line to choose it by. */
    title: Schema.String,
    /** What the README says of the project. */
    description: Schema.String,
    notes: Schema.String
  })
)

const descriptionFile = "template.json"

const folderOf = Effect.fnUntraced(function*(name: Name | "common") {
  const path = yield* Path.Path
  return path.join(import.meta.dirname, "..", "templates", name)
})

export const describe = Effect.fnUntraced(function*(name: Name) {
  const fileSystem = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const text = yield* fileSystem.readFileString(path.join(yield* folderOf(name), descriptionFile))
  return yield* Effect.orDie(Schema.decodeEffect(Description)(text))
})

export interface ProjectFile {
  /** Relative to the project. */
  readonly path: string
  readonly content: string
}

export const files = Effect.fnUntraced(function*(template: Name, name: string) {
  const { description, notes } = yield* describe(template)
  const values: Readonly<Record<string, string>> = {
    name,
    description,
    notes: notes.replaceAll("{{name}}", name),
    // Inside of a JSON string.
    range: JSON.stringify((yield* ownPackage.asDependency).range).slice(1, -1),
    architecture: process.arch === "arm64" ? "arm64" : "x86_64"
  }
  const all = [...yield* read("common"), ...yield* read(template)]
  return all.filter(({ path }) => path !== descriptionFile).map(({ content, path }): ProjectFile => ({
    // npm leaves a .gitignore out of a package.
    path: path === "gitignore" ? ".gitignore" : path,
    content: content.replace(/\{\{(\w+)\}\}/g, (placeholder, key: string) => values[key] ?? placeholder)
  }))
})

const read = Effect.fnUntraced(function*(name: Name | "common") {
  const fileSystem = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const folder = yield* folderOf(name)
  const entries = (yield* fileSystem.readDirectory(folder, { recursive: true })).toSorted()
  const isFile = (entry: string) => Effect.map(fileSystem.stat(path.join(folder, entry)), ({ type }) => type === "File")
  return yield* Effect.forEach(
    yield* Effect.filter(entries, isFile),
    (entry) =>
      Effect.map(fileSystem.readFileString(path.join(folder, entry)), (content) => ({
        path: entry.split(path.sep).join("/"),
        content
      }))
  )
})
