import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as functionName from "../src/internal/local/invoke/functionName.ts"

const parse = functionName.parse

/** The error that a caller gets, and what it says. */
const refusal = (name: string, qualifier?: string) => {
  const result = parse(name, qualifier)
  if (Result.isSuccess(result)) return undefined
  const { body, errorType, status } = result.failure
  return { status, errorType, message: body["message"] ?? "" }
}

const name = Schema.String.check(Schema.isPattern(/^[a-zA-Z0-9_-]{1,64}$/))
const qualifier = Schema.String.check(Schema.isPattern(/^(\$LATEST|\$LATEST\.PUBLISHED|[a-zA-Z0-9_-]{1,64})$/))
const account = Schema.String.check(Schema.isPattern(/^\d{12}$/))
const region = Schema.Literals(["us-east-1", "eu-central-1", "us-gov-west-1", "us-iso-east-1", "eusc-de-east-1"])
const partition = Schema.Literals(["aws", "aws-cn", "aws-us-gov", "aws-eusc"])

/** Every form that the API's page explains. */
const named = Arbitrary.map(
  Arbitrary.all({
    account: Arbitrary.schema(account),
    form: Arbitrary.schema(Schema.Literals(["name", "partial ARN", "full ARN"])),
    name: Arbitrary.schema(name),
    partition: Arbitrary.schema(partition),
    region: Arbitrary.schema(region)
  }),
  ({ account, form, name, partition, region }) => ({
    name,
    text: form === "name"
      ? name
      : form === "partial ARN"
      ? `${account}:function:${name}`
      : `arn:${partition}:lambda:${region}:${account}:function:${name}`
  })
)

describe("the name of a function", () => {
  it.prop("may have any of the documented forms", { named }, ({ named }) => {
    assert.deepStrictEqual(parse(named.text, undefined), Result.succeed({ name: named.name, qualifier: undefined }))
  })

  it.prop("may end in a qualifier", { named, qualifier }, ({ named, qualifier }) => {
    const expected = Result.succeed({ name: named.name, qualifier })
    assert.deepStrictEqual(parse(`${named.text}:${qualifier}`, undefined), expected)
    assert.deepStrictEqual(parse(`${named.text}:${qualifier}`, ""), expected)
    assert.deepStrictEqual(parse(`${named.text}:${qualifier}`, qualifier), expected)
  })

  it.prop("may come with a qualifier of its own", { named, qualifier }, ({ named, qualifier }) => {
    assert.deepStrictEqual(parse(named.text, qualifier), Result.succeed({ name: named.name, qualifier }))
  })

  it.prop("is never taken for something that it does not contain", { text: Schema.String }, ({ text }) => {
    const result = parse(text, undefined)
    if (Result.isSuccess(result)) {
      assert.strictEqual(functionName.qualifiedArn(result.success.name, result.success.qualifier), text)
    } else assert.strictEqual(result.failure.errorType, "ValidationException")
  })

  it("is the name of a function that is called function, too", () => {
    assert.deepStrictEqual(parse("function:live", undefined), Result.succeed({ name: "function", qualifier: "live" }))
    assert.deepStrictEqual(
      parse("123456789012:function:function:live", undefined),
      Result.succeed({ name: "function", qualifier: "live" })
    )
  })

  it("must not contradict the qualifier", () => {
    assert.deepStrictEqual(refusal("hello:live", "test"), {
      status: 400,
      errorType: "InvalidParameterValueException",
      message: "The derived qualifier from the function name does not match the specified qualifier."
    })
  })

  it.each([
    "",
    " ",
    "hello world",
    "héllo",
    "hello:",
    ":live",
    "hello:$OLDEST",
    "hello:live:more",
    "hello/world",
    "12345678901:function:hello",
    "123456789012:layer:hello",
    "123456789012:function:",
    "arn:aws:s3:us-east-1:123456789012:function:hello",
    "arn:aws:lambda:us-east-1:123456789012:layer:hello",
    "arn:aws:lambda:us-east-1::function:hello",
    "arn:aws:lambda:us-east-1:123456789012:function:",
    "arn:aws:lambda:us-east-1:123456789012:function:hello:",
    "arn:azure:lambda:us-east-1:123456789012:function:hello",
    "hello\nworld"
  ])("is not %j", (text) => {
    const refused = refusal(text)
    assert.strictEqual(refused?.status, 400)
    assert.strictEqual(refused?.errorType, "ValidationException")
    assert.include(
      refused?.message,
      `Value '${text}' at 'functionName' failed to satisfy constraint: Member must satisfy regular expression pattern: `
    )
  })

  it("has 256 characters at most", () => {
    assert.isUndefined(refusal("x".repeat(256)))
    assert.match(refusal("x".repeat(257))?.message ?? "", /Member must have length less than or equal to 256$/)
  })

  it.each(["a b", "a:b", "é", "$LATEST.x"])("does not have the qualifier %j", (text) => {
    const refused = refusal("hello", text)
    assert.strictEqual(refused?.errorType, "ValidationException")
    assert.include(refused?.message, `Value '${text}' at 'qualifier' failed to satisfy constraint`)
  })

  it("has a qualifier of 128 characters at most", () => {
    assert.isUndefined(refusal("hello", "x".repeat(128)))
    assert.match(refusal("hello", "x".repeat(129))?.message ?? "", /Member must have length less than or equal to 128$/)
  })
})
