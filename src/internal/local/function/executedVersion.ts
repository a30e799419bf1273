/**
 * The version that runs when a qualifier is asked for. Locally there is one function behind all of them, so an alias
 * means the unpublished version, and a number is taken at its word.
 *
 * https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
import { version } from "./functionArn.ts"

export const executedVersion = (qualifier: string | undefined): string =>
  qualifier !== undefined && /^\d+$/.test(qualifier) ? qualifier : version
