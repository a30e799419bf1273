/**
 * What Lambda itself writes into the log of a function, byte for byte and without the line break at the end.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html
 */

export const start = (options: { readonly requestId: string; readonly version: string }): string =>
  `START RequestId: ${options.requestId} Version: ${options.version}`

export const end = (options: { readonly requestId: string }): string => `END RequestId: ${options.requestId}`

export interface Report {
  readonly requestId: string
  readonly durationMillis: number
  /** In MB. */
  readonly memorySize: number
  /** In bytes. Left out of the line where it is not known. */
  readonly peakMemory: number | undefined
  /** As in the `X-Amzn-Trace-Id` header. */
  readonly traceId: string
  /** Default: `success`, of which the line says nothing. */
  readonly status?: "success" | "error" | "timeout" | undefined
  /** Of the status `error`. */
  readonly errorType?: string | undefined
}

/** The end of an invocation. One that X-Ray samples has a second line. */
export const report = (options: Report): string => {
  const { durationMillis, errorType, memorySize, peakMemory, requestId, status = "success" } = options
  const fields = [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${durationMillis.toFixed(2)} ms`,
    `Billed Duration: ${billed(durationMillis)} ms`,
    `Memory Size: ${memorySize} MB`
  ]
  if (peakMemory !== undefined) fields.push(`Max Memory Used: ${Math.ceil(peakMemory / 1_048_576)} MB`)
  // Without a status the line ends in a tab.
  fields.push(status === "success" ? "" : `Status: ${status}`)
  if (status === "error" && errorType !== undefined) fields.push(`Error Type: ${errorType}`)
  return fields.join("\t") + trace(options.traceId)
}

/** The line about an invocation that is past its deadline. Lambda leaves an empty line after it. */
export const timedOut = (
  options: { readonly now: number; readonly requestId: string; readonly timeoutMillis: number }
): string => `${new Date(options.now).toISOString()} ${options.requestId} ${timedOutMessage(options.timeoutMillis)}\n`

/** In the log, and for the caller. */
export const timedOutMessage = (timeoutMillis: number): string =>
  `Task timed out after ${(timeoutMillis / 1000).toFixed(2)} seconds`

/** Rounded up from the hundredths that the line shows: an excess that cannot be seen there costs nothing. */
const billed = (millis: number) => Math.ceil(Number(millis.toFixed(2)))

const trace = (traceId: string): string => {
  const fields = new Map(
    traceId.split(";").map((field) => {
      const [name = "", value = ""] = field.split("=", 2)
      return [name.trim(), value.trim()]
    })
  )
  const root = fields.get("Root")
  if (root === undefined || fields.get("Sampled") !== "1") return ""
  const segment = fields.get("Parent")
  return `\nXRAY TraceId: ${root}\t${segment === undefined ? "" : `SegmentId: ${segment}\t`}Sampled: true\t`
}
