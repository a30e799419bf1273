/**
 * The variables that a function finds where it runs on this machine.
 */

export interface LocalFunction {
  readonly name: string
  /** What Lambda would have unpacked. */
  readonly folder: string
}

/** Those of a function on Lambda, and nothing of the environment of this process: none of its credentials. */
export const make = ({ folder, name }: LocalFunction, address: string): Readonly<Record<string, string>> => ({
  AWS_LAMBDA_RUNTIME_API: address,
  AWS_LAMBDA_FUNCTION_NAME: name,
  AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "1024",
  AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
  AWS_LAMBDA_LOG_STREAM_NAME: "local",
  AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
  // The SDK would otherwise look for credentials in the network.
  AWS_EC2_METADATA_DISABLED: "true",
  LAMBDA_TASK_ROOT: folder,
  _HANDLER: "index.handler",
  TZ: ":UTC"
})

/**
 * With what else every function finds on Lambda: a region, and credentials, which are nobody's here. So a layer that
 * reads them can be built, and whatever it asks of AWS is refused.
 */
export const makeAlone = (local: LocalFunction, address: string): Readonly<Record<string, string>> => ({
  ...make(local, address),
  AWS_REGION: "us-east-1",
  AWS_DEFAULT_REGION: "us-east-1",
  AWS_ACCESS_KEY_ID: "nobody",
  AWS_SECRET_ACCESS_KEY: "nobody",
  AWS_SESSION_TOKEN: "nobody"
})
