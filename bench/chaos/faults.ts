/**
 * Everything that can go wrong, in the words of the summary.
 */

/** What happens to the poll that would get the event. The next one gets it. */
export const pollFaults = {
  empty: "204, no event",
  status: "a status that no poll gets",
  garbage: "no HTTP, malformed or oversize",
  resetAtOnce: "reset as soon as it is there",
  endAtOnce: "closed as soon as it is there",
  resetLater: "reset after a while",
  endLater: "closed after a while",
  outage: "the server restarts: all connections reset, new ones refused"
} as const

/** What is wrong with the event, or comes right behind it on its connection. */
export const eventFaults = {
  cutByReset: "reset inside",
  cutByEnd: "closed inside",
  thenReset: "reset right behind it",
  thenEnd: "closed right behind it",
  thenGarbage: "garbage right behind it",
  thenUnsolicited: "a response that nobody asked for behind it",
  noDeadline: "no deadline",
  badDeadline: "malformed deadline",
  noArn: "no function ARN",
  badClientContext: "malformed client context",
  badIdentity: "malformed Cognito identity",
  noRequestId: "no request id"
} as const

/** What happens to an answer or the report of an error. */
export const postFaults = {
  resetBefore: "reset before it is read",
  resetInside: "reset while it is read",
  resetAfter: "reset when it is read",
  resetLater: "left without a word, then reset",
  endBefore: "half closed before it is read: no word can come back",
  endAfter: "closed when it is read",
  resetInVerdict: "reset inside what Lambda says to it",
  endInVerdict: "closed inside what Lambda says to it",
  thenReset: "reset right behind what Lambda says to it",
  thenEnd: "closed right behind what Lambda says to it",
  thenGarbage: "garbage right behind what Lambda says to it",
  thenUnsolicited: "a response that nobody asked for behind it",
  readSlowly: "read slowly",
  refused: "refused with 4xx",
  refusedEarly: "refused with 413 before it is read",
  failed: "5xx",
  oddStatus: "a status that no answer gets",
  garbage: "no HTTP, malformed or oversize"
} as const

/** How one of several threads dies in the middle of its invocations. */
export const threadDeaths = {
  exit: "process.exit",
  crash: "an exception that nobody catches",
  outOfMemory: "its memory is used up"
} as const

/** What is said to the internal extension when a process starts. */
export const registrationFaults = {
  refused: "refused",
  reset: "reset",
  garbage: "no HTTP, malformed or oversize",
  anonymous: "no identifier"
} as const

/** How a response is put into HTTP. */
export const dresses = {
  chunked: "chunked, with extensions and trailers",
  close: "Connection: close",
  http10: "HTTP/1.0",
  http10KeepAlive: "HTTP/1.0 with keep-alive",
  untilClose: "no length: ends with its connection",
  interim: "interim responses (1xx) before it",
  oddHeaders: "unusual case, blanks, repeated and many headers"
} as const

/** In what pieces a response is sent. */
export const manners = {
  split: "in pieces",
  byteByByte: "byte by byte",
  slow: "in pieces, slowly"
} as const

export type PollFault = keyof typeof pollFaults | "none"
export type EventFault = keyof typeof eventFaults | "none"
export type RegistrationFault = keyof typeof registrationFaults | "none"
export type PostFault = keyof typeof postFaults | "none"
export type Dress = keyof typeof dresses | "plain"
export type Manner = keyof typeof manners | "whole"
