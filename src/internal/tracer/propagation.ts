/**
 * What the caller of a function says about the trace that it is part of.
 */
import * as Headers from "effect/http/Headers"
import * as HttpTraceContext from "effect/http/HttpTraceContext"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Tracer from "effect/Tracer"
import type { Invocation } from "../../Invocation.ts"

/**
 * The fields of an X-Ray header, in any order. `parent` is there when the header names one.
 *
 * https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
 */
export interface XRayHeader {
  /** `1-`, 8 hexadecimal digits, `-`, and 24 more. */
  readonly root: string
  readonly parent: Option.Option<Tracer.ExternalSpan>
}

export const parseXRayHeader = (header: string): Option.Option<XRayHeader> => {
  const field = (name: string) => fieldPatterns[name]?.exec(header)?.[1]
  const root = field("Root")
  const ids = root === undefined ? null : rootPattern.exec(root)
  if (root === undefined || ids === null) return Option.none()
  const traceId = `${ids[1]}${ids[2]}`.toLowerCase()
  const spanId = field("Parent")?.toLowerCase() ?? ""
  return Option.some({
    root,
    parent: spanPattern.test(spanId) && !/^0+$/.test(spanId) && !/^0+$/.test(traceId)
      ? Option.some(Tracer.externalSpan({ traceId, spanId, sampled: field("Sampled") === "1" }))
      : Option.none()
  })
}

const fieldPattern = (name: string) => new RegExp(`(?:^|;)\\s*${name}\\s*=\\s*([^;]*?)\\s*(?:;|$)`, "i")
const fieldPatterns: Readonly<Record<string, RegExp>> = {
  Root: fieldPattern("Root"),
  Parent: fieldPattern("Parent"),
  Sampled: fieldPattern("Sampled")
}
const rootPattern = /^1-([\da-f]{8})-([\da-f]{24})$/i
const spanPattern = /^[\da-f]{16}$/

/**
 * The W3C `traceparent` in the headers of an event that is an HTTP request, or in the client context of a direct call.
 *
 * https://www.w3.org/TR/trace-context/#traceparent-header
 */
export const w3cSpan = (
  { clientContext }: Invocation["Service"],
  event: unknown
): Option.Option<Tracer.ExternalSpan> => {
  const context = Option.getOrUndefined(clientContext)
  const traceparent = header(member(event, "headers")) ?? header(member(event, "multiValueHeaders")) ??
    header(member(context, "w3c")) ?? header(member(context, "custom"))
  return traceparent === undefined
    ? Option.none()
    : HttpTraceContext.w3c(Headers.fromRecordUnsafe({ traceparent: traceparent.trim() }))
}

const header = (headers: unknown): string | undefined => {
  if (!Predicate.isObject(headers)) return undefined
  for (const [name, value] of Object.entries(headers)) {
    if (name.toLowerCase() !== "traceparent") continue
    const first: unknown = Array.isArray(value) ? value[0] : value
    if (typeof first === "string") return first
  }
  return undefined
}

const member = (value: unknown, name: string): unknown =>
  Predicate.isObject(value) && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined
