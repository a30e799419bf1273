/**
 * Records as JSON, with the field names of Lambda's official runtime for Node.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html
 */
import type * as Logger from "effect/Logger"
import * as References from "effect/References"
import * as causeFields from "./causeFields.ts"
import * as recordIds from "./ids.ts"
import { encode, encodeError, type Fields, oneLine } from "./jsonValue.ts"
import { formatted, isError } from "./message.ts"
import { type Head, levels, timestamp } from "./record.ts"

export const fromEffect = ({ cause, date, fiber, logLevel, message }: Logger.Options<unknown>): string => {
  const { annotations, ids } = recordIds.ofFiber(fiber)
  let line = start({ date, level: levels[logLevel], ...ids }, Array.isArray(message) ? single(message) : message)
  if (cause.reasons.length > 0) line += members(causeFields.fields(cause))
  const names = Object.keys(annotations)
  if (names.length > 0) {
    line += ",\"annotations\":{"
    for (const [index, name] of names.entries()) {
      line += `${index === 0 ? "" : ","}${encode(name)}:${encode(annotations[name])}`
    }
    line += "}"
  }
  const spans = fiber.getRef(References.CurrentLogSpans)
  if (spans.length > 0) {
    const now = date.getTime()
    line += `,"spans":${encode(Object.fromEntries(spans.map(([label, startedAt]) => [label, now - startedAt])))}`
  }
  return oneLine(`${line}}`)
}

/** Several values are one text, as the console shows them, and the first error among them has its fields too. */
export const fromConsole = (head: Head, values: ReadonlyArray<unknown>): string => {
  if (values.length < 2) return oneLine(`${start(head, single(values))}}`)
  const error = values.find(isError)
  return oneLine(`${start(head, formatted(values))}${error === undefined ? "" : members(errorFields(error))}}`)
}

const start = ({ date, level, requestId, tenantId, traceId }: Head, message: unknown): string => {
  let line = `{"timestamp":"${timestamp(date)}","level":"${level}","requestId":${encode(requestId)}`
  if (tenantId !== undefined) line += `,"tenantId":${encode(tenantId)}`
  if (traceId !== undefined) line += `,"traceId":${encode(traceId)}`
  return `${line},"message":${encode(message)}`
}

const single = (values: ReadonlyArray<unknown>): unknown =>
  values.length > 1 ? values : values.length === 1 ? values[0] : ""

const members = (fields: Fields): string => `,${encode(fields).slice(1, -1)}`

const errorFields = (error: Error): Fields => {
  try {
    const { errorMessage, errorType, stackTrace } = encodeError(error)
    return { errorType, errorMessage, stackTrace }
  } catch {
    return { errorType: "Error" }
  }
}
