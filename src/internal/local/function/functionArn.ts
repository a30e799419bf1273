/**
 * Where the functions of the local server seem to be, and which version of them there is.
 *
 * https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */

const region = "us-east-1"

/** The account that AWS has for examples: https://docs.aws.amazon.com/general/latest/gr/docconventions.html */
export const accountId = "123456789012"

/** The version that every local function has. */
export const version = "$LATEST"

/** Without a version or an alias. */
export const make = (name: string): string => `arn:aws:lambda:${region}:${accountId}:function:${name}`
