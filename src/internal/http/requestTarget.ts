/**
 * The path and the query of a request, as they were on its request line.
 *
 * A function URL, a REST API and a load balancer leave a path as the client sent it, and an HTTP API decodes it. A query
 * is raw where it is one string; among its parts a REST API's are decoded, and a load balancer's are not. Observed at
 * https://github.com/hotsock/voker/tree/main/vokerhttp/testdata
 */

/** What can be in no path that a client has sent, so that it has been decoded on the way; also a lone percent sign. */
const decodedInPath = /[\0-\x20\x7f-\u{10ffff}?#\\]|%(?![\dA-Fa-f]{2})/u

const decodedInQuery = /[\0-\x20\x7f-\u{10ffff}#]|%(?![\dA-Fa-f]{2})/u

const decodedInQueryPart = /[\0-\x20\x7f-\u{10ffff}#&]|%(?![\dA-Fa-f]{2})/u

const allOf = (pattern: RegExp) => new RegExp(pattern, "gu")

const escape = (pattern: RegExp) => {
  const all = allOf(pattern)
  return (text: string): string =>
    pattern.test(text) ? text.toWellFormed().replaceAll(all, (character) => encodeURIComponent(character)) : text
}

const escapePath = escape(decodedInPath)

const escapeQuery = escape(decodedInQuery)

const escapeQueryPart = escape(decodedInQueryPart)

/** A path that starts with a slash, where what stands for itself is left as it is. */
export const path = (given: string): string => {
  const escaped = escapePath(given)
  return escaped.startsWith("/") ? escaped : `/${escaped}`
}

/** The path behind a prefix; one without it is left as it is. */
export const withoutPrefix = (path: string, prefix: string): string => {
  if (prefix === "" || !path.startsWith(prefix)) return path
  const rest = path.slice(prefix.length)
  return rest === "" ? "/" : rest.startsWith("/") ? rest : path
}

/** A prefix as {@link withoutPrefix} takes it: `v1/` is `/v1`, and `/` is none. */
export const prefix = (basePath: string): string => {
  const trimmed = basePath.replace(/^\/+|\/+$/g, "")
  return trimmed === "" ? "" : `/${trimmed}`
}

/** A query as it was sent. */
export const rawQuery = (query: string): string => escapeQuery(query)

type Values = Readonly<Record<string, string | ReadonlyArray<string>>>

/** A query of names and values that have been decoded. */
export const decodedQuery = (values: Values): string => join(values, (text) => encodeURIComponent(text.toWellFormed()))

/** A query of names and values that have not been decoded, or of which nobody says. */
export const encodedQuery = (values: Values): string => join(values, escapeQueryPart)

const join = (values: Values, encode: (text: string) => string): string => {
  let query = ""
  for (const name in values) {
    const value = values[name] ?? []
    for (const one of typeof value === "string" ? [value] : value) {
      query += `${query === "" ? "" : "&"}${encode(name)}=${encode(one)}`
    }
  }
  return query
}
