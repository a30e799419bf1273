/**
 * What every record says, whoever logs it.
 */
import type { LogLevel } from "effect/LogLevel"

export type Level = "TRACE" | "DEBUG" | "INFO" | "WARN" | "ERROR" | "FATAL"

/** The ids of an invocation. */
export interface Ids {
  /** `-` outside an invocation, as in the official runtime. */
  readonly requestId: string
  readonly tenantId: string | undefined
  readonly traceId: string | undefined
}

export const noIds: Ids = { requestId: "-", tenantId: undefined, traceId: undefined }

export interface Head extends Ids {
  readonly date: Date
  readonly level: Level
}

/** In Lambda's words. */
export const levels: Readonly<Record<LogLevel, Level>> = {
  All: "TRACE",
  Trace: "TRACE",
  Debug: "DEBUG",
  Info: "INFO",
  Warn: "WARN",
  Error: "ERROR",
  Fatal: "FATAL",
  None: "FATAL"
}

/** Most records have the millisecond of the one before, and making a text of it takes as long as all the rest. */
export const timestamp = (date: Date): string => {
  const time = date.getTime()
  if (time !== last.time) last = { time, text: date.toISOString() }
  return last.text
}

let last = { time: Number.NaN, text: "" }
