/**
 * The examples of the docstrings and of the Markdown pages, made into modules that can be checked and run.
 *
 * A line of an example and the same line of its module have the same number as in the file they come from, so what
 * the compiler and the run time say of the one holds for the other.
 */
import * as fs from "node:fs"
import * as path from "node:path"
import { type ParseResult, parseSync } from "rolldown/utils"
import { lineAt, projectFolder, publicModules, readDocstrings } from "./docstrings.ts"

export interface Example {
  /** Where it comes from, relative to the project. */
  readonly source: string
  /** The line of its first line of code. */
  readonly line: number
  readonly title: string
  readonly code: string
  /** Where it is made into a module, relative to the project. */
  readonly module: string
  /** Not for examples that start a process of their own and never end. */
  readonly runs: boolean
}

export const examplesFolder = "build/doctest"

export const readExamples = (): ReadonlyArray<Example> => [
  ...publicModules().flatMap((file) => readModuleExamples(file, read(file))),
  ...markdownPages().flatMap((file) => readMarkdownExamples(file, read(file)))
]

const read = (file: string) => fs.readFileSync(path.join(projectFolder, file), "utf8")

const markdownPages = (): ReadonlyArray<string> =>
  ["README.md", ...fs.readdirSync(path.join(projectFolder, "docs")).toSorted().map((file) => `docs/${file}`)]
    .filter((file) => file.endsWith(".md") && fs.existsSync(path.join(projectFolder, file)))

export const readModuleExamples = (file: string, source: string): ReadonlyArray<Example> =>
  named(
    readDocstrings(source, parseSync(file, source)).flatMap(({ lines, start }) =>
      readBlocks(file, lines, lineAt(source, start), /^\*\*Example\*\* \((.+)\)$/)
    )
  )

export const readMarkdownExamples = (file: string, source: string): ReadonlyArray<Example> =>
  named(readBlocks(file, source.split("\n"), 1, /^#+ (.+)$/))

/**
 * The `ts` blocks of some lines, each named after the last title before it.
 *
 * One that names a file is part of a project, which test/guides.test.ts makes.
 */
const readBlocks = (
  source: string,
  lines: ReadonlyArray<string>,
  firstLine: number,
  titlePattern: RegExp
): ReadonlyArray<Example> => {
  const blocks: Array<Example> = []
  let title = "an example"
  let fence: { readonly isExample: boolean; readonly at: number; readonly indent: number } | undefined
  for (const [at, line] of lines.entries()) {
    const mark = /^(\s*)```(\w*)( \S+)?/.exec(line)
    if (mark === null) {
      if (fence === undefined) title = titlePattern.exec(line)?.[1] ?? title
      continue
    }
    if (fence === undefined) {
      const isExample = (mark[2] === "ts" || mark[2] === "typescript") && mark[3] === undefined
      fence = { isExample, at, indent: mark[1]?.length ?? 0 }
      continue
    }
    if (fence.isExample) {
      const { indent } = fence
      const code = lines.slice(fence.at + 1, at).map((line) => line.slice(indent)).join("\n")
      const lineOfCode = firstLine + fence.at + 1
      blocks.push({
        source,
        line: lineOfCode,
        title,
        code,
        module: `${examplesFolder}/${source.replaceAll("/", ".")}.${lineOfCode}.ts`,
        runs: !/\bNode(Lambda|Runtime)\.runMain(Threads)?\b/.test(code)
      })
    }
    fence = undefined
  }
  return blocks
}

const named = (examples: ReadonlyArray<Example>): ReadonlyArray<Example> => {
  const counts = new Map<string, number>()
  return examples.map((example) => {
    const count = (counts.get(example.title) ?? 0) + 1
    counts.set(example.title, count)
    return count === 1 ? example : { ...example, title: `${example.title}, ${count}` }
  })
}

/** The text of an example's module: every `expression // => value` is asserted. */
export const toModule = (example: Example): string => {
  const { code, line, source } = example
  const parsed = parseSync(example.module, code)
  const error = parsed.errors[0]
  if (error !== undefined) {
    throw new SyntaxError(`${source}:${line + lineAt(code, error.labels[0]?.start ?? 0) - 1}: ${error.message}`)
  }
  let asserted = code
  // From the end, so that what is still to come keeps its place.
  for (const { end, expected, place, start, variable } of readAssertions(example, parsed).toReversed()) {
    const call = (actual: string) => `await assertExample(${JSON.stringify(place)}, ${actual}, (${expected}))`
    asserted = variable === undefined
      ? asserted.slice(0, start) + call(`(${asserted.slice(start, end)})`) + asserted.slice(end)
      : `${asserted.slice(0, end)}; ${call(variable)}${asserted.slice(end)}`
  }
  return [
    "\n".repeat(line - 1) + asserted,
    `import { assertExample } from "../../test/doctest/assertExample.ts"`,
    "void assertExample",
    // Exported, so that the compiler finds unused imports without finding every name that an example only defines.
    ...declaredNames(parsed).map(({ isType, name }) => `export ${isType ? "type " : ""}{ ${name} }`),
    ""
  ].join("\n")
}

interface Assertion {
  readonly place: string
  /** The expression, or the whole declaration. */
  readonly start: number
  readonly end: number
  /** What a declaration declares. */
  readonly variable: string | undefined
  readonly expected: string
}

const readAssertions = ({ code, line, source }: Example, parsed: ParseResult): ReadonlyArray<Assertion> =>
  parsed.comments.flatMap(({ end, start, type, value }, index) => {
    const first = type === "Line" ? /^\s*=>(.*)$/.exec(value)?.[1] : undefined
    if (first === undefined) return []
    const place = `${source}:${line + lineAt(code, start) - 1}`
    const statement = parsed.program.body.findLast((statement) => statement.end <= start)
    if (statement === undefined || !/^;?[ \t]*\n?[ \t]*$/.test(code.slice(statement.end, start))) {
      throw new SyntaxError(`${place}: "// =>" belongs behind or under an expression or a const of the top level`)
    }
    const subject = statement.type === "ExpressionStatement"
      ? { start: statement.expression.start, end: statement.expression.end, variable: undefined }
      : { start: statement.start, end: statement.end, variable: onlyVariable(statement) }
    if (statement.type !== "ExpressionStatement" && subject.variable === undefined) {
      throw new SyntaxError(`${place}: "// =>" belongs to an expression or to a const of one name`)
    }
    // A value of several lines goes on in the comments right below.
    let expected = first
    let read = end
    for (const next of parsed.comments.slice(index + 1)) {
      if (isExpression(expected) || next.type !== "Line" || !/^\n[ \t]*$/.test(code.slice(read, next.start))) break
      expected += `\n${next.value}`
      read = next.end
    }
    if (!isExpression(expected)) throw new SyntaxError(`${place}: "${expected.trim()}" is no value`)
    // On one line, so that the lines below keep their numbers.
    return [{ place, ...subject, expected: expected.replaceAll("\n", " ").trim() }]
  })

const isExpression = (text: string) => parseSync("value.ts", `void (${text}\n)`).errors.length === 0

type Statement = ParseResult["program"]["body"][number]

const onlyVariable = (statement: Statement): string | undefined => {
  if (statement.type !== "VariableDeclaration" || statement.declarations.length !== 1) return undefined
  const id = statement.declarations[0]?.id
  return id?.type === "Identifier" ? id.name : undefined
}

/** What the example declares at its top level; a name that is a value and a type counts as a value. */
const declaredNames = (
  { program }: ParseResult
): ReadonlyArray<{ readonly name: string; readonly isType: boolean }> => {
  const names = new Map<string, boolean>()
  const add = (name: string, isType: boolean) => names.set(name, isType && names.get(name) !== false)
  for (const statement of program.body) {
    switch (statement.type) {
      case "VariableDeclaration":
        for (const { id } of statement.declarations) for (const name of namesOf(id)) add(name, false)
        break
      case "FunctionDeclaration":
      case "ClassDeclaration":
        if (statement.id !== null) add(statement.id.name, false)
        break
      case "TSInterfaceDeclaration":
      case "TSTypeAliasDeclaration":
        add(statement.id.name, true)
    }
  }
  return Array.from(names, ([name, isType]) => ({ name, isType }))
}

type Pattern = Extract<Statement, { readonly type: "VariableDeclaration" }>["declarations"][number]["id"]

const namesOf = (pattern: Pattern): ReadonlyArray<string> => {
  if (pattern.type === "Identifier") return [pattern.name]
  if (pattern.type !== "ObjectPattern") return []
  return pattern.properties.flatMap((property) =>
    property.type === "Property" && property.value.type === "Identifier" ? [property.value.name] : []
  )
}

/** Writes the modules and a `tsconfig.json` for them, and takes away those of examples that are gone. */
export const writeModules = (modules: ReadonlyMap<string, string>): void => {
  const folder = path.join(projectFolder, examplesFolder)
  fs.mkdirSync(folder, { recursive: true })
  const kept = new Set([...modules.keys()].map((file) => path.basename(file)))
  for (const file of fs.readdirSync(folder)) {
    if (file.endsWith(".ts") && !kept.has(file)) fs.rmSync(path.join(folder, file), { force: true })
  }
  for (const [file, text] of modules) fs.writeFileSync(path.join(projectFolder, file), text)
  fs.writeFileSync(
    path.join(folder, "tsconfig.json"),
    JSON.stringify({
      extends: "../../tsconfig.base.json",
      include: ["*.ts"],
      compilerOptions: { noEmit: true, incremental: false, allowImportingTsExtensions: true }
    })
  )
}
