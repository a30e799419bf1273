/**
 * What the compiler must infer of events, and what it must take for their results, without a cast. Compiled by
 * `npm run check`, never run.
 */
import * as Alexa from "effect-lambda-runtime/events/Alexa"
import * as ApiGatewayV1 from "effect-lambda-runtime/events/ApiGatewayV1"
import * as ApiGatewayV2 from "effect-lambda-runtime/events/ApiGatewayV2"
import * as AppSync from "effect-lambda-runtime/events/AppSync"
import * as Authorizer from "effect-lambda-runtime/events/Authorizer"
import * as BedrockAgent from "effect-lambda-runtime/events/BedrockAgent"
import * as CdkProvider from "effect-lambda-runtime/events/CdkProvider"
import * as CloudFormation from "effect-lambda-runtime/events/CloudFormation"
import * as Cognito from "effect-lambda-runtime/events/Cognito"
import * as DynamoDb from "effect-lambda-runtime/events/DynamoDb"
import * as EventBridge from "effect-lambda-runtime/events/EventBridge"
import * as Firehose from "effect-lambda-runtime/events/Firehose"
import * as Iot from "effect-lambda-runtime/events/Iot"
import * as Kinesis from "effect-lambda-runtime/events/Kinesis"
import * as LambdaEdge from "effect-lambda-runtime/events/LambdaEdge"
import * as LexV1 from "effect-lambda-runtime/events/LexV1"
import * as LexV2 from "effect-lambda-runtime/events/LexV2"
import * as S3 from "effect-lambda-runtime/events/S3"
import * as S3Batch from "effect-lambda-runtime/events/S3Batch"
import * as Sns from "effect-lambda-runtime/events/Sns"
import * as Sqs from "effect-lambda-runtime/events/Sqs"
import * as TransferFamily from "effect-lambda-runtime/events/TransferFamily"
import * as Handler from "effect-lambda-runtime/Handler"
import type * as BigDecimal from "effect/BigDecimal"
import type * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { type Equal, same } from "./equal.ts"

class Order
  extends Schema.Class<Order>("types/events/Order")({ id: Schema.String, at: Schema.DateTimeUtcFromString })
{}

// Payloads are what their schemas make of them, through every layer.

Handler.make({ event: Sqs.eventOf(Sns.notificationOf(Order)) }, ({ Records: [record] }) => {
  same<Equal<typeof record, Sqs.eventOf<Sns.notificationOf<typeof Order>>["Type"]["Records"][number] | undefined>>()
  return Effect.log(record?.body.Message.at satisfies DateTime.Utc | undefined)
})

Handler.make({ event: EventBridge.eventOf("order.placed", Order) }, (event) => {
  same<Equal<(typeof event)["detail-type"], "order.placed">>()
  same<Equal<typeof event.detail, Order>>()
  return Effect.void
})

Handler.make(
  { event: Sqs.eventOf(Schema.Union([S3.Event, S3.TestEvent])) },
  ({ Records }) =>
    Effect.forEach(
      Records,
      ({ body }) => "Records" in body ? Effect.log(body.Records[0]?.s3.object.key) : Effect.void,
      {
        discard: true
      }
    )
)

const Item = Schema.Struct({ price: Schema.BigDecimal, serial: Schema.BigInt, tags: Schema.ReadonlySet(Schema.String) })

Handler.make(
  { event: DynamoDb.eventOf({ key: Schema.Struct({ id: Schema.String }), item: Item }) },
  ({ Records }) =>
    Effect.forEach(Records, ({ dynamodb: { Keys, NewImage } }) => {
      same<Equal<typeof Keys.id, string>>()
      same<
        Equal<
          typeof NewImage,
          | { readonly price: BigDecimal.BigDecimal; readonly serial: bigint; readonly tags: ReadonlySet<string> }
          | null
          | undefined
        >
      >()
      return Effect.void
    }, { discard: true })
)

// Results are built from literals, and from what the event had.

Handler.make(
  { event: ApiGatewayV2.eventOf(Order), result: ApiGatewayV2.Result },
  ({ body }) =>
    body.id === ""
      ? Effect.succeed({ statusCode: 404 })
      : Effect.succeed({ statusCode: 200, headers: { "x-count": 1 }, body: body.id, cookies: undefined })
)

Handler.make(
  { event: ApiGatewayV1.Event, result: ApiGatewayV1.Result },
  ({ body, queryStringParameters }) =>
    Effect.succeed({ statusCode: 200, body: body ?? "", headers: { page: queryStringParameters?.["page"] ?? "1" } })
)

Handler.make(
  { event: Authorizer.TokenEvent, result: Authorizer.PolicyResult },
  Effect.fnUntraced(function*({ authorizationToken, methodArn }) {
    yield* Effect.log(authorizationToken)
    const isKnown = Redacted.value(authorizationToken) === "Bearer sesame"
    return {
      principalId: "jane",
      policyDocument: {
        Statement: [{ Effect: isKnown ? "Allow" : "Deny", Action: "execute-api:Invoke", Resource: methodArn }]
      },
      context: { level: 3, name: "jane", trusted: true }
    }
  })
)

Handler.make(
  { event: Cognito.PreSignUpEvent, result: Cognito.PreSignUpEvent },
  (event) => Effect.succeed({ ...event, response: { ...event.response, autoConfirmUser: true } })
)

Handler.make(
  { event: Cognito.PreTokenGenerationV2Event, result: Cognito.PreTokenGenerationV2Event },
  (event) =>
    Effect.succeed(Cognito.respond(event, {
      claimsAndScopeOverrideDetails: {
        accessTokenGeneration: { claimsToAddOrOverride: { roles: ["a", { level: 1 }] }, scopesToAdd: ["orders"] }
      }
    }))
)

Handler.make(
  { event: Firehose.Event, result: Firehose.Result },
  ({ records }) => Effect.succeed({ records: records.map(({ data, recordId }) => ({ recordId, result: "Ok", data })) })
)

Handler.make(
  { event: Kinesis.WindowEvent, result: Kinesis.WindowResult },
  ({ Records, state }) => Effect.succeed({ state: { ...state, count: Records.length }, batchItemFailures: [] })
)

Handler.make(
  { event: LambdaEdge.RequestEvent, result: LambdaEdge.RequestResult },
  ({ Records: [record] }) => Effect.succeed(record === undefined ? null : { ...record.cf.request, uri: "/index.html" })
)

Handler.make(
  { event: S3Batch.EventV1, result: S3Batch.Result },
  ({ invocationId, invocationSchemaVersion, tasks }) =>
    Effect.succeed({
      invocationSchemaVersion,
      invocationId,
      treatMissingKeysAs: "PermanentFailure",
      results: tasks.map(({ s3Key, taskId }) => ({ taskId, resultCode: "Succeeded", resultString: s3Key }))
    })
)

Handler.make(
  { event: CloudFormation.eventOf(Schema.Struct({ Size: Schema.FiniteFromString })) },
  (event) =>
    event.RequestType === "Delete"
      ? Effect.log(CloudFormation.respond(event, { Status: "SUCCESS" }), event.PhysicalResourceId)
      : Effect.log(event.ResourceProperties.Size satisfies number)
)

Handler.make(
  { event: CdkProvider.OnEventRequest, result: CdkProvider.OnEventResponse },
  (event) =>
    Effect.succeed(
      event.RequestType === "Create" ? { Data: { size: 1 } } : { PhysicalResourceId: event.PhysicalResourceId }
    )
)

Handler.make(
  {
    event: AppSync.resolverEventOf({ arguments: Schema.Struct({ id: Schema.String }), source: Schema.Unknown }),
    result: Schema.Json
  },
  (event) => Effect.succeed({ id: event.arguments.id })
)

Handler.make(
  { event: TransferFamily.IdentityProviderEvent, result: TransferFamily.IdentityProviderResult },
  ({ password }) =>
    Effect.succeed(
      password === undefined
        ? {}
        : { Role: "arn", HomeDirectoryType: "LOGICAL", HomeDirectoryDetails: [{ Entry: "/", Target: "/bucket" }] }
    )
)

Handler.make({ event: Iot.CustomAuthorizerEvent, result: Iot.CustomAuthorizerResult }, () =>
  Effect.succeed({
    isAuthenticated: true,
    principalId: "device",
    disconnectAfterInSeconds: 86_400,
    refreshAfterInSeconds: 300,
    policyDocuments: [{
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: "iot:Connect", Resource: "*" }]
    }]
  }))

// What is kept for a session is given back as it came, null as well.

Handler.make({ event: LexV2.Event, result: LexV2.Result }, ({ requestAttributes, sessionState }) =>
  Effect.succeed({
    sessionState: { ...sessionState, dialogAction: { type: "Close" } },
    messages: [{ contentType: "PlainText", content: "Done" }],
    requestAttributes
  }))

Handler.make(
  { event: LexV1.Event, result: LexV1.Result },
  ({ currentIntent, sessionAttributes }) =>
    Effect.succeed({ sessionAttributes, dialogAction: { type: "Delegate", slots: currentIntent.slots } })
)

Handler.make(
  { event: BedrockAgent.FunctionEvent, result: BedrockAgent.FunctionResult },
  ({ actionGroup, function: name, messageVersion, promptSessionAttributes, sessionAttributes }) =>
    Effect.succeed({
      messageVersion,
      sessionAttributes,
      promptSessionAttributes,
      response: { actionGroup, function: name, functionResponse: { responseBody: { TEXT: { body: "sent" } } } }
    })
)

Handler.make({ event: Alexa.Event, result: Alexa.Result }, ({ session }) =>
  Effect.succeed({
    version: "1.0",
    sessionAttributes: session?.attributes,
    response: { outputSpeech: { type: "PlainText", text: "Hello" }, shouldEndSession: true }
  }))

// What AWS would not take is refused.

Handler.make(
  { event: ApiGatewayV2.Event, result: ApiGatewayV2.Result },
  // @ts-expect-error a body is text
  () => Effect.succeed({ statusCode: 200, body: { id: 1 } })
)

Handler.make(
  { event: Authorizer.TokenEvent, result: Authorizer.PolicyResult },
  // @ts-expect-error a REST API takes no lists in the context
  () => Effect.succeed({ principalId: "jane", policyDocument: { Statement: [] }, context: { roles: ["a"] } })
)

Handler.make(
  { event: S3Batch.EventV1, result: S3Batch.Result },
  // @ts-expect-error there are three codes
  () => Effect.succeed({ invocationSchemaVersion: "1.0", invocationId: "", treatMissingKeysAs: "Failed", results: [] })
)
