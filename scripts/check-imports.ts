/**
 * Holds the house of docs/architecture.md: which module of src may import which.
 *
 * Prints one line for each offence and exits with 1 when there is any.
 */
import * as fs from "node:fs"
import * as path from "node:path"
import { parseSync, Visitor } from "rolldown/utils"

/**
 * The floor of every module of src, by its path without `.ts`; a name that ends in `/` stands for a folder.
 *
 * Files of `internal/` that are not listed belong to the floor of what they import, 0 or 1.
 */
export const houseFloors: Readonly<Record<string, number>> = {
  "Batch": 0,
  "ErrorReport": 0,
  "EventError": 0,
  "events/": 0,
  "Handler": 0,
  "Invocation": 0,
  "LambdaEnvironment": 0,
  "LambdaResponse": 0,
  "Extension": 1,
  "RuntimeApi": 1,
  "RuntimeApiError": 1,
  "Concurrency": 2,
  "Flush": 2,
  "Lambda": 2,
  "LambdaLogger": 2,
  "LambdaMetrics": 2,
  "LambdaTracer": 2,
  "internal/deadline": 2,
  "internal/invocationLoop": 2,
  "internal/invokeStore": 2,
  "internal/logger/": 2,
  "internal/metrics/": 2,
  "internal/snapshot": 2,
  "internal/tracer/": 2,
  "internal/workers": 2,
  "Shutdown": 2,
  "SnapStart": 2,
  "Connections": 3,
  "internal/http/": 3,
  "internal/webSocket/": 3,
  "LambdaHttp": 3,
  "LambdaWebSocket": 3,
  "LocalServer": 3,
  "LocalServerError": 3,
  "internal/local/": 3,
  "internal/threads/": 4,
  "LambdaTest": 4,
  "NodeLambda": 4,
  "cli/": 5
}

/** Floors up to this one are part of every deployed function, as is `NodeLambda`. */
const lastDeployedFloor = 2

const highestUnlistedInternalFloor = 1

const toolsFloor = 5

/** Optional dependencies, and the lowest floor that may know them: what only those need who use the tools, or a room. */
const optionalPackages: ReadonlyMap<string, number> = new Map([
  ["@aws-sdk/client-iam", toolsFloor],
  ["@aws-sdk/client-lambda", toolsFloor],
  ["aws4fetch", 3],
  ["rolldown", toolsFloor]
])

type ImportKind = "value" | "type" | "dynamic"

interface Import {
  readonly specifier: string
  readonly kind: ImportKind
  readonly line: number
}

interface Module {
  /** Relative to the folder, with `/` and without `.ts`. */
  readonly name: string
  readonly imports: ReadonlyArray<Import>
  readonly syntaxError: string | undefined
}

/** One line for every import in `folder` that the house forbids, in the order of files and lines. */
export const checkImports = (
  folder: string,
  floors: Readonly<Record<string, number>> = houseFloors
): ReadonlyArray<string> => {
  const modules = new Map(readModules(folder).map((module) => [module.name, module]))
  const floorOf = makeFloorOf(modules, floors)
  const place = (name: string, line: number) => `${path.basename(folder)}/${name}.ts:${line}`
  const offences: Array<string> = []

  for (const { imports, name, syntaxError } of modules.values()) {
    if (syntaxError !== undefined) {
      offences.push(`${place(name, 1)} cannot be read: ${syntaxError}`)
      continue
    }
    // The index only names what it exports.
    if (name === "index") continue
    const floor = floorOf(name)
    if (floor === undefined) {
      offences.push(`${place(name, 1)} has no floor: give it one in houseFloors of scripts/check-imports.ts`)
      continue
    }
    for (const { kind, line, specifier } of imports) {
      const offend = (offence: string) => offences.push(`${place(name, line)} ${offence}`)
      if (!isRelative(specifier)) {
        const reason = packageOffence(name, floor, specifier, kind)
        if (reason !== undefined) offend(`imports "${specifier}": ${reason}`)
        continue
      }
      if (!specifier.endsWith(".ts")) {
        offend(`imports "${specifier}": a relative import ends in .ts`)
        continue
      }
      const target = resolve(name, specifier)
      const targetFloor = floorOf(target)
      if (!modules.has(target)) {
        offend(`imports "${specifier}": there is no such file`)
      } else if (target === "index") {
        offend(`imports "${specifier}": import the module itself, not the index`)
      } else if (targetFloor !== undefined && targetFloor > floor) {
        offend(`imports "${specifier}": it stands on floor ${targetFloor}, above floor ${floor}`)
      } else if (targetFloor === 3 && kind === "value" && isDeployed(name, floor)) {
        offend(`imports "${specifier}": a deployed function must not contain it; use import() when it is needed`)
      }
    }
  }
  for (const circle of circles(modules)) {
    const start = circle[0] ?? ""
    offences.push(
      `${place(start, 1)} is in a circle of value imports: ${
        [...circle, start].map((name) => `${name}.ts`).join(" -> ")
      }`
    )
  }
  return offences
}

const isRelative = (specifier: string) => specifier.startsWith(".")

const isDeployed = (name: string, floor: number) => floor <= lastDeployedFloor || name === "NodeLambda"

/** Why a module of this floor may not import that package, if it may not. */
const packageOffence = (name: string, floor: number, specifier: string, kind: ImportKind): string | undefined => {
  if (floor >= (optionalPackages.get(specifier) ?? Infinity)) {
    return kind === "value" ? "it is an optional dependency; use import() when it is needed" : undefined
  }
  const subpath = /^(effect|@effect\/platform-node)(?:\/(.*))?$/.exec(specifier)
  if (subpath === null && !specifier.startsWith("node:")) {
    return `src imports effect, @effect/platform-node, node: and its own files (relative) only`
  }
  if (subpath !== null && !/(^|\/)[A-Z][^/]*$/.test(subpath[2] ?? "")) {
    return `it is a barrel; import the module, as in "effect/Effect"`
  }
  if (kind === "type") return undefined
  const isPlatform = subpath?.[1] === "@effect/platform-node"
  if (isPlatform && floor < 3) {
    return "only LocalServer and NodeLambda know the platform"
  }
  if (isDeployed(name, floor) && kind === "value") {
    if (isPlatform && subpath[2] !== "NodeRuntime") {
      return "a deployed function must not contain it; only NodeRuntime is light enough"
    }
    if (/^effect\/http\/.*Server|^node:http|^node:https|^node:http2/.test(specifier)) {
      return "a deployed function must not contain an HTTP server"
    }
  }
  return undefined
}

const makeFloorOf = (modules: ReadonlyMap<string, Module>, floors: Readonly<Record<string, number>>) => {
  const folders = Object.keys(floors).filter((name) => name.endsWith("/")).toSorted((a, b) => b.length - a.length)
  const known = new Map<string, number | undefined>()
  const floorOf = (name: string): number | undefined => {
    if (known.has(name)) return known.get(name)
    // What is asked for while it is being found out is in a circle, which adds nothing to its floor.
    known.set(name, 0)
    const floor = findFloor(name)
    known.set(name, floor)
    return floor
  }
  const findFloor = (name: string): number | undefined => {
    if (Object.hasOwn(floors, name)) return floors[name]
    const folder = folders.find((folder) => name.startsWith(folder))
    if (folder !== undefined) return floors[folder]
    if (!name.startsWith("internal/")) return undefined
    const imported = (modules.get(name)?.imports ?? [])
      .filter(({ specifier }) => isRelative(specifier))
      .map(({ specifier }) => floorOf(resolve(name, specifier)) ?? 0)
    return Math.min(highestUnlistedInternalFloor, Math.max(0, ...imported))
  }
  return floorOf
}

const resolve = (from: string, specifier: string) =>
  path.posix.join(path.posix.dirname(from), specifier.replace(/\.ts$/, ""))

/** Every circle of value imports, once, starting with the first of its names. */
const circles = (modules: ReadonlyMap<string, Module>): ReadonlyArray<ReadonlyArray<string>> => {
  const found = new Map<string, ReadonlyArray<string>>()
  const done = new Set<string>()
  const visit = (name: string, trail: ReadonlyArray<string>): void => {
    const seenAt = trail.indexOf(name)
    if (seenAt >= 0) {
      const circle = trail.slice(seenAt)
      const first = circle.indexOf(circle.toSorted()[0] ?? name)
      const rotated = [...circle.slice(first), ...circle.slice(0, first)]
      found.set(rotated.join(), rotated)
      return
    }
    if (done.has(name)) return
    for (const { kind, specifier } of modules.get(name)?.imports ?? []) {
      if (kind === "value" && isRelative(specifier)) visit(resolve(name, specifier), [...trail, name])
    }
    done.add(name)
  }
  for (const name of modules.keys()) visit(name, [])
  return [...found.values()]
}

/** Projects of users. */
const templates = "cli/templates/"

const readModules = (folder: string): ReadonlyArray<Module> =>
  fs.readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((file) => file.replaceAll(path.sep, "/"))
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts") && !file.startsWith(templates))
    .toSorted()
    .map((file) => readModule(file.slice(0, -".ts".length), fs.readFileSync(path.join(folder, file), "utf8")))

const readModule = (name: string, source: string): Module => {
  const { errors, program } = parseSync(`${name}.ts`, source)
  const imports: Array<Import> = []
  const add = (node: { readonly start: number }, specifier: string, kind: ImportKind) =>
    imports.push({ specifier, kind, line: source.slice(0, node.start).split("\n").length })
  // `import { type A }` is a value import: without its types it still loads the module.
  new Visitor({
    ImportDeclaration: (node) => add(node, node.source.value, node.importKind ?? "value"),
    ExportAllDeclaration: (node) => add(node, node.source.value, node.exportKind ?? "value"),
    ExportNamedDeclaration: (node) => {
      if (node.source !== null) add(node, node.source.value, node.exportKind ?? "value")
    },
    TSImportType: (node) => add(node, node.source.value, "type"),
    ImportExpression: (node) => {
      if (node.source.type === "Literal") add(node, String(node.source.value), "dynamic")
    }
  }).visit(program)
  return { name, imports: imports.toSorted((a, b) => a.line - b.line), syntaxError: errors[0]?.message }
}

if (import.meta.main) {
  const folder = process.argv[2] ?? path.join(import.meta.dirname, "../src")
  const offences = checkImports(folder)
  for (const offence of offences) console.error(offence)
  process.exitCode = offences.length === 0 ? 0 : 1
}
