/**
 * Requests as a row of docs/reliability.md names them: `a/response tea`, `a/error OutOfTea: none left`.
 */
import { Buffer } from "node:buffer"
import type * as ScriptedPeer from "./scriptedPeer.ts"

/** Goes before a request that came on another connection than the one before. */
export const onNewConnection = "↻ "

export const nameOf = ({ target }: ScriptedPeer.PeerRequest): string =>
  target.replace(/^\/[\d-]+\/runtime\/(invocation\/)?/, "")

export const isPoll = (request: ScriptedPeer.PeerRequest): boolean => nameOf(request) === "next"

/** A failure in the trailers follows the chunks. */
export const describeBody = (request: ScriptedPeer.PeerRequest, body: ScriptedPeer.RequestBody): string => {
  if (request.target.endsWith("/error")) return describeReport(body.text)
  const text = body.bytes.length > 80 ? `${body.bytes.length} bytes` : body.chunks.join(" + ")
  const report = body.trailer("Lambda-Runtime-Function-Error-Body")
  return report === undefined ? text : `${text}, then ${describeReport(Buffer.from(report, "base64").toString())}`
}

const describeReport = (json: string): string => {
  const { errorMessage, errorType }: { readonly errorMessage: string; readonly errorType: string } = JSON.parse(json)
  return `${errorType}: ${errorMessage.length > 160 ? `${errorMessage.length} characters` : errorMessage}`
}
