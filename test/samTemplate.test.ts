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
  ["a type that does not exist", "  Queue: { Type: AWS::SQS::Que }", "Queue: there is no AWS::SQS::Que"],
  ["a misspelt property", `${queue} { Visibility: 60 }`, "Queue.Visibility: no such property"],
  [
    "a property of the wrong type",
    `${queue} { VisibilityTimeout: long }`,
    "Queue.VisibilityTimeout: not an integer"
  ],
  ["a property that is missing", "  Client: { Type: AWS::Cognito::UserPoolClient }", "Client: UserPoolId is missing"],
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
  ["a misplaced key", "  Queue: { Type: AWS::SQS::Queue, Property: {} }", "Queue.Property: no such attribute"],
  [
    "a dependency on nothing",
    "  Queue: { Type: AWS::SQS::Queue, DependsOn: Topic }",
    "Queue.DependsOn: there is no Topic"
  ]
]

describe("the check of templates", () => {
  it.each(mistakes)("finds %s", (_, resources, problem) => {
    assert.deepStrictEqual(samTemplate.problemsOf(template(resources)), [problem])
  })

  it("finds sections that do not exist, and the transform that is missing", () => {
    assert.deepStrictEqual(samTemplate.problemsOf(samTemplate.parse(`Output: {}\nResources:${lambda}`)), [
      "Output: no such section",
      "AWSTemplateFormatVersion: not 2010-09-09",
      "Transform: SAM's is missing"
    ])
  })
})
