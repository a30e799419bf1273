import { assert, describe, it } from "vitest"
import * as awsProblem from "../src/cli/awsProblem.ts"

const named = (name: string, message: string) => Object.assign(new Error(message), { name })

const coded = (code: string, message: string) => Object.assign(new Error(message), { code })

describe("what the AWS SDK says", () => {
  it.each([
    [
      named("ExpiredToken", "The token is expired."),
      "ExpiredToken",
      "The token is expired: sign in again, as with aws sso login or aws login"
    ],
    [
      named("CredentialsProviderError", "The SSO session has expired. To refresh it run aws sso login."),
      "CredentialsProviderError",
      "The SSO session has expired. To refresh it run aws sso login"
    ],
    [
      coded("ENOTFOUND", "getaddrinfo ENOTFOUND lambda.eu-centrl-1.amazonaws.com"),
      "ENOTFOUND",
      "getaddrinfo ENOTFOUND lambda.eu-centrl-1.amazonaws.com: is the region right, and can AWS be reached from here?"
    ],
    // Several addresses, none of which answers.
    [coded("ECONNREFUSED", ""), "ECONNREFUSED", "ECONNREFUSED: is the region right, and can AWS be reached from here?"],
    [
      named("InvalidParameterValueException", "The role defined for the function cannot be assumed by Lambda."),
      "InvalidParameterValueException",
      "The role defined for the function cannot be assumed by Lambda: " +
      "the role has to be there, and its trust policy has to name lambda.amazonaws.com"
    ],
    [named("ThrottlingException", "Rate exceeded"), "ThrottlingException", "Rate exceeded"],
    ["a word", "Error", "a word"]
  ])("%s is told with what to do", (error, type, description) => {
    assert.deepStrictEqual(awsProblem.describe(error), { type, description })
  })
})
