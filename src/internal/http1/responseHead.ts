/**
 * The head of an HTTP/1.1 response, its status line and headers, read in one pass over its bytes.
 *
 * https://www.rfc-editor.org/rfc/rfc9112#section-4, https://www.rfc-editor.org/rfc/rfc9112#section-5
 */
import { Buffer } from "node:buffer"

export interface ResponseHead {
  readonly status: number
  /** Names are in lower case; a repeated header is joined with `, `. The record has no prototype. */
  readonly headers: Readonly<Record<string, string | undefined>>
  /** Whether the connection may carry another request. */
  readonly keepAlive: boolean
}

/**
 * Header fields by name. A class, because objects of one class that get the same properties in the same order share a
 * layout; without a prototype, because a header may be called `constructor`.
 */
class Fields {
  [name: string]: string | undefined
}
Reflect.deleteProperty(Fields.prototype, "constructor")
Object.setPrototypeOf(Fields.prototype, null)

/** A well-formed name, as it was sent with its colon, and as it is looked up. */
interface FieldName {
  readonly sent: Buffer
  readonly lowerCase: string
}

/** No head that is worth being fast for has more lines. */
const maxKnownNames = 64

export class ResponseHeadReader {
  /** The name on each line of the head before: a server sends the same ones in the same order. */
  private readonly knownNames: Array<FieldName> = []

  /** Reads the head from `start` to `end`, where its empty line is. Returns what is wrong with it when something is. */
  read(data: Buffer, start: number, end: number): ResponseHead | string {
    const head = data.toString("latin1", start, end)
    const lineEnd = head.indexOf("\r")
    const statusLine = lineEnd < 0 ? head : head.slice(0, lineEnd)
    if (!wellFormedStatusLine.test(statusLine)) return describeMalformedHead(head)

    const headers = new Fields()
    let position = start + statusLine.length
    for (let line = 0; position < end; line++) {
      const nameStart = position + 2
      const name = startsWith(data, position, lineBreak) ? this.readName(data, nameStart, line) : undefined
      if (name === undefined) return describeMalformedHead(head)
      let valueStart = nameStart + name.sent.length
      position = valueStart
      while (isFieldContent(data[position]!)) position++
      let valueEnd = position
      while (valueStart < valueEnd && isBlank(data[valueStart]!)) valueStart++
      while (valueStart < valueEnd && isBlank(data[valueEnd - 1]!)) valueEnd--
      const value = head.slice(valueStart - start, valueEnd - start)
      const before = headers[name.lowerCase]
      headers[name.lowerCase] = before === undefined ? value : `${before}, ${value}`
    }

    const isCurrent = statusLine.charAt(7) === "1"
    const { connection } = headers
    return {
      status: Number(statusLine.slice(9, 12)),
      headers,
      keepAlive: connection === undefined
        ? isCurrent
        : !hasToken(connection, "close") && (isCurrent || hasToken(connection, "keep-alive"))
    }
  }

  private readName(data: Buffer, start: number, line: number): FieldName | undefined {
    const known = this.knownNames[line]
    if (known !== undefined && startsWith(data, start, known.sent)) return known
    const end = data.indexOf(colon, start) + 1
    const name = data.toString("latin1", start, end - 1)
    if (end === 0 || !wellFormedName.test(name)) return undefined
    const read = { sent: Buffer.from(data.subarray(start, end)), lowerCase: name.toLowerCase() }
    if (line < maxKnownNames) this.knownNames[line] = read
    return read
  }
}

export const startsWith = (data: Buffer, offset: number, expected: Buffer): boolean => {
  if (data.length - offset < expected.length) return false
  for (let index = 0; index < expected.length; index++) {
    if (data[offset + index] !== expected[index]) return false
  }
  return true
}

const colon = 58
const space = 32
const tab = 9
const lineBreak = Buffer.from("\r\n")

const wellFormedStatusLine = /^HTTP\/1\.[01] [1-5]\d\d(?: [\t\x20-\x7e\x80-\xff]*)?$/

/** https://www.rfc-editor.org/rfc/rfc9110#section-5.1 */
const wellFormedName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

const isFieldContent = (byte: number): boolean => byte >= space ? byte !== 127 : byte === tab

const isBlank = (byte: number): boolean => byte === space || byte === tab

const hasToken = (list: string, token: string): boolean =>
  list.split(",").some((item) => item.trim().toLowerCase() === token)

const describeMalformedHead = (head: string): string => {
  const [statusLine = "", ...lines] = head.split("\r\n")
  for (const line of lines) {
    const refused = describeMalformedHeader(line)
    if (refused !== undefined) return refused
  }
  return `its status line is ${JSON.stringify(statusLine.slice(0, 80))}`
}

export const describeMalformedHeader = (line: string): string | undefined => {
  const colon = line.indexOf(":")
  if (colon < 0) return `a header line is ${JSON.stringify(line.slice(0, 80))}`
  const name = line.slice(0, colon).toLowerCase()
  if (!wellFormedName.test(name)) return `a header is named ${JSON.stringify(name.slice(0, 80))}`
  if (/[^\t\x20-\x7e\x80-\xff]/.test(line.slice(colon + 1))) return `the header ${name} holds control characters`
  return undefined
}
