/**
 * Records as text: the four columns of Lambda's official runtime for Node, and a fifth for what else is known.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html
 */
import * as Cause from "effect/Cause"
import type * as Logger from "effect/Logger"
import * as References from "effect/References"
import * as causeFields from "./causeFields.ts"
import * as recordIds from "./ids.ts"
import { formatted, isError, readable } from "./message.ts"
import { type Head, levels, timestamp } from "./record.ts"

/** With the line breaks of the message and the cause. */
export const fromEffect = ({ cause, date, fiber, logLevel, message }: Logger.Options<unknown>): string => {
  const { annotations, ids } = recordIds.ofFiber(fiber)
  const values: ReadonlyArray<unknown> = Array.isArray(message) ? message : [message]
  let line = start({ date, level: levels[logLevel], ...ids }, values.map(readableWithStack).join(" "))
  let separator = ids.traceId === undefined && ids.tenantId === undefined ? "\t" : " "
  const add = (name: string, value: string) => {
    line += `${separator}${name.replace(/[\s="]/g, "_")}=${quoted(value)}`
    separator = " "
  }
  for (const name of Object.keys(annotations)) add(name, readable(annotations[name]))
  for (const [label, startedAt] of fiber.getRef(References.CurrentLogSpans)) {
    add(label, `${date.getTime() - startedAt}ms`)
  }
  return withoutControls(cause.reasons.length === 0 ? line : `${line}\n${causeFields.pretty(cause)}`)
}

export const fromConsole = (head: Head, values: ReadonlyArray<unknown>): string =>
  withoutControls(start(head, formatted(values)))

const start = ({ date, level, requestId, tenantId, traceId }: Head, message: string): string => {
  let line = `${timestamp(date)}\t${requestId}\t${level}\t${message}`
  if (tenantId !== undefined) line += `\ttenantId=${quoted(tenantId)}`
  if (traceId !== undefined) line += `${tenantId === undefined ? "\t" : " "}traceId=${quoted(traceId)}`
  return line
}

const readableWithStack = (value: unknown): string =>
  isError(value) ? causeFields.pretty(Cause.die(value)) : readable(value)

const quoted = (value: string): string => /^[^\s="]*$/.test(value) ? value : JSON.stringify(value)

/** What is not text could steer the terminal of whoever reads the log. */
const withoutControls = (text: string): string =>
  text.replace(/\r\n/g, "\n").replace(
    /[^\P{Cc}\t\n\r]/gu,
    (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`
  )
