/**
 * Any value as JSON, for a log: nothing that a program may pass keeps its record from being written.
 *
 * `Formatter.formatJson` of Effect has neither the stack of an error nor the entries of a `Map`, and throws where a
 * `toJSON` does.
 */
import * as Cause from "effect/Cause"
import { getRedacted, isRedactable } from "effect/Redactable"
import { Buffer } from "node:buffer"

/** What is redacted, as in a `Redacted`, is not in it. */
export const encode = (value: unknown): string => {
  if (typeof value === "string") return JSON.stringify(value)
  try {
    return JSON.stringify(value, replace) ?? "null"
  } catch {
    // A cycle, a getter or a `toJSON` that throws: what can be read of the value is still worth having.
    return JSON.stringify(copy(value, [], { left: maxCopied })) ?? "null"
  }
}

/** JSON leaves some characters as they are that end a line, or steer a terminal. */
export const oneLine = (json: string): string =>
  /[\u007f-\u009f\u2028\u2029]/.test(json)
    ? json.replace(
      /[\u007f-\u009f\u2028\u2029]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`
    )
    : json

/** Fields of a record, by their names. */
export interface Fields {
  [name: string]: unknown
}

/** An error as the official runtime writes it: its type, message and stack, and what it has of its own. */
export const encodeError = (error: Error): Fields => {
  const fields = {
    errorType: attempt(() => errorType(error)),
    errorMessage: attempt(() => String(error.message)),
    stackTrace: attempt(() => stackTrace(error))
  }
  return Object.assign({}, fields, ownFields(error), fields)
}

/** Without the frames that are inside of Effect. */
export const stackTrace = (error: Error): ReadonlyArray<string> | undefined =>
  Cause.prettyErrors(Cause.die(error))[0]?.stack?.split("\n")

/** What an error has beyond what every error has: what it tells of itself, where it decides that. */
export const ownFields = (error: object): Fields => {
  const fields: Array<readonly [string, unknown]> = []
  const told = isRedactable(error) ? getRedacted(error) : toJson(error)
  const source = typeof told === "object" && told !== null ? told : {}
  for (const name of Object.keys(source)) {
    const value: unknown = Reflect.get(source, name)
    if (!standardFields.has(name)) fields.push([name, retells(error, value) ? withoutMessage(value) : value])
  }
  if (error instanceof AggregateError) fields.push(["errors", error.errors])
  if (error instanceof Error && error.cause !== undefined) fields.push(["cause", error.cause])
  return Object.fromEntries(fields)
}

const standardFields: ReadonlySet<string> = new Set(["_tag", "cause", "message", "name", "stack"])

/** Whether an error has its message from another one that it holds, as its reason. */
export const retells = (error: object, value: unknown): value is Error =>
  value instanceof Error && value.message === Reflect.get(error, "message")

const withoutMessage = (error: Error): Fields => ({ errorType: errorType(error), ...ownFields(error) })

/** A class that gives its errors no name of their own leaves them `Error`. */
const errorType = (error: Error): string => {
  const tag: unknown = Reflect.get(error, "_tag")
  if (typeof tag === "string") return tag
  const { constructor, name } = error
  if (typeof name === "string" && name !== "" && name !== "Error") return name
  return typeof constructor === "function" ? constructor.name : "Error"
}

/** `value` is what a `toJSON` has made of the value of this key, if it has one. */
function replace(this: object, key: string, value: unknown): unknown {
  const original: unknown = Reflect.get(this, key)
  if (typeof original !== "object" || original === null) return readablePrimitive(original)
  const form = readable(original)
  if (form !== undefined || value === original) return form ?? value
  return typeof value === "object" && value !== null ? readable(value) ?? value : readablePrimitive(value)
}

/** A form for what JSON has none for, or one that says nothing. */
const readable = (value: object): unknown => {
  if (isRedactable(value)) return getRedacted(value)
  if (value instanceof Error) return encodeError(value)
  if (value instanceof Map) {
    const entries = Array.from(value)
    return entries.every(([key]) => typeof key === "string") ? Object.fromEntries(entries) : entries
  }
  if (value instanceof Set) return Array.from(value)
  if (value instanceof Uint8Array) {
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64")
  }
  if (value instanceof ArrayBuffer) return Buffer.from(value).toString("base64")
  return value instanceof RegExp ? String(value) : undefined
}

const readablePrimitive = (value: unknown): unknown => {
  switch (typeof value) {
    case "bigint":
    case "symbol":
      return String(value)
    case "function":
      return `[Function ${value.name}]`
    default:
      return value
  }
}

const maxDepth = 8

/** Behind a cycle there is often half of the program. */
const maxCopied = 10_000

/** The same value without what cannot be read of it. */
const copy = (value: unknown, ancestors: ReadonlyArray<object>, budget: { left: number }): unknown => {
  if (typeof value !== "object" || value === null) return readablePrimitive(value)
  if (ancestors.includes(value)) return "[Circular]"
  if (ancestors.length > maxDepth || budget.left-- <= 0) return "[Object]"
  const inside = [...ancestors, value]
  return attempt(() => {
    const form = readable(value) ?? toJson(value)
    if (form !== value) return copy(form, inside, budget)
    if (Array.isArray(value)) return value.map((item) => copy(item, inside, budget))
    return Object.fromEntries(
      Object.keys(value).map((name) => [name, attempt(() => copy(Reflect.get(value, name), inside, budget))])
    )
  })
}

const toJson = (value: object): unknown => {
  const method: unknown = Reflect.get(value, "toJSON")
  if (typeof method !== "function") return value
  try {
    return Reflect.apply(method, value, [])
  } catch {
    return value
  }
}

const attempt = (read: () => unknown): unknown => {
  try {
    return read()
  } catch {
    return "[Unreadable]"
  }
}
