/**
 * Alerts of Amazon Macie Classic, by way of EventBridge. AWS has ended the service.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/events/EventTypes.html
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { nullish } from "../internal/events/nullish.ts"
import { openEnum } from "../internal/events/openEnum.ts"
import { serviceEvent, serviceSample } from "../internal/events/serviceEvent.ts"

const counts = Schema.Record(Schema.String, Schema.Finite)

const accessControlList = Schema.Array(Schema.Struct({
  Owner: Schema.Struct({ DisplayName: nullish(Schema.String), ID: Schema.String }),
  Grants: Schema.Array(Schema.Struct({
    Grantee: Schema.Struct({ Type: Schema.String, URI: nullish(Schema.String) }),
    Permission: Schema.String
  }))
}))

/**
 * What an alert has found, counted by names. Which keys there are depends on the rule.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Summary = Schema.Struct({
  Description: nullish(Schema.String),
  "Record Count": nullish(Schema.Finite),
  "Event Count": nullish(Schema.Finite),
  "Time Range": nullish(
    Schema.Array(Schema.Struct({ count: Schema.Finite, start: Schema.String, end: Schema.String }))
  ),
  IP: nullish(counts),
  Location: nullish(counts),
  "Source ARN": nullish(Schema.String),
  Events: nullish(Schema.Record(
    Schema.String,
    Schema.Struct({ count: Schema.Finite, ISP: nullish(counts), "Error Code": nullish(counts) })
  )),
  recipientAccountId: nullish(counts),
  Bucket: nullish(counts),
  ACL: nullish(Schema.Record(Schema.String, accessControlList)),
  Object: nullish(counts),
  Owner: nullish(counts),
  Themes: nullish(counts),
  "DLP risk": nullish(counts),
  Timestamps: nullish(counts)
})

/**
 * A decoded {@link Summary}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Summary extends Schema.Schema.Type<typeof Summary> {}

/**
 * Why there is an alert: a rule for a `basic` one, and features for a `predictive` one.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Trigger = Schema.Struct({
  "alert-type": openEnum(["basic", "predictive"]),
  "rule-arn": nullish(Schema.String),
  "created-at": nullish(Schema.String),
  description: nullish(Schema.String),
  risk: nullish(Schema.Finite),
  features: nullish(Schema.Record(
    Schema.String,
    Schema.Struct({
      name: Schema.String,
      description: Schema.String,
      narrative: Schema.String,
      anomalous: nullish(Schema.Boolean),
      multiplier: nullish(Schema.Finite),
      excession_times: nullish(Schema.Array(Schema.String)),
      risk: Schema.Finite
    })
  ))
})

/**
 * A decoded {@link Trigger}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Trigger extends Schema.Schema.Type<typeof Trigger> {}

/**
 * The detail of {@link Alert}.
 *
 * @category schemas
 * @since 0.1.0
 */
export const AlertDetail = Schema.Struct({
  "notification-type": openEnum(["ALERT_CREATED", "ALERT_UPDATED"]),
  name: Schema.String,
  tags: Schema.Array(Schema.String),
  url: Schema.String,
  "alert-arn": Schema.String,
  "risk-score": Schema.Finite,
  /** ISO 8601, without a zone. */
  "created-at": Schema.String,
  actor: Schema.String,
  trigger: Trigger,
  /** Of a `basic` alert. */
  summary: nullish(Summary)
})

/**
 * A decoded {@link AlertDetail}.
 *
 * @category models
 * @since 0.1.0
 */
export interface AlertDetail extends Schema.Schema.Type<typeof AlertDetail> {}

/**
 * An alert that was created or updated.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Alert = serviceEvent(Schema.Literal("Macie Alert"), AlertDetail)

/**
 * A decoded {@link Alert}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Alert extends Schema.Schema.Type<typeof Alert> {}

/**
 * {@link Alert} as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as Macie from "effect-lambda-runtime/events/Macie"
 *
 * Macie.sampleAlert().detail["risk-score"] // => 80
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleAlert = (): typeof Alert.Encoded => {
  const trigger = "arn:aws:macie:us-east-1:123456789012:trigger/trigger_id"
  return serviceSample("aws.macie", "Macie Alert", {
    "notification-type": "ALERT_CREATED",
    name: "Scanning bucket policies",
    tags: ["Custom_Alert", "Insider"],
    url: "https://lb00.us-east-1.macie.aws.amazon.com/111122223333/posts/alert_id",
    "alert-arn": `${trigger}/alert/alert_id`,
    "risk-score": 80,
    trigger: {
      "rule-arn": trigger,
      "alert-type": "basic",
      "created-at": "2017-01-02 19:54:00.644000",
      description: "Alerting on failed enumeration of large number of bucket policies",
      risk: 8
    },
    "created-at": "2017-04-18T00:21:12.059000",
    actor: "555566667777:assumed-role:superawesome:aroaidpldc7nsesfnheji",
    summary: {
      Description: "Alerting on failed enumeration of large number of bucket policies",
      IP: { "34.199.185.34": 121, "34.205.153.2": 2 },
      "Time Range": [{ count: 125, start: "2017-04-24T20:23:49Z", end: "2017-04-24T20:25:54Z" }],
      "Source ARN": "arn:aws:sts::123456789012:assumed-role/RoleName",
      "Record Count": 1,
      Location: { "us-east-1": 125 },
      "Event Count": 125,
      Events: {
        GetBucketPolicy: { count: 37, ISP: { Amazon: 37 }, "Error Code": { NoSuchBucketPolicy: 22 } },
        ListBuckets: { count: 1, ISP: { Amazon: 1 } }
      },
      recipientAccountId: { "123456789012": 125 }
    }
  }, [`${trigger}/alert/alert_id`, trigger])
}
