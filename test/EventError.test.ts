import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaParser from "effect/SchemaParser"
import * as fs from "node:fs"
import * as path from "node:path"
import * as EventError from "../src/EventError.ts"
import * as Handler from "../src/Handler.ts"
import { recognize } from "../src/internal/eventSource.ts"
import * as foundValue from "../src/internal/foundValue.ts"
import * as Invocation from "../src/Invocation.ts"

/** The lines of what a handler with this schema says of an event, as JSON. */
const linesOf = (schema: Schema.Codec<unknown, unknown>, event: unknown) => {
  const decoded = SchemaParser.decodeUnknownResult(Schema.toCodecJson(schema))(event, { errors: "all" })
  return EventError.fromIssue(Result.getOrThrow(Result.flip(decoded)), { event }).message.split("\n").slice(1)
}

describe("an event of another shape", () => {
  it.effect.each<readonly [string, Schema.Codec<unknown, unknown>, unknown, string]>([
    ["a word", Schema.Finite, "old", "Expected number, got \"old\""],
    ["a date", Schema.Finite, "2026-11-18T11:06:40.123Z", "Expected number, got \"2026-11-18T11:06:40.123Z\""],
    ["no text", Schema.Finite, "", "Expected number, got \"\""],
    ["a word for any number", Schema.Number, "old", "Expected number, got \"old\""],
    ["a boolean for any number", Schema.Number, true, "Expected number, got true"],
    ["an array for any number", Schema.NullOr(Schema.Number), [], "Expected number | null, got an array of 0"],
    ["a number", Schema.String, 12.5, "Expected string, got 12.5"],
    ["a boolean", Schema.String, true, "Expected string, got true"],
    ["null", Schema.String, null, "Expected string, got null"],
    ["one of none of them", Schema.Literals(["a", "b"]), "c", "Expected \"a\" | \"b\", got \"c\""],
    [
      "what a check refuses",
      Schema.Finite.check(Schema.isGreaterThan(0)),
      -1,
      "Expected a value greater than 0, got -1"
    ],
    ["an array", Schema.String, ["secret"], "Expected string, got an array of 1"],
    ["an object", Schema.String, { a: "secret", b: 1 }, "Expected string, got an object with a, b"],
    ["an empty object", Schema.String, {}, "Expected string, got an object with no keys"],
    [
      "a large object",
      Schema.String,
      Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`${i}${"k".repeat(40)}`, "secret"])),
      `Expected string, got an object with ${
        Array.from({ length: 5 }, (_, i) => `${i}${"k".repeat(31)}`).join(", ")
      }, and 3 more`
    ],
    ["words", Schema.Finite, "a secret", "Expected number, got a text of 8 characters"],
    ["JSON in a text", Schema.Finite, "{\"a\":1}", "Expected number, got a text of 7 characters"],
    ["a long word", Schema.Finite, "s".repeat(33), "Expected number, got a text of 33 characters"]
  ])("says what it found: %s", ([_, schema, value, expected]) =>
    Effect.sync(() => {
      assert.deepStrictEqual(linesOf(Schema.Struct({ field: schema }), { field: value }), [`  field: ${expected}`])
    }))

  it("says of a field that is not there only that", () => {
    assert.deepStrictEqual(linesOf(Schema.Struct({ field: Schema.String }), {}), ["  field: Missing key"])
    assert.strictEqual(foundValue.describe({}, ["constructor"], []), "")
  })

  it("names the path as in TypeScript, and the event itself", () => {
    const List = Schema.Array(Schema.Struct({ "a key": Schema.Finite }))
    assert.deepStrictEqual(linesOf(Schema.Struct({ list: List }), { list: [{ "a key": 1 }, { "a key": "x" }] }), [
      "  list[1][\"a key\"]: Expected number, got \"x\""
    ])
    assert.deepStrictEqual(linesOf(List, "x"), ["  the root: Expected array, got \"x\""])
  })

  it("says nothing of what is in a text that holds JSON, but where", () => {
    const schema = Schema.Struct({ body: Schema.fromJsonString(Schema.Struct({ id: Schema.Finite })) })
    assert.deepStrictEqual(linesOf(schema, { body: "{\"id\":\"hunter2\"}" }), ["  body.id: Expected number"])
  })

  it("tells no secret", () => {
    const names = ["password", "clientSecret", "x-api-key", "Authorization", "accessToken", "set-cookie"]
    for (const name of names) {
      const lines = linesOf(Schema.Struct({ [name]: Schema.Struct({ inside: Schema.Finite }) }), {
        [name]: { inside: "hunter2" }
      })
      assert.match(lines[0] ?? "", /inside: Expected number, got string$/)
    }
    const Pin = Schema.Redacted(Schema.String.check(Schema.isMinLength(12)))
    assert.deepStrictEqual(linesOf(Schema.Struct({ pin: Pin }), { pin: 1234 }), ["  pin: Expected string, got number"])
    assert.notInclude(linesOf(Schema.Struct({ pin: Pin }), { pin: "1234" }).join(), "1234")
    const pin = Schema.Struct({ pin: Schema.RedactedFromValue(Schema.String) })
    assert.deepStrictEqual(linesOf(pin, { pin: 1234 }), ["  pin: Expected string, got number"])
    for (const schema of [Schema.NullOr, Schema.UndefinedOr, Schema.optionalKey]) {
      const lines = linesOf(Schema.Struct({ pin: schema(Schema.RedactedFromValue(Schema.String)) }), { pin: 1234 })
      assert.match(lines[0] ?? "", /^ {2}pin: Expected string.*, got number$/)
    }
  })

  it.each([
    ["password=hunter2", "Unexpected token 'p'"],
    [`{"list": [${"1, ".repeat(20)}hunter2, ${"1, ".repeat(20)}]}`, "Unexpected token 'h'"],
    ["{'password': 'hunter2'}", "Expected property name or '}' in JSON at position 1 (line 1 column 2)"]
  ])("tells nothing of what is no JSON: %s", (payload, expected) => {
    const error = Result.getOrThrow(Result.flip(Result.try((): unknown => JSON.parse(payload))))
    const { message } = EventError.malformedJson(error instanceof Error ? error.message : "")
    assert.strictEqual(message, `the event is not valid JSON: ${expected}`)
  })

  it("names 20 places, and how many more there are", () => {
    const lines = linesOf(Schema.Array(Schema.Finite), Array.from({ length: 1_000 }, () => "x"))
    assert.deepStrictEqual(lines.slice(-2), ["  [19]: Expected number, got \"x\"", "  and 980 more"])
    assert.strictEqual(lines.length, 21)
  })
})

/** What a handler fails with. */
const failureOf = (event: Schema.Constraint & { readonly DecodingServices: never }, payload: unknown) => {
  const handler = Handler.make({ event }, () => Effect.void)
  const invocation = Invocation.make({ requestId: "id", payload: Buffer.from(JSON.stringify(payload)) })
  return Effect.map(
    Effect.flip(Effect.provideService(handler, Invocation.Invocation, invocation)),
    ({ message }) => message.split("\n")
  )
}

const restEvent = {
  resource: "/",
  httpMethod: "GET",
  requestContext: { resourcePath: "/", httpMethod: "GET", authorizer: { token: "hunter2" } }
}

const Records = Schema.Struct({ Records: Schema.Array(Schema.Unknown) })

describe("a handler that gets an event of somebody else", () => {
  it.effect("says whose it is, and whose it expects", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* failureOf(Records.annotate({ title: "SQS" }), restEvent), [
        "the event does not have the shape that the handler expects",
        "  Records: Missing key",
        "this looks like an API Gateway REST event; the handler expects SQS"
      ])
    }))

  it.effect("knows its schema by its identifier too, and by the name of its class", () =>
    Effect.gen(function*() {
      class Order extends Schema.Class<Order>("Order")({ id: Schema.String }) {}
      for (const schema of [Records.annotate({ identifier: "Order" }), Order]) {
        assert.strictEqual(
          (yield* failureOf(schema, restEvent)).at(-1),
          "this looks like an API Gateway REST event; the handler expects Order"
        )
      }
    }))

  it.effect("says what is known, if that is less", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* failureOf(Records, restEvent)).at(-1), "this looks like an API Gateway REST event")
      assert.strictEqual(
        (yield* failureOf(Records.annotate({ title: "SQS" }), {})).at(-1),
        "the handler expects SQS"
      )
      assert.strictEqual((yield* failureOf(Records, {})).at(-1), "  Records: Missing key")
    }))
})

const folder = path.join(import.meta.dirname, "../../shared/fixtures/lambda-events")

const names: Readonly<Record<string, string>> = {
  "activemq": "an ActiveMQ",
  "alb": "an Application Load Balancer",
  "api-gateway-authorizer-request": "a Lambda authorizer",
  "api-gateway-authorizer-token": "a Lambda authorizer",
  "api-gateway-authorizer-v2": "a Lambda authorizer",
  "api-gateway-proxy-v1": "an API Gateway REST",
  "api-gateway-proxy-v2": "an API Gateway HTTP API",
  "api-gateway-websocket": "an API Gateway WebSocket",
  "appsync-authorizer": "an AppSync authorizer",
  "appsync-events": "an AppSync channel",
  "appsync-resolver": "an AppSync",
  "bedrock-agent": "a Bedrock agent",
  "cdk-custom-resource": "a CloudFormation custom resource",
  "cloudformation-custom-resource": "a CloudFormation custom resource",
  "cloudwatch-alarm": "a CloudWatch alarm",
  "cloudwatch-logs": "a CloudWatch Logs",
  "client-vpn": "a Client VPN",
  "codecommit": "a CodeCommit",
  "codepipeline-job": "a CodePipeline",
  "cognito": "a Cognito user pool",
  "cognito-sync": "a Cognito Sync",
  "config-rule": "an AWS Config",
  "connect-contact-flow": "an Amazon Connect",
  "connect-outbound-campaigns": "an Amazon Connect",
  "documentdb": "a DocumentDB",
  "dynamodb-stream": "a DynamoDB stream",
  "eventbridge": "an EventBridge",
  "firehose-transform": "a Firehose",
  "iot-1-click": "an IoT 1-Click",
  "iot-button": "an IoT button",
  "iot-custom-authorizer": "an IoT authorizer",
  "iot-pre-provisioning": "an IoT provisioning",
  "kafka": "a Kafka",
  "kinesis": "a Kinesis stream",
  "kinesis-analytics-output": "a Kinesis Analytics",
  "kinesis-stream": "a Kinesis stream",
  "lambda-function-url": "a Lambda function URL",
  "lex-v1": "a Lex V1",
  "rabbitmq": "a RabbitMQ",
  "s3": "an S3",
  "s3-batch": "an S3 Batch Operations",
  "s3-object-lambda": "an S3 Object Lambda",
  "secretsmanager-rotation": "a Secrets Manager rotation",
  "ses": "an SES",
  "sns": "an SNS",
  "sqs": "an SQS",
  "transfer-family-authorizer": "a Transfer Family",
  "vpc-lattice-v1": "a VPC Lattice",
  "vpc-lattice-v2": "a VPC Lattice"
}

/** Not part of the project: they are there where it is developed. */
describe.skipIf(!fs.existsSync(folder))("the sample events of AWS's libraries", () => {
  const index = fs.existsSync(folder) ? fs.readFileSync(path.join(folder, "INDEX.tsv"), "utf8").trim().split("\n") : []
  const samples = index.slice(1).flatMap((row) => {
    const [file = "", , type = "", kind] = row.split("\t")
    return kind === "event" ? [[file, type.split(":")[0] ?? ""] as const] : []
  })

  it.each(samples)("recognizes %s as %s", (file, type) => {
    const text = fs.readFileSync(path.join(folder, file), "utf8")
    assert.strictEqual(recognize(JSON.parse(text)), `${names[type]} event`, type)
  })
})

describe("recognize", () => {
  it.each<unknown>([
    null,
    "text",
    7,
    [],
    {},
    { Records: [] },
    { Records: null },
    { Records: [{ eventSource: "mine" }] },
    { requestContext: null },
    { requestContext: { domainName: { includes: null } } },
    { Records: { 0: 7 } },
    [[[]], null],
    { eventSource: {} },
    { eventSource: "constructor" },
    JSON.parse("{\"__proto__\":{\"detail-type\":\"x\"}}")
  ])("knows nothing of %j", (event) => {
    assert.isUndefined(recognize(event))
  })

  it.each<readonly [string, unknown]>([
    ["a Lambda destination event", { version: "1.0", requestContext: { condition: "Success" }, requestPayload: {} }],
    ["a Lex V2 event", { bot: { name: "b" }, sessionState: {} }],
    ["an S3 Batch Operations event", { invocationSchemaVersion: "2.0", tasks: [] }],
    ["a VPC Lattice event", { raw_path: "/", method: "GET", headers: {} }]
  ])("knows %s", (name, event) => {
    assert.strictEqual(recognize(event), name)
  })

  it("has one name for Kafka, whoever runs it", () => {
    for (const eventSource of ["aws:kafka", "SelfManagedKafka"]) {
      assert.strictEqual(recognize({ eventSource }), "a Kafka event")
    }
  })
})
