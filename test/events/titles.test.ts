/** The title of an event's schema says of a handler what the recognizer says of such an event. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import * as SchemaAST from "effect/SchemaAST"
import * as Alexa from "../../src/events/Alexa.ts"
import * as ApiGatewayV1 from "../../src/events/ApiGatewayV1.ts"
import * as ApiGatewayV2 from "../../src/events/ApiGatewayV2.ts"
import * as CloudFormation from "../../src/events/CloudFormation.ts"
import * as CodeBuild from "../../src/events/CodeBuild.ts"
import * as Cognito from "../../src/events/Cognito.ts"
import * as EventBridge from "../../src/events/EventBridge.ts"
import * as FunctionUrl from "../../src/events/FunctionUrl.ts"
import * as LexV1 from "../../src/events/LexV1.ts"
import * as LexV2 from "../../src/events/LexV2.ts"
import * as S3 from "../../src/events/S3.ts"
import * as Sns from "../../src/events/Sns.ts"
import * as Sqs from "../../src/events/Sqs.ts"
import * as Handler from "../../src/Handler.ts"
import { recognize } from "../../src/internal/eventSource.ts"
import * as Invocation from "../../src/Invocation.ts"
import { modules } from "./modules.ts"

const shapes = modules.flatMap(({ shapes }) => shapes).filter(({ kind }) => kind === "request")

/** What stands in events, and is never one. */
const parts = new Set([
  "AppSync.Identity",
  "CloudTrail.Detail",
  "CloudWatchAlarm.ReasonData",
  "ControlTower.LifecycleEvent.fields.detail",
  "DynamoDb.KinesisRecord",
  "DynamoDb.kinesisRecordOf",
  // The rule says what is in it.
  "Iot.RuleEvent"
])

const events = shapes.filter(({ name }) => !parts.has(name))

/** Samples, by their places among those of their shapes, that have nothing by which they could be told. */
const withoutSigns: Readonly<Record<string, ReadonlyArray<number>>> = {
  // Batches of nothing, and of what a program makes of records.
  "AppSync.BatchResolverEvent": [1],
  "Pipes.Event": [3, 4],
  "Pipes.eventOf": [0, 1],
  "Pipes.eventOf(RabbitMq.Message)": [0],
  "Sqs.Event": [2],
  // `{ describe: true }` and `{ token }`.
  "CloudWatchWidget.Event": [1],
  "CloudWatchWidget.eventOf": [1],
  "Iot.DeprecatedCustomAuthorizerEvent": [1]
}

/** Samples that are recognized as what is one of the members of their schema alone. */
const members: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  "S3.Notification": { 1: "an S3 test event" }
}

const titleOf = ({ ast }: Schema.Constraint) => SchemaAST.resolveTitle(ast)

describe("the title of an event's schema", () => {
  it.each(events)("is what the events of $name are recognized as", ({ name, samples, schema }) => {
    const title = titleOf(schema)
    assert.isDefined(title)
    assert.deepStrictEqual(
      samples.map((sample) => recognize(JSON.parse(JSON.stringify(sample)))),
      samples.map((_, index) => withoutSigns[name]?.includes(index) ? undefined : members[name]?.[index] ?? title)
    )
  })

  it("is that of a sender, which there are many of", () => {
    assert.isAbove(new Set(events.map(({ schema }) => titleOf(schema))).size, 50)
  })

  it.each(shapes.filter(({ name }) => parts.has(name)))("is none of $name, which is a part of one", ({ schema }) => {
    assert.isUndefined(titleOf(schema))
  })

  it("leaves what a schema has besides", () => {
    assert.deepStrictEqual(Object.keys(Sqs.Event.fields), ["Records"])
    assert.include(Object.keys(ApiGatewayV2.Event.schema.fields), "routeKey")
    assert.include(Object.keys(Cognito.PreSignUpEvent.fields), "triggerSource")
    assert.strictEqual(S3.Notification.members.length, 2)
  })
})

/** The last line of what a handler says of an event that is not the one that it expects. */
const lastLineOf = (event: Schema.Constraint & { readonly DecodingServices: never }, payload: unknown) => {
  const handler = Handler.make({ event }, () => Effect.void)
  const invocation = Invocation.make({ requestId: "id", payload: Buffer.from(JSON.stringify(payload)) })
  return Effect.map(
    Effect.flip(Effect.provideService(handler, Invocation.Invocation, invocation)),
    ({ message }) => message.split("\n").at(-1)
  )
}

describe("a handler that gets an event of another sender", () => {
  const handlers: ReadonlyArray<
    readonly [string, unknown, Schema.Constraint & { readonly DecodingServices: never }, string]
  > = [
    ["an API Gateway REST event", ApiGatewayV1.sample(), Sqs.Event, "an SQS event"],
    ["an API Gateway REST event", ApiGatewayV1.sample(), ApiGatewayV2.Event, "an API Gateway HTTP API event"],
    ["a Lambda function URL event", FunctionUrl.sample(), ApiGatewayV1.Event, "an API Gateway REST event"],
    ["an SQS event", Sqs.sample(), Sns.eventOf(S3.Event), "an SNS event"],
    ["an SNS event", Sns.sample(), Sqs.eventOf(Sns.Notification), "an SQS event"],
    ["an SNS notification event", Sns.sampleNotification(), Sns.Event, "an SNS event"],
    ["an S3 test event", S3.sampleTestEvent(), S3.Event, "an S3 event"],
    ["an EventBridge event", EventBridge.sample(), S3.Notification, "an S3 event"],
    ["an S3 event", S3.sample(), CodeBuild.BuildStateChange, "an EventBridge event"],
    ["a Lex V1 event", LexV1.sample(), LexV2.Event, "a Lex V2 event"],
    ["an Alexa event", Alexa.sample(), Cognito.PreSignUpEvent, "a Cognito user pool event"],
    [
      "a Cognito user pool event",
      Cognito.samplePreSignUpEvent(),
      CloudFormation.Event,
      "a CloudFormation custom resource event"
    ]
  ]

  it.effect.each(handlers)(
    "says of %s what it expects",
    ([found, payload, schema, expected]) =>
      Effect.gen(function*() {
        assert.strictEqual(
          yield* lastLineOf(schema, payload),
          `this looks like ${found}; the handler expects ${expected}`
        )
      })
  )
})

describe("a handler that gets an event of the right sender, which lacks something", () => {
  it.effect("says only what that is", () =>
    Effect.gen(function*() {
      const [record] = Sqs.sample().Records
      assert.strictEqual(
        yield* lastLineOf(Sqs.Event, { Records: [{ ...record, body: 7 }] }),
        "  Records[0].body: Expected string, got 7"
      )
    }))
})
