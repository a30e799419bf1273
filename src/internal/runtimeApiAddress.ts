/**
 * The address of the Runtime API.
 *
 * Lambda's is `host:port`. SST adds a path prefix, its Rust runtime a scheme, cargo-lambda a prefix too.
 */
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import { InvalidAddress, RuntimeApiError } from "../RuntimeApiError.ts"

export interface RuntimeApiAddress {
  /** As a socket takes it: an IPv6 address without brackets. */
  readonly host: string
  readonly port: number
  /** What goes before every path, without a slash at its end: `/prefix`, or nothing. */
  readonly prefix: string
  /** The value of the header `Host`, which leaves out port 80. */
  readonly authority: string
}

/** The address that the platform gives; without one there is no Runtime API. */
export const parseOption = (address: Option.Option<string>): Result.Result<RuntimeApiAddress, RuntimeApiError> =>
  Option.isSome(address) ? parse(address.value) : Result.fail(
    new RuntimeApiError({
      reason: new InvalidAddress({ address: "", description: "it is not set, so this is not a Lambda environment" })
    })
  )

export const parse = (address: string): Result.Result<RuntimeApiAddress, RuntimeApiError> => {
  const refuse = (description: string) =>
    Result.fail(new RuntimeApiError({ reason: new InvalidAddress({ address, description }) }))

  const text = address.trim()
  if (text === "") return refuse("it is empty")
  // Whatever passes goes into request lines, so nothing may end one early.
  if (/[^\x21-\x7e]/.test(text)) return refuse("it holds a character that a URL cannot hold")

  const { rest, scheme } = splitScheme(text)
  if (scheme !== undefined && scheme !== "http") {
    return refuse(`its scheme is ${scheme}, and the Runtime API speaks plain http`)
  }
  const unwanted = /[?#@\\]/.exec(rest)
  if (unwanted !== null) return refuse(`it holds "${unwanted[0]}", and only a host, a port and a path may be given`)

  const slash = rest.indexOf("/")
  const hostAndPort = slash === -1 ? rest : rest.slice(0, slash)
  const prefix = slash === -1 ? "" : rest.slice(slash).replace(/\/+$/, "")

  const [, bracketed, plain, portText] = /^(?:(\[.*\])|([^:[\]]*))(?::([^:[\]]*))?$/.exec(hostAndPort) ?? []
  const host = bracketed ?? plain
  if (host === undefined) {
    return refuse(
      hostAndPort.includes("[") || hostAndPort.includes("]")
        ? "its host is no IPv6 address in brackets"
        : "it has more than one colon: an IPv6 address goes in brackets, as in [::1]:9001"
    )
  }
  if (host === "") return refuse("it has no host")
  if (!isHost(host)) return refuse(`"${host}" is neither a host name nor an IP address`)

  if (portText === undefined && scheme === undefined) return refuse("it has no port")
  const port = portText === undefined ? 80 : parsePort(portText)
  if (port === undefined) return refuse(`its port is "${portText}", not a number from 1 to 65535`)

  const name = host.toLowerCase()
  return Result.succeed({
    host: bracketed === undefined ? name : name.slice(1, -1),
    port,
    prefix,
    authority: port === 80 ? name : `${name}:${port}`
  })
}

const splitScheme = (text: string): { readonly scheme: string | undefined; readonly rest: string } => {
  const match = /^([A-Za-z][A-Za-z0-9+.-]*):\/\//.exec(text)
  return match === null
    ? { scheme: undefined, rest: text }
    : { scheme: match[1]?.toLowerCase(), rest: text.slice(match[0].length) }
}

/** A host name may hold `_`, as container names do; `URL` knows what a valid IP address is. */
const isHost = (host: string): boolean => /^(\[.*\]|[A-Za-z0-9._-]+)$/.test(host) && URL.canParse(`http://${host}/`)

const parsePort = (text: string): number | undefined => {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  return port >= 1 && port <= 65_535 ? port : undefined
}
