/**
 * The environment of a function that is developed: what Lambda sets, and what its developer does.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 */
import * as functionVariables from "../functionVariables.ts"

export interface Options {
  readonly name: string
  /** What Lambda would have unpacked. */
  readonly folder: string
  readonly runtimeApi: string
  /** In `.env` files. */
  readonly inFiles: Readonly<Record<string, string>>
  /** From the command line. */
  readonly environment: Readonly<Record<string, string>>
  /** How many invocations it serves at a time as on Managed Instances, if it is to be as there. */
  readonly managed: number | undefined
}

/** In MB. On Managed Instances a function has 2 GB at least. */
export const memorySize = (managed: number | undefined): number => managed === undefined ? 1024 : 2048

export const make = (options: Options): Readonly<Record<string, string | undefined>> => {
  const { free, reserved } = ofLambda(options)
  return { ...free, ...options.inFiles, ...options.environment, ...reserved }
}

/** Those that no developer can set on Lambda either. */
export const reservedIn = (environment: Readonly<Record<string, string>>): ReadonlyArray<string> => {
  const { reserved } = ofLambda({ name: "", folder: "", runtimeApi: "", managed: undefined })
  return Object.keys(environment).filter((name) => name in reserved)
}

const ofLambda = (
  { folder, managed, name, runtimeApi }: Pick<Options, "folder" | "managed" | "name" | "runtimeApi">
) => {
  const { AWS_EC2_METADATA_DISABLED, TZ, ...always } = functionVariables.make({ name, folder }, runtimeApi)
  const reserved: Record<string, string | undefined> = {
    ...always,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memorySize(managed)),
    AWS_LAMBDA_INITIALIZATION_TYPE: managed === undefined ? "on-demand" : "lambda-managed-instances",
    // The shell's is for functions that are started by hand.
    AWS_LAMBDA_MAX_CONCURRENCY: managed === undefined ? undefined : String(managed)
  }
  const free: Record<string, string | undefined> = {
    AWS_EC2_METADATA_DISABLED,
    TZ,
    // There it cannot be chosen; here a person reads it.
    ...managed !== undefined && { AWS_LAMBDA_LOG_FORMAT: "JSON" }
  }
  return { free, reserved }
}
