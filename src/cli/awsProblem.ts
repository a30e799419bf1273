/**
 * What the AWS SDK says, and what to do where it says too little.
 */

export interface AwsProblem {
  /** As in `ResourceConflictException`. */
  readonly type: string
  readonly description: string
}

export const describe = (error: unknown): AwsProblem => {
  const { message, name } = error instanceof Error ? error : new Error(String(error))
  const code = error instanceof Error && "code" in error ? String(error.code) : ""
  // Where a name has several addresses, none of which answers, there is a code and no message.
  const description = (message || code || name).replace(/\.\s*$/, "")
  const advice = adviceOn(name, message, code)
  return { type: name === "Error" && code !== "" ? code : name, description: withAdvice(description, advice) }
}

const withAdvice = (description: string, advice: string | undefined): string =>
  advice === undefined ? description : `${description}: ${advice}`

const adviceOn = (name: string, message: string, code: string): string | undefined => {
  if (message === "Region is missing") return "name it with --region, or in AWS_REGION"
  if (message.includes("cannot be assumed by Lambda")) {
    return "the role has to be there, and its trust policy has to name lambda.amazonaws.com"
  }
  // It says so itself.
  if (message.includes("aws sso login")) return undefined
  return advice.get(name) ?? advice.get(code)
}

const signIn = "sign in again, as with aws sso login or aws login"
const checkKeys = "look at the keys of the profile, or sign in again"
const checkPlace = "is the region right, and can AWS be reached from here?"

/** By the name of an error, or by its code. */
const advice: ReadonlyMap<string, string> = new Map([
  ["CredentialsProviderError", "name a profile with --profile, or sign in as for the AWS CLI"],
  ["ExpiredTokenException", signIn],
  ["ExpiredToken", signIn],
  ["RequestExpired", signIn],
  ["UnrecognizedClientException", checkKeys],
  ["InvalidClientTokenId", checkKeys],
  ["InvalidSignatureException", `${checkKeys}, and at the clock of this machine`],
  ["SignatureDoesNotMatch", `${checkKeys}, and at the clock of this machine`],
  ["AccessDeniedException", "whoever you are signed in as needs that permission"],
  ["AccessDenied", "whoever you are signed in as needs that permission"],
  ["ENOTFOUND", checkPlace],
  ["EAI_AGAIN", checkPlace],
  ["ECONNREFUSED", checkPlace],
  ["ETIMEDOUT", checkPlace],
  ["TimeoutError", checkPlace]
])
