/**
 * What the operating system has refused, in words for a person.
 */
import type { PlatformError } from "effect/PlatformError"
import * as nodePath from "node:path"
import { getSystemErrorMap } from "node:util"

/** As in `dist/hello: permission denied`. */
export const describe = ({ message, reason }: PlatformError): string => {
  const { cause } = reason
  if (!(cause instanceof Error) || !("errno" in cause) || typeof cause.errno !== "number") return message
  const problem = getSystemErrorMap().get(cause.errno)?.[1] ?? cause.message
  const place = "pathOrDescriptor" in reason ? reason.pathOrDescriptor : undefined
  return typeof place === "string" ? `${relative(place)}: ${problem}` : problem
}

/** What is elsewhere keeps its whole path. */
const relative = (file: string): string => {
  const path = nodePath.relative("", file)
  return path === "" || path.startsWith("..") ? file : path
}
