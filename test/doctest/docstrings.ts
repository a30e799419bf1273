/**
 * The public modules of the package, their exports, and what their docstrings lack.
 */
import * as fs from "node:fs"
import * as path from "node:path"
import { type ParseResult, parseSync } from "rolldown/utils"

export const projectFolder = path.join(import.meta.dirname, "../..")

/** Paths of the public modules relative to the project, the index apart. */
export const publicModules = (): ReadonlyArray<string> =>
  fs.readdirSync(path.join(projectFolder, "src"), { recursive: true, encoding: "utf8" })
    .map((file) => `src/${file.replaceAll(path.sep, "/")}`)
    .filter((file) => file.endsWith(".ts") && !/^src\/(internal\/|cli\/|index\.ts$)/.test(file))
    .toSorted()

/** A block comment that starts with two stars. */
export interface Docstring {
  readonly start: number
  readonly end: number
  /** With the stars and what stands left of them taken away; lines correspond to those of the file. */
  readonly lines: ReadonlyArray<string>
}

export const readDocstrings = (source: string, { comments }: ParseResult): ReadonlyArray<Docstring> =>
  comments
    .filter(({ type, value }) => type === "Block" && value.startsWith("*"))
    .map(({ end, start }) => ({
      start,
      end,
      lines: source.slice(start + "/*".length, end - "*/".length).split("\n").map((line) =>
        line.replace(/^\s*\* ?/, "")
      )
    }))

export const lineAt = (source: string, offset: number): number => source.slice(0, offset).split("\n").length

/** What is missing from the docstrings of one module, a line each. */
export const checkDocstrings = (file: string, source: string): ReadonlyArray<string> => {
  const parsed = parseSync(file, source)
  const docstrings = readDocstrings(source, parsed)
  const offences: Array<string> = []
  const check = (offset: number, name: string, docstring: Docstring | undefined, needs: ReadonlyArray<Need>) => {
    for (const { isMet, message } of needs) {
      if (!isMet(docstring?.lines ?? [])) offences.push(`${file}:${lineAt(source, offset)} ${name} ${message}`)
    }
  }
  check(0, "the module", docstrings.find(({ start }) => start === 0), [needsSentence, needsSince])
  for (const statement of parsed.program.body) {
    const name = exportedName(statement)
    if (name === undefined) continue
    const docstring = docstrings.find(({ end }) =>
      end <= statement.start && source.slice(end, statement.start).trim() === ""
    )
    check(statement.start, name, docstring, [
      needsSentence,
      needsCategory,
      needsSince,
      ...(isShownInUse(statement, docstring) ? [needsExample] : [])
    ])
  }
  return offences
}

interface Need {
  readonly isMet: (lines: ReadonlyArray<string>) => boolean
  readonly message: string
}

const needsSentence: Need = {
  isMet: (lines) => /^[^@*\s]/.test(lines.find((line) => line.trim() !== "") ?? ""),
  message: "has no sentence that says what it is"
}

const needsCategory: Need = {
  isMet: (lines) => lines.filter((line) => /^@category [a-z][a-z ]*$/.test(line)).length === 1,
  message: "needs one @category, in lower case"
}

const needsSince: Need = {
  isMet: (lines) => lines.filter((line) => /^@since \d+\.\d+\.\d+$/.test(line)).length === 1,
  message: "needs one @since"
}

const needsExample: Need = {
  isMet: (lines) => {
    const title = lines.findIndex((line) => /^\*\*Example\*\* \(.+\)$/.test(line))
    return title >= 0 && lines.slice(title).includes("```ts")
  },
  message: "needs an **Example** (with a title) and its ts block"
}

type Statement = ParseResult["program"]["body"][number]

const exportedName = (statement: Statement): string | undefined => {
  switch (statement.type) {
    case "ExportAllDeclaration":
      return `export * from "${statement.source.value}"`
    case "ExportDefaultDeclaration":
      return "export default"
    case "ExportNamedDeclaration": {
      const { declaration } = statement
      if (declaration === null) {
        const names = statement.specifiers.map(({ exported }) =>
          exported.type === "Literal" ? exported.value : exported.name
        )
        return names.length === 0 ? undefined : names.join(", ")
      }
      if (declaration.type === "VariableDeclaration") {
        return declaration.declarations.map(({ id }) => id.type === "Identifier" ? id.name : "a pattern").join(", ")
      }
      return "id" in declaration && declaration.id?.type === "Identifier" ? declaration.id.name : declaration.type
    }
    default:
      return undefined
  }
}

/**
 * Types and plain constants say all there is to say, and so do schemas and errors, which are types that can be
 * decoded or caught. Everything else is shown in use.
 */
const isShownInUse = (statement: Statement, docstring: Docstring | undefined): boolean => {
  if (docstring?.lines.some((line) => line === "@category schemas" || line === "@category errors")) return false
  if (statement.type !== "ExportNamedDeclaration" || statement.declaration === null) return false
  const { declaration } = statement
  switch (declaration.type) {
    case "FunctionDeclaration":
    case "ClassDeclaration":
      return true
    case "VariableDeclaration":
      return declaration.declarations.some(({ init }) => init?.type !== "Literal" && init?.type !== "TemplateLiteral")
    default:
      return false
  }
}
