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
  const advice = adviceOn(name, message)
  return { type: name, description: `${message || name}${advice === undefined ? "" : `: ${advice}`}` }
}

const adviceOn = (name: string, message: string): string | undefined => {
  if (message === "Region is missing") return "name it with --region, or in AWS_REGION"
  if (name !== "CredentialsProviderError") return undefined
  return "name a profile with --profile, or sign in as for the AWS CLI"
}
