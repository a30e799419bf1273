import * as Schema from "effect/Schema"
import * as Config from "../../../src/events/Config.ts"
import type { Shape } from "../shape.ts"

const sample = Config.sample()

const { ruleParameters: _, ...withoutParameters } = sample

const oversized = Config.sample({
  messageType: "OversizedConfigurationItemChangeNotification",
  notificationCreationTime: "2016-10-06T16:46:16.261Z",
  recordVersion: "1.0",
  configurationItemSummary: {
    changeType: "UPDATE",
    configurationItemVersion: "1.2",
    configurationItemCaptureTime: "2016-10-06T16:46:16.261Z",
    configurationStateId: 0,
    awsAccountId: "123456789012",
    configurationItemStatus: "OK",
    resourceType: "AWS::EC2::Instance",
    resourceId: "i-00000000",
    resourceName: null,
    ARN: "arn:aws:ec2:us-west-2:123456789012:instance/i-00000000",
    awsRegion: "us-west-2",
    availabilityZone: "us-west-2a",
    configurationStateMd5Hash: "8f1ee69b287895a0f8bc5753eca68e96",
    resourceCreationTime: "2016-10-06T16:46:10.489Z"
  }
})

const scheduled = Config.sample({
  messageType: "ScheduledNotification",
  awsAccountId: "123456789012",
  notificationCreationTime: "2016-07-13T21:50:00.373Z",
  recordVersion: "1.0"
})

/** What every event has. */
const sparse = {
  invokingEvent: JSON.stringify({ messageType: "ScheduledNotification" }),
  resultToken: "TESTMODE",
  accountId: "123456789012"
}

/** As the documentation has it, which is less than Config sends. */
const documented = Config.sample({
  messageType: "ConfigurationItemChangeNotification",
  configurationItem: {
    configurationItemCaptureTime: "2016-02-17T01:36:34.043Z",
    awsAccountId: "123456789012",
    configurationItemStatus: "OK",
    resourceId: "i-00000000",
    ARN: "arn:aws:ec2:us-east-2:123456789012:instance/i-00000000",
    awsRegion: "us-east-2",
    availabilityZone: "us-east-2a",
    resourceType: "AWS::EC2::Instance",
    tags: { Foo: "Bar" },
    relationships: [{ resourceId: "eipalloc-0", resourceType: "AWS::EC2::EIP", name: "Is attached to ElasticIp" }],
    configuration: { foo: "bar" }
  }
})

const deleted = Config.sample({
  messageType: "ConfigurationItemChangeNotification",
  configurationItem: {
    configurationItemCaptureTime: "2016-02-17T01:36:34.043Z",
    awsAccountId: "123456789012",
    configurationItemStatus: "ResourceDeleted",
    configurationStateId: "1455672994043",
    resourceId: "i-00000000",
    awsRegion: "us-east-2",
    resourceType: "AWS::EC2::Instance",
    tags: {},
    relationships: [{ resourceType: "AWS::EC2::VPC" }],
    configuration: null
  }
})

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "Config.Event",
    kind: "request",
    schema: Config.Event,
    samples: [
      sample,
      oversized,
      scheduled,
      documented,
      deleted,
      withoutParameters,
      sparse,
      Config.sample({ messageType: "ConfigurationSnapshotDeliveryCompleted", s3Bucket: "b", s3ObjectKey: "k" }),
      { ...sample, ruleParameters: "{}", evaluationMode: null, eventLeftScope: true }
    ],
    fixtures: ["config-rule"],
    // JSON within JSON encodes back in the order of the schema.
    normalisedAt: ["invokingEvent"],
    refused: [
      [{ ...sample, invokingEvent: "{" }, "invokingEvent"],
      [{ ...sample, invokingEvent: "{\"messageType\":\"Other\"}" }, "invokingEvent"],
      [
        { ...sample, invokingEvent: "{\"messageType\":\"ConfigurationItemChangeNotification\"}" },
        "invokingEvent.configurationItem"
      ],
      [{ ...sample, ruleParameters: { a: "b" } }, "ruleParameters"]
    ]
  },
  {
    name: "Config.eventOf",
    kind: "request",
    schema: Config.eventOf(Schema.Struct({ maximum: Schema.FiniteFromString })),
    samples: [Config.sample(undefined, { maximum: "5" })],
    normalisedAt: ["invokingEvent"],
    refused: [[Config.sample(undefined, { maximum: "many" }), "ruleParameters.maximum"]]
  }
]
