import { assert, describe, it } from "vitest"
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
