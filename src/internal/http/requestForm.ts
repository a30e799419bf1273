/**
 * What the events of all front doors have in common: an HTTP request.
 */
import * as Headers from "effect/http/Headers"
import { Buffer } from "node:buffer"
import type { HttpEvent } from "../../LambdaHttp.ts"
import * as requestTarget from "./requestTarget.ts"

/** A request, read from an event. */
export interface RequestForm {
  readonly method: string
  /** Path and query, without the stage and the base path. */
  readonly url: string
  /** As the client called it, with scheme and host where the event has a host. */
  readonly originalUrl: string
  readonly headers: Headers.Headers
  /** The client, as the front door sees it. */
  readonly remoteAddress: string | undefined
  readonly body: string
  readonly isBase64Encoded: boolean
}

/** `basePath` as `requestTarget.prefix` gives it. */
export const read = (httpEvent: HttpEvent, basePath: string): RequestForm => {
  switch (httpEvent._tag) {
    case "ApiGatewayV1": {
      const { event } = httpEvent
      const { requestContext } = event
      // Of a REST API the path is without the stage.
      const stage = event.version === "1.0" ? stagePrefix(requestContext.stage) : ""
      return complete(
        {
          method: event.httpMethod,
          path: event.path,
          originalPath: requestContext.path ?? event.path,
          query: requestTarget.decodedQuery(event.multiValueQueryStringParameters ?? event.queryStringParameters ?? {}),
          headers: headerValues(event.multiValueHeaders ?? event.headers ?? {}),
          domainName: requestContext.domainName,
          remoteAddress: requestContext.identity.sourceIp,
          body: event.body,
          isBase64Encoded: event.isBase64Encoded
        },
        stage,
        basePath
      )
    }
    case "ApiGatewayV2":
    case "FunctionUrl": {
      const { event } = httpEvent
      const { requestContext } = event
      const headers = headerValues(event.headers)
      // A function URL leaves them in the headers too.
      if (event.cookies != null && event.cookies.length > 0) headers.set("cookie", event.cookies.join("; "))
      return complete(
        {
          method: requestContext.http.method,
          path: event.rawPath,
          originalPath: event.rawPath,
          query: requestTarget.rawQuery(event.rawQueryString),
          headers,
          domainName: requestContext.domainName,
          remoteAddress: requestContext.http.sourceIp,
          body: event.body,
          isBase64Encoded: event.isBase64Encoded
        },
        stagePrefix(requestContext.stage),
        basePath
      )
    }
    case "Alb": {
      const { event } = httpEvent
      const headers = headerValues(event.multiValueHeaders ?? event.headers ?? {})
      return complete(
        {
          method: event.httpMethod,
          path: event.path,
          originalPath: event.path,
          query: requestTarget.encodedQuery(event.multiValueQueryStringParameters ?? event.queryStringParameters ?? {}),
          headers,
          domainName: undefined,
          remoteAddress: lastForwarded(headers),
          body: event.body,
          isBase64Encoded: event.isBase64Encoded
        },
        "",
        basePath
      )
    }
    case "VpcLatticeV1":
    case "VpcLatticeV2": {
      const [given, parameters, isBase64Encoded] = httpEvent._tag === "VpcLatticeV1"
        ? [
          httpEvent.event.raw_path,
          httpEvent.event.query_string_parameters,
          httpEvent.event.is_base64_encoded
        ] as const
        : [httpEvent.event.path, httpEvent.event.queryStringParameters, httpEvent.event.isBase64Encoded] as const
      const headers = headerValues(httpEvent.event.headers)
      const start = given.indexOf("?")
      const path = start < 0 ? given : given.slice(0, start)
      return complete(
        {
          method: httpEvent.event.method,
          path,
          originalPath: path,
          query: start < 0
            ? requestTarget.encodedQuery(parameters ?? {})
            : requestTarget.rawQuery(given.slice(start + 1)),
          headers,
          domainName: undefined,
          remoteAddress: lastForwarded(headers),
          body: httpEvent.event.body,
          isBase64Encoded
        },
        "",
        basePath
      )
    }
  }
}

const complete = (
  given: {
    readonly method: string
    readonly path: string
    readonly originalPath: string
    readonly query: string
    readonly headers: Map<string, string>
    readonly domainName: string | null | undefined
    readonly remoteAddress: string | undefined
    readonly body: string | null | undefined
    readonly isBase64Encoded: boolean | null | undefined
  },
  stage: string,
  basePath: string
): RequestForm => {
  const { headers, method, remoteAddress } = given
  const body = given.body ?? ""
  const isBase64Encoded = given.isBase64Encoded ?? false
  const path = requestTarget.path(given.path)
  const search = given.query === "" ? "" : `?${given.query}`
  if (!headers.has("host") && given.domainName != null) headers.set("host", given.domainName)
  // A REST API leaves it out.
  if (body !== "" && !headers.has("content-length") && !headers.has("transfer-encoding")) {
    headers.set("content-length", String(Buffer.byteLength(body, isBase64Encoded ? "base64" : "utf8")))
  }
  const host = headers.get("host")
  const scheme = headers.get("x-forwarded-proto") === "http" ? "http" : "https"
  const origin = host === undefined ? "" : `${scheme}://${host}`
  return {
    method: method.toUpperCase(),
    url: requestTarget.withoutPrefix(requestTarget.withoutPrefix(path, stage), basePath) + search,
    originalUrl: origin + requestTarget.path(given.originalPath) + search,
    headers: Headers.fromInput(headers),
    remoteAddress: remoteAddress === "" ? undefined : remoteAddress,
    body,
    isBase64Encoded
  }
}

/** An HTTP API leaves the stage in the path; its default stage has none. */
const stagePrefix = (stage: string | null | undefined) =>
  stage == null || stage === "" || stage === "$default" ? "" : `/${stage}`

/** By their names in lower case, as HTTP joins them. */
const headerValues = (values: Readonly<Record<string, string | ReadonlyArray<string>>>): Map<string, string> => {
  const headers = new Map<string, string>()
  for (const name in values) {
    const key = name.toLowerCase()
    const separator = key === "cookie" ? "; " : ", "
    const value = values[name] ?? []
    const text = typeof value === "string" ? value : value.join(separator)
    const known = headers.get(key)
    headers.set(key, known === undefined ? text : known + separator + text)
  }
  return headers
}

/** The front door adds whom it sees to the end; what is before that anyone can have written. */
const lastForwarded = (headers: ReadonlyMap<string, string>): string | undefined =>
  headers.get("x-forwarded-for")?.split(",").at(-1)?.trim().replace(withPort, "$1$2")

/**
 * A load balancer with `routing.http.xff_client_port.enabled` adds the port, and brackets where the address has colons.
 *
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/x-forwarded-headers.html
 */
const withPort = /^(?:\[([^\]]+)\]|([^:]+))(?::\d+)?$/
