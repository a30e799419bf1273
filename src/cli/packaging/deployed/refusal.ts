/**
 * What a function says that was loaded by the runtime that it is to replace.
 */

export const refusal =
  "this function brings its own runtime: set the environment variable AWS_LAMBDA_EXEC_WRAPPER to /var/task/bootstrap"
