/**
 * Rules of AWS Config that a function evaluates.
 *
 * @see https://docs.aws.amazon.com/config/latest/developerguide/evaluate-config_develop-rules_example-events.html
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { jsonString } from "../internal/events/jsonString.ts"
import { nullish } from "../internal/events/nullish.ts"
import { openEnum } from "../internal/events/openEnum.ts"
import { StringMap } from "../internal/events/stringMaps.ts"

const Status = openEnum([
  "OK",
  "ResourceDiscovered",
  "ResourceNotRecorded",
  "ResourceDeleted",
  "ResourceDeletedNotRecorded"
])

const ChangeType = openEnum(["CREATE", "UPDATE", "DELETE"])

const itemFields = {
  configurationItemVersion: nullish(Schema.String),
  configurationItemCaptureTime: Schema.DateTimeUtcFromString,
  configurationItemStatus: Status,
  configurationStateId: nullish(Schema.Union([Schema.Finite, Schema.String])),
  configurationStateMd5Hash: nullish(Schema.String),
  awsAccountId: Schema.String,
  awsRegion: Schema.String,
  availabilityZone: nullish(Schema.String),
  ARN: nullish(Schema.String),
  /** `AWS::EC2::Instance`. */
  resourceType: Schema.String,
  resourceId: Schema.String,
  resourceName: nullish(Schema.String),
  resourceCreationTime: nullish(Schema.DateTimeUtcFromString)
}

/**
 * A resource as it is configured.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ConfigurationItem = Schema.Struct({
  ...itemFields,
  tags: nullish(StringMap),
  relatedEvents: nullish(Schema.Array(Schema.String)),
  relationships: nullish(Schema.Array(Schema.Struct({
    resourceId: nullish(Schema.String),
    resourceName: nullish(Schema.String),
    resourceType: Schema.String,
    name: nullish(Schema.String)
  }))),
  /** As the service describes it; `null` of a resource that was deleted. */
  configuration: nullish(Schema.Json),
  supplementaryConfiguration: nullish(Schema.Record(Schema.String, Schema.Json))
})

/**
 * A decoded {@link ConfigurationItem}.
 *
 * @category models
 * @since 0.1.0
 */
export interface ConfigurationItem extends Schema.Schema.Type<typeof ConfigurationItem> {}

/**
 * A resource whose configuration is too large to be sent: `GetResourceConfigHistory` has it.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ConfigurationItemSummary = Schema.Struct({ ...itemFields, changeType: nullish(ChangeType) })

/**
 * A decoded {@link ConfigurationItemSummary}.
 *
 * @category models
 * @since 0.1.0
 */
export interface ConfigurationItemSummary extends Schema.Schema.Type<typeof ConfigurationItemSummary> {}

const notificationFields = {
  notificationCreationTime: nullish(Schema.DateTimeUtcFromString),
  recordVersion: nullish(Schema.String)
}

const configurationItemDiff = nullish(Schema.Struct({
  changedProperties: nullish(Schema.Record(Schema.String, Schema.Json)),
  changeType: nullish(ChangeType)
}))

/**
 * What has made Config evaluate the rule: `messageType` tells.
 *
 * @category schemas
 * @since 0.1.0
 */
export const InvokingEvent = Schema.Union([
  Schema.Struct({
    messageType: Schema.Literal("ConfigurationItemChangeNotification"),
    ...notificationFields,
    configurationItem: ConfigurationItem,
    configurationItemDiff
  }),
  Schema.Struct({
    messageType: Schema.Literal("OversizedConfigurationItemChangeNotification"),
    ...notificationFields,
    configurationItemSummary: ConfigurationItemSummary,
    configurationItemDiff
  }),
  Schema.Struct({
    messageType: Schema.Literal("ScheduledNotification"),
    ...notificationFields,
    awsAccountId: nullish(Schema.String)
  }),
  Schema.Struct({
    messageType: Schema.Literal("ConfigurationSnapshotDeliveryCompleted"),
    ...notificationFields,
    configSnapshotId: nullish(Schema.String),
    s3Bucket: Schema.String,
    s3ObjectKey: Schema.String
  })
])

/**
 * A decoded {@link InvokingEvent}.
 *
 * @category models
 * @since 0.1.0
 */
export type InvokingEvent = typeof InvokingEvent.Type

const eventWith = <Parameters extends Schema.Constraint>(ruleParameters: Parameters) =>
  Schema.Struct({
    version: nullish(Schema.String),
    invokingEvent: jsonString(InvokingEvent),
    /** What the rule was made with. */
    ruleParameters,
    /** To be passed to `PutEvaluations`. */
    resultToken: Schema.String,
    /** The resource has left what the rule is for: it no longer applies. */
    eventLeftScope: nullish(Schema.Boolean),
    executionRoleArn: nullish(Schema.String),
    configRuleArn: nullish(Schema.String),
    configRuleName: nullish(Schema.String),
    configRuleId: nullish(Schema.String),
    accountId: Schema.String,
    evaluationMode: nullish(openEnum(["DETECTIVE", "PROACTIVE"]))
  }).annotate({ title: "an AWS Config event" })

/**
 * A rule is to be evaluated, with its parameters as JSON. {@link eventOf} decodes the parameters.
 *
 * **Details**
 *
 * Config sends the event that invokes the function, and the parameters, as text of JSON: both are decoded.
 *
 * **Gotchas**
 *
 * No result is read: `PutEvaluations` takes it, with the `resultToken`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Event = eventWith(nullish(jsonString(Schema.Record(Schema.String, Schema.Json))))

/**
 * A decoded {@link Event}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Event extends Schema.Schema.Type<typeof Event> {}

const makeEventOf = <Parameters extends Schema.Constraint>(parameters: Parameters) => eventWith(jsonString(parameters))

/**
 * The schema of {@link eventOf}.
 *
 * @category models
 * @since 0.1.0
 */
export interface eventOf<Parameters extends Schema.Constraint> extends ReturnType<typeof makeEventOf<Parameters>> {}

/**
 * An {@link Event} of a rule whose parameters have the given shape.
 *
 * **Example** (Instances of one type)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as Config from "effect-lambda-runtime/events/Config"
 * import * as Effect from "effect/Effect"
 * import * as Schema from "effect/Schema"
 *
 * const evaluate = Handler.make({
 *   event: Config.eventOf(Schema.Struct({ instanceType: Schema.String }))
 * }, ({ invokingEvent, ruleParameters }) =>
 *   invokingEvent.messageType === "ConfigurationItemChangeNotification"
 *     ? Effect.log("is", invokingEvent.configurationItem.resourceId, "of", ruleParameters.instanceType)
 *     : Effect.void)
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const eventOf: <Parameters extends Schema.Constraint>(parameters: Parameters) => eventOf<Parameters> =
  makeEventOf

/**
 * An event as Lambda delivers it, for what has invoked the rule: an instance has changed, unless something else is
 * given.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as Config from "effect-lambda-runtime/events/Config"
 *
 * const event = Config.sample({ messageType: "ScheduledNotification", awsAccountId: "123456789012" })
 * event.invokingEvent // => "{\"messageType\":\"ScheduledNotification\",\"awsAccountId\":\"123456789012\"}"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sample = (
  invokingEvent: typeof InvokingEvent.Encoded = {
    messageType: "ConfigurationItemChangeNotification",
    notificationCreationTime: "2016-02-17T01:36:35.043Z",
    recordVersion: "1.3",
    configurationItemDiff: {
      changedProperties: { "Configuration.InstanceType": { previousValue: "t2.micro", updatedValue: "t2.small" } },
      changeType: "UPDATE"
    },
    configurationItem: {
      configurationItemVersion: "1.3",
      configurationItemCaptureTime: "2016-02-17T01:36:34.043Z",
      configurationItemStatus: "OK",
      configurationStateId: 1455672994043,
      configurationStateMd5Hash: "",
      awsAccountId: "123456789012",
      awsRegion: "us-east-2",
      availabilityZone: "us-east-2a",
      ARN: "arn:aws:ec2:us-east-2:123456789012:instance/i-00000000",
      resourceType: "AWS::EC2::Instance",
      resourceId: "i-00000000",
      resourceName: null,
      resourceCreationTime: "2016-02-11T19:49:24.000Z",
      tags: { team: "shop" },
      relatedEvents: [],
      relationships: [
        { resourceId: "eipalloc-00000000", resourceType: "AWS::EC2::EIP", name: "Is attached to ElasticIp" }
      ],
      configuration: { instanceId: "i-00000000", instanceType: "t2.small" },
      supplementaryConfiguration: {}
    }
  },
  ruleParameters: { readonly [name: string]: Schema.Json } = { instanceType: "t2.small" }
): typeof Event.Encoded => ({
  version: "1.0",
  invokingEvent: JSON.stringify(invokingEvent),
  ruleParameters: JSON.stringify(ruleParameters),
  resultToken: "myResultToken",
  eventLeftScope: false,
  executionRoleArn: "arn:aws:iam::123456789012:role/config-role",
  configRuleArn: "arn:aws:config:us-east-2:123456789012:config-rule/config-rule-0123456",
  configRuleName: "desired-instance-type",
  configRuleId: "config-rule-0123456",
  accountId: "123456789012",
  evaluationMode: "DETECTIVE"
})
