/**
 * What a lost or refused connection is called, in words that tell what to look at.
 *
 * https://nodejs.org/api/errors.html#common-system-errors
 */
export interface SystemError {
  readonly code?: string | undefined
  readonly message: string
  readonly name: string
}

export const describe = ({ code, message, name }: SystemError): string => {
  switch (code) {
    case "ECONNREFUSED":
      return "nothing listens there (ECONNREFUSED)"
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `the host name is not known (${code})`
    case "ECONNRESET":
    case "EPIPE":
    case "UND_ERR_SOCKET":
      return `the connection was reset (${code})`
    default:
      return message === "" ? code ?? name : message
  }
}
