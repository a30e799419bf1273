import { assert, describe, it } from "vitest"
import * as apiIntegration from "./support/apiIntegration.ts"
import * as samTemplate from "./support/samTemplate.ts"

const template = (resources: string) =>
  samTemplate.parse(`AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Resources:
${resources}`)

const queue = `
  Queue:
    Type: AWS::SQS::Queue
    Properties:`

const lambda = `
  Function:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: dist/x.zip
      Handler: index.handler`

const mistakes: ReadonlyArray<readonly [string, string, string]> = [
  [
    "a type that does not exist",
    "  Function: { Type: AWS::Serverless::Fun }",
    "Function: there is no AWS::Serverless::Fun"
  ],
  [
    "a misspelt property",
    `${lambda}
      TimeOut: 10`,
    "Function.TimeOut: no such property"
  ],
  [
    "a property of the wrong type",
    `${lambda}
      Timeout: long`,
    "Function.Timeout: not a number"
  ],
  ["a property that is missing", "  Api: { Type: AWS::Serverless::Api }", "Api: StageName is missing"],
  [
    "a value that is not allowed",
    `${lambda}
      RecursiveLoop: Maybe`,
    "Function.RecursiveLoop: Maybe is none of Allow, Terminate"
  ],
  [
    "a misspelt property deep inside",
    `${lambda}
      LoggingConfig: { Format: JSON }`,
    "Function.LoggingConfig.Format: no such property"
  ],
  [
    "an unknown event source",
    `${lambda}
      Events: { Tick: { Type: Clock } }`,
    "Function.Events.Tick.Type: Clock is no event source"
  ],
  [
    "an event source with a misspelt property",
    `${lambda}
      Events: { Tick: { Type: SQS, Properties: { Queue: a, ResponseTypes: [] } } }`,
    "Function.Events.Tick.Properties.ResponseTypes: no such property"
  ],
  [
    "a reference into nothing",
    `${queue} { QueueName: !Ref Name }`,
    "Resources.Queue.Properties.QueueName: there is no Name"
  ],
  [
    "an attribute that is not there",
    `${queue} { QueueName: !GetAtt Queue.Name }`,
    "Resources.Queue.Properties.QueueName: Queue has no Name"
  ],
  [
    "a text with a reference into nothing",
    `${queue} { QueueName: !Sub "a-\${Name}" }`,
    "Resources.Queue.Properties.QueueName: there is no Name"
  ],
  [
    "the URL of a function that has none",
    `${lambda}
      Description: !GetAtt FunctionUrl.FunctionUrl`,
    "Resources.Function.Properties.Description: there is no FunctionUrl"
  ],
  [
    "a misspelt property of instances",
    `${lambda}
      CapacityProviderConfig: { Arn: a, MaxConcurrency: 16 }`,
    "Function.CapacityProviderConfig.MaxConcurrency: no such property"
  ],
  [
    "instances of nobody",
    `${lambda}
      CapacityProviderConfig: { PerExecutionEnvironmentMaxConcurrency: 16 }`,
    "Function.CapacityProviderConfig: Arn is missing"
  ]
]

const streamed = "2021-11-15/functions/${Function.Arn}/response-streaming-invocations"
const buffered = "2015-03-31/functions/${Function.Arn}/invocations"

/** An API whose integration has this address, and what else it has. */
const api = (address: string, ...more: ReadonlyArray<string>) =>
  `${lambda}
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: prod
      DefinitionBody:
        paths:
          /orders:
            get:
              x-amazon-apigateway-integration:
                type: aws_proxy
                uri: !Sub "arn:aws:apigateway:\${AWS::Region}:lambda:path/${address}"
${more.map((line) => `                ${line}`).join("\n")}`

const role = (...actions: ReadonlyArray<string>) => `
  Role:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyDocument:
            Statement: [{ Effect: Allow, Action: [${actions.join(", ")}], Resource: !GetAtt Function.Arn }]`

const permission = (more: string) => `
  Permission:
    Type: AWS::Lambda::Permission
    Properties: { Action: "lambda:InvokeFunction", FunctionName: !Ref Function, Principal: apigateway.amazonaws.com, ${more} }`

const streams = ["responseTransferMode: STREAM", "credentials: !GetAtt Role.Arn"]
const mayBoth = role("lambda:InvokeFunction", "lambda:InvokeWithResponseStream")

const callsAmiss: ReadonlyArray<readonly [string, string, string]> = [
  [
    "an answer that is streamed from the address of others",
    api(buffered, ...streams) + mayBoth,
    "Api GET /orders: the URI is not of 2021-11-15 and response-streaming-invocations"
  ],
  [
    "an answer that is not streamed, from the address of those that are",
    api(streamed, "credentials: !GetAtt Role.Arn") + mayBoth,
    "Api GET /orders: the URI is not of 2015-03-31 and invocations"
  ],
  [
    "a role that may not invoke",
    api(streamed, ...streams) + role("lambda:InvokeWithResponseStream"),
    "Api GET /orders: it may not lambda:InvokeFunction Function"
  ],
  [
    "a role that may not have the answer streamed",
    api(streamed, ...streams) + role("lambda:InvokeFunction"),
    "Api GET /orders: it may not lambda:InvokeWithResponseStream Function"
  ],
  ["an API without permission", api(buffered), "Api GET /orders: it may not lambda:InvokeFunction Function"],
  [
    "a permission for the APIs of everybody",
    api(buffered) + permission("FunctionUrlAuthType: NONE"),
    "Api GET /orders: it may not lambda:InvokeFunction Function"
  ],
  [
    "a WebSocket API without permission",
    `${lambda}
  Integration:
    Type: AWS::ApiGatewayV2::Integration
    Properties: { IntegrationType: AWS_PROXY, IntegrationUri: !Sub "arn:aws:apigateway:eu:lambda:path/${buffered}" }`,
    "Integration: it may not lambda:InvokeFunction Function"
  ],
  [
    "a load balancer without permission",
    `${lambda}
  Targets:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: { TargetType: lambda, Targets: [{ Id: !GetAtt Function.Arn }] }`,
    "Targets: it may not lambda:InvokeFunction Function"
  ]
]

describe("the check of templates", () => {
  it.each(mistakes)("finds %s", (_, resources, problem) => {
    assert.deepStrictEqual(samTemplate.problemsOf(template(resources)), [problem])
  })

  it("knows what SAM makes by itself", () => {
    const resources = `${lambda}
      AutoPublishAlias: live
      FunctionUrlConfig: { AuthType: NONE }
      Events: { Any: { Type: HttpApi } }
  Topic:
    Type: AWS::SNS::Topic
    Properties:
      DisplayName: !Sub "\${FunctionRole.Arn} \${FunctionUrl.FunctionUrl} \${Function.Alias} \${ServerlessHttpApi}"`
    assert.deepStrictEqual(samTemplate.problemsOf(template(resources)), [])
  })
})

describe("the check of integrations", () => {
  it.each(callsAmiss)("finds %s", (_, resources, problem) => {
    assert.deepStrictEqual(apiIntegration.problemsOf(template(resources)), [problem])
  })

  it.each([
    ["streams", api(streamed, ...streams) + mayBoth],
    ["is permitted to call", api(buffered) + permission("SourceArn: !Ref Api")],
    ["takes a role", api(buffered, "credentials: !GetAtt Role.Arn") + role("lambda:InvokeFunction")]
  ])("has nothing to say of an API that %s", (_, resources) => {
    assert.deepStrictEqual(apiIntegration.problemsOf(template(resources)), [])
  })
})
