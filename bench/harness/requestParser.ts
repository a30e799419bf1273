/**
 * Reads the requests of one connection, in whatever pieces they arrive, and counts bodies without keeping them.
 */

export interface Request {
  readonly method: string
  readonly path: string
  readonly bodySize: number
  /** The first bytes of the body, as text. */
  readonly bodyStart: string
}

const keptBytes = 1024

type State =
  | { readonly kind: "head" }
  | { readonly kind: "sized"; left: number }
  | { readonly kind: "chunkSize" }
  | { readonly kind: "chunk"; left: number }
  | { readonly kind: "chunkEnd" }
  | { readonly kind: "trailers" }

const head: State = { kind: "head" }
const chunkSize: State = { kind: "chunkSize" }
const chunkEnd: State = { kind: "chunkEnd" }
const trailers: State = { kind: "trailers" }
const nothing: Buffer = Buffer.alloc(0)

/** Calls `onRequest` for each request that is complete after these bytes. */
export const makeRequestParser = (onRequest: (request: Request) => void): (bytes: Buffer) => void => {
  let state: State = head
  let pending = nothing
  let method = ""
  let path = ""
  let bodySize = 0
  let bodyStart = ""

  const finish = () => {
    state = head
    onRequest({ method, path, bodySize, bodyStart })
  }

  const countBody = (bytes: Buffer) => {
    if (bodySize < keptBytes) bodyStart += bytes.toString("latin1", 0, keptBytes - bodySize)
    bodySize += bytes.length
  }

  const readHead = (text: string) => {
    const line = text.slice(0, text.indexOf("\r\n")).split(" ")
    method = line[0] ?? ""
    path = line[1] ?? ""
    bodySize = 0
    bodyStart = ""
    if (method === "GET") return finish()
    const fields = text.toLowerCase()
    if (fields.includes("\r\ntransfer-encoding: chunked")) {
      state = chunkSize
      return
    }
    const length = /\r\ncontent-length: *(\d+)/.exec(fields)
    const left = Number(length?.[1] ?? "0")
    if (left === 0) return finish()
    state = { kind: "sized", left }
  }

  return (arrived) => {
    const bytes = pending.length === 0 ? arrived : Buffer.concat([pending, arrived])
    pending = nothing
    let at = 0
    while (at < bytes.length) {
      if (state.kind === "sized" || state.kind === "chunk") {
        const part = bytes.subarray(at, at + state.left)
        countBody(part)
        at += part.length
        state.left -= part.length
        if (state.left > 0) return
        if (state.kind === "sized") finish()
        else state = chunkEnd
        continue
      }
      const terminator = state.kind === "head" ? "\r\n\r\n" : "\r\n"
      const end = bytes.indexOf(terminator, at, "latin1")
      if (end < 0) {
        pending = bytes.subarray(at)
        return
      }
      const text = bytes.toString("latin1", at, end) + "\r\n"
      at = end + terminator.length
      if (state.kind === "head") readHead(text)
      else if (state.kind === "chunkSize") {
        const left = Number.parseInt(text, 16)
        state = left === 0 ? trailers : { kind: "chunk", left }
      } else if (state.kind === "chunkEnd") state = chunkSize
      else if (text === "\r\n") finish()
    }
  }
}
