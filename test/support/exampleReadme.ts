/**
 * What the README of an example says: which programs to start, what to send them, and what they answer.
 */
import * as Effect from "effect/Effect"
import * as fs from "node:fs"
import * as path from "node:path"
import { assert } from "vitest"
import { projectFolder } from "../doctest/docstrings.ts"

export interface Call {
  readonly method: "GET" | "POST"
  /** Path and query. */
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array<ArrayBuffer> | undefined
  /** Whether the answer begins with status and headers. */
  readonly withHead: boolean
  readonly answer: string
}

export interface ExampleFunction {
  /** Relative to the project. */
  readonly entry: string
  readonly variables: Readonly<Record<string, string>>
  readonly calls: ReadonlyArray<Call>
  /** Lines that the README shows of the function's terminal, if it does not shorten them. */
  readonly printed: ReadonlyArray<string>
}

export const folder = path.join(projectFolder, "examples")

export const names: ReadonlyArray<string> = fs.readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory()).map(({ name }) => name).toSorted()

export const read = (name: string): string => fs.readFileSync(path.join(folder, name, "README.md"), "utf8")

/** The lines of its blocks of `sh` that begin with this. */
export const commandsOf = (name: string, program: string): ReadonlyArray<string> =>
  Array.from(read(name).matchAll(/^```sh\n([^]*?)^```$/gm), ([_, content = ""]) => content.trimEnd().split("\n"))
    .flat().filter((line) => line.startsWith(`${program} `))

/** The functions that there are, whatever the README says. */
export const entriesOf = (name: string): ReadonlyArray<string> =>
  ["", "src"].flatMap((part) => {
    const sources = path.join(folder, name, part)
    return fs.existsSync(sources)
      ? fs.readdirSync(sources).map((file) => path.posix.join("examples", name, part, file))
      : []
  }).filter((file) => file.endsWith(".ts") && isFunction(file))

const isFunction = (file: string): boolean =>
  /^NodeLambda\.runMain/m.test(fs.readFileSync(path.join(projectFolder, file), "utf8"))

/** The functions that the README starts, each with the calls that come before the next one. */
export const functionsOf = (name: string): ReadonlyArray<ExampleFunction> => {
  const readme = read(name)
  const functions: Array<ExampleFunction & { readonly calls: Array<Call>; readonly printed: Array<string> }> = []
  let sent: Omit<Call, "answer"> | undefined
  for (const [_, text = "", language = "", content = ""] of readme.matchAll(/(.*?)^```(\w*)\n(.*?)\n```$/gms)) {
    const [, variables = "", entry = ""] = /^((?:[A-Z_]+=\S+ )*)npx node (examples\/\S+\.ts)$/m.exec(content) ?? []
    if (entry !== "" && isFunction(entry)) {
      functions.push({ entry, variables: variablesOf(variables), calls: [], printed: [] })
    }
    if (language === "sh") {
      sent = callOf(content)
      continue
    }
    if (text.endsWith(" itself:\n\n")) functions.at(-1)?.printed.push(...content.split("\n"))
    if (sent !== undefined && /^(answers|$)/.test(text.trim())) {
      functions.at(-1)?.calls.push({ ...sent, answer: content })
    }
    sent = undefined
  }
  return functions
}

const variablesOf = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries(Array.from(text.matchAll(/(\w+)=(\S+)/g), ([_, name = "", value = ""]) => [name, value]))

const callOf = (command: string): Omit<Call, "answer"> | undefined => {
  const [, options, target] = /^curl (.*?)'?http:\/\/127\.0\.0\.1:7000(\/[^\s']*)'?$/m.exec(command) ?? []
  if (options === undefined || target === undefined) return undefined
  const [, data] = /(?:-d|--data-binary) (@\S+|'[^']*')/.exec(options) ?? []
  return {
    method: data === undefined ? "GET" : "POST",
    target,
    headers: Object.fromEntries(
      Array.from(options.matchAll(/-H '([^:]*): ([^']*)'/g), ([_, name = "", value = ""]) => [name, value])
    ),
    body: data === undefined
      ? undefined
      : data.startsWith("@")
      ? new Uint8Array(fs.readFileSync(path.join(projectFolder, data.slice("@".length))))
      : new TextEncoder().encode(data.slice(1, -1)),
    withHead: /(?:^| )-\w*i/.test(options.replaceAll(/'[^']*'|@\S+/g, ""))
  }
}

/** Sends what the README sends, to the local server at this address, and compares the answer. */
export const answersAsItSays = (call: Call, address: string): Effect.Effect<void> =>
  Effect.promise(async () => {
    const { answer, body, headers, method, target, withHead } = call
    const response = await fetch(new URL(target, address), { method, headers, ...body !== undefined && { body } })
    const [head = "", text = ""] = withHead ? answer.split(/\n\n(.*)/s) : ["", answer]
    assert.strictEqual((await response.text()).trim(), text.trim())
    for (const line of head.split("\n").filter((line) => line !== "")) {
      const [, status] = /^HTTP\/1\.1 (\d+) /.exec(line) ?? []
      const [name = "", value] = line.split(": ")
      if (status === undefined) assert.strictEqual(response.headers.get(name), value)
      else assert.strictEqual(String(response.status), status)
    }
  })
