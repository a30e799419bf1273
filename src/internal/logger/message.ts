/**
 * What somebody logged, as text.
 */
import { redact } from "effect/Redactable"
import { encode } from "./jsonValue.ts"

/** `import` would load all of it, which takes milliseconds of the start. */
const util = () => process.getBuiltinModule("node:util")

/** As the console of Node shows it. */
export const formatted = (values: ReadonlyArray<unknown>): string => {
  try {
    return util().format(...values.map(redact))
  } catch {
    // A value may say itself how it is shown, and fail to.
    return values.map(readable).join(" ")
  }
}

/** As `console.dir` of Node shows it. */
export const inspected = (value?: unknown, options?: unknown): string => {
  try {
    return util().inspect(value, Object.assign({ customInspect: false }, options))
  } catch {
    return readable(value)
  }
}

/** Text as it is, and anything else as JSON. */
export const readable = (value: unknown): string => typeof value === "string" ? value : encode(value)

/** Whatever it is: a proxy may throw when it is asked. */
export const isError = (value: unknown): value is Error => {
  try {
    return value instanceof Error
  } catch {
    return false
  }
}
