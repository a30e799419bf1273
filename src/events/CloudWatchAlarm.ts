/**
 * Alarms of Amazon CloudWatch: those that invoke a function, and those that notify a topic.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-actions.html
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"
import { jsonString } from "../internal/events/jsonString.ts"
import { nullish } from "../internal/events/nullish.ts"
import { openEnum } from "../internal/events/openEnum.ts"
import { StringMap } from "../internal/events/stringMaps.ts"
import * as Timestamp from "./Timestamp.ts"

const title = "a CloudWatch alarm event"

/** Samples that are in circulation have blanks in it: `2023-08-04T12: 36: 15.490+0000`. */
const Time = Schema.String.pipe(Schema.decodeTo(
  Timestamp.IsoOffset,
  SchemaTransformation.transform({ decode: (text) => text.replaceAll(" ", ""), encode: (text) => text })
))

const StateValue = openEnum(["OK", "ALARM", "INSUFFICIENT_DATA"])

/**
 * Why an alarm has its state, as the text of JSON that {@link State} has: figures of a metric, or what has triggered a
 * composite alarm.
 *
 * **Gotchas**
 *
 * `SetAlarmState` gives any JSON for a reason.
 *
 * **Example** (What has triggered it)
 *
 * ```ts
 * import * as CloudWatchAlarm from "effect-lambda-runtime/events/CloudWatchAlarm"
 * import * as Schema from "effect/Schema"
 *
 * const { state } = CloudWatchAlarm.sampleComposite().alarmData
 * const reason = Schema.decodeUnknownSync(CloudWatchAlarm.ReasonData)(state.reasonData)
 * reason.triggeringAlarms?.[0]?.state.value // => "ALARM"
 * ```
 *
 * @category schemas
 * @since 0.1.0
 */
export const ReasonData = jsonString(Schema.Struct({
  version: nullish(Schema.String),
  queryDate: nullish(Time),
  startDate: nullish(Time),
  unit: nullish(Schema.String),
  statistic: nullish(Schema.String),
  period: nullish(Schema.Finite),
  recentDatapoints: nullish(Schema.Array(Schema.NullOr(Schema.Finite))),
  threshold: nullish(Schema.Finite),
  evaluatedDatapoints: nullish(Schema.Array(Schema.Struct({
    timestamp: Time,
    sampleCount: nullish(Schema.Finite),
    value: nullish(Schema.Finite)
  }))),
  triggeringAlarms: nullish(Schema.Array(Schema.Struct({
    arn: Schema.String,
    state: Schema.Struct({ value: StateValue, timestamp: Time })
  })))
}))

/**
 * A decoded {@link ReasonData}.
 *
 * @category models
 * @since 0.1.0
 */
export interface ReasonData extends Schema.Schema.Type<typeof ReasonData> {}

/**
 * The state of an alarm.
 *
 * @category schemas
 * @since 0.1.0
 */
export const State = Schema.Struct({
  value: StateValue,
  reason: nullish(Schema.String),
  /** JSON: {@link ReasonData} decodes what CloudWatch writes. */
  reasonData: nullish(Schema.String),
  timestamp: nullish(Time),
  actionsSuppressedBy: nullish(openEnum(["Alarm", "ExtensionPeriod", "WaitPeriod"])),
  actionsSuppressedReason: nullish(Schema.String)
})

/**
 * A decoded {@link State}.
 *
 * @category models
 * @since 0.1.0
 */
export interface State extends Schema.Schema.Type<typeof State> {}

/**
 * A metric that an alarm watches, or computes: it has a `metricStat` or an `expression`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Metric = Schema.Struct({
  id: Schema.String,
  label: nullish(Schema.String),
  accountId: nullish(Schema.String),
  expression: nullish(Schema.String),
  period: nullish(Schema.Finite),
  metricStat: nullish(Schema.Struct({
    metric: Schema.Struct({
      namespace: nullish(Schema.String),
      name: Schema.String,
      dimensions: nullish(StringMap)
    }),
    /** Seconds. */
    period: Schema.Finite,
    stat: Schema.String,
    unit: nullish(Schema.String)
  })),
  returnData: nullish(Schema.Boolean)
})

/**
 * A decoded {@link Metric}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Metric extends Schema.Schema.Type<typeof Metric> {}

/**
 * An alarm and the change of its state.
 *
 * EventBridge has the same for the `detail` of its event.
 *
 * **Example** (By way of EventBridge)
 *
 * ```ts
 * import * as CloudWatchAlarm from "effect-lambda-runtime/events/CloudWatchAlarm"
 * import * as EventBridge from "effect-lambda-runtime/events/EventBridge"
 *
 * const StateChange = EventBridge.eventOf("CloudWatch Alarm State Change", CloudWatchAlarm.AlarmData)
 * ```
 *
 * @category schemas
 * @since 0.1.0
 */
export const AlarmData = Schema.Struct({
  alarmName: Schema.String,
  state: State,
  previousState: nullish(State),
  /** Of a metric alarm, `metrics`; of a composite alarm, `alarmRule`. */
  configuration: nullish(Schema.Struct({
    description: nullish(Schema.String),
    metrics: nullish(Schema.Array(Metric)),
    alarmRule: nullish(Schema.String),
    actionsSuppressor: nullish(Schema.String),
    /** Seconds. */
    actionsSuppressorWaitPeriod: nullish(Schema.Finite),
    /** Seconds. */
    actionsSuppressorExtensionPeriod: nullish(Schema.Finite)
  }))
})

/**
 * A decoded {@link AlarmData}.
 *
 * @category models
 * @since 0.1.0
 */
export interface AlarmData extends Schema.Schema.Type<typeof AlarmData> {}

/**
 * An alarm that invokes a function has changed its state. No answer is read.
 *
 * **Example** (An alarm that goes off)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as CloudWatchAlarm from "effect-lambda-runtime/events/CloudWatchAlarm"
 * import * as Effect from "effect/Effect"
 *
 * const wake = Handler.make({ event: CloudWatchAlarm.Event }, ({ alarmData }) =>
 *   Effect.logError(alarmData.alarmName, alarmData.state.reason).pipe(
 *     Effect.when(Effect.succeed(alarmData.state.value === "ALARM")),
 *     Effect.asVoid
 *   ))
 * ```
 *
 * @category schemas
 * @since 0.1.0
 */
export const Event = Schema.Struct({
  source: Schema.Literal("aws.cloudwatch"),
  alarmArn: Schema.String,
  accountId: Schema.String,
  time: Time,
  region: Schema.String,
  alarmData: AlarmData
}).annotate({ title })

/**
 * A decoded {@link Event}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Event extends Schema.Schema.Type<typeof Event> {}

const dimensions = nullish(Schema.Array(Schema.Struct({ name: Schema.String, value: Schema.String })))

const actions = nullish(Schema.Array(Schema.String))

/**
 * What an alarm tells a topic: the message of an SNS notification.
 *
 * **Details**
 *
 * An alarm on a metric has its name in `Trigger`, one on an expression has `Trigger.Metrics`, and a composite alarm has
 * an `AlarmRule` in place of a `Trigger`.
 *
 * **Example** (A topic that alarms notify)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as CloudWatchAlarm from "effect-lambda-runtime/events/CloudWatchAlarm"
 * import * as Sns from "effect-lambda-runtime/events/Sns"
 * import * as Effect from "effect/Effect"
 *
 * const tell = Handler.make({ event: Sns.eventOf(CloudWatchAlarm.Notification) }, ({ Records }) =>
 *   Effect.forEach(Records, ({ Sns }) => Effect.log(Sns.Message.AlarmName, Sns.Message.NewStateValue), {
 *     discard: true
 *   }))
 * ```
 *
 * @category schemas
 * @since 0.1.0
 */
export const Notification = Schema.Struct({
  AlarmName: Schema.String,
  AlarmDescription: nullish(Schema.String),
  AWSAccountId: Schema.String,
  AlarmConfigurationUpdatedTimestamp: nullish(Time),
  NewStateValue: StateValue,
  NewStateReason: nullish(Schema.String),
  StateChangeTime: Time,
  /** Its name for people: `US East (N. Virginia)`. */
  Region: Schema.String,
  AlarmArn: nullish(Schema.String),
  OldStateValue: nullish(StateValue),
  OKActions: actions,
  AlarmActions: actions,
  InsufficientDataActions: actions,
  Trigger: nullish(Schema.Struct({
    MetricName: nullish(Schema.String),
    Namespace: nullish(Schema.String),
    StatisticType: nullish(openEnum(["Statistic", "ExtendedStatistic"])),
    Statistic: nullish(Schema.String),
    ExtendedStatistic: nullish(Schema.String),
    Unit: nullish(Schema.String),
    Dimensions: dimensions,
    /** Seconds. */
    Period: nullish(Schema.Finite),
    EvaluationPeriods: nullish(Schema.Finite),
    DatapointsToAlarm: nullish(Schema.Finite),
    ComparisonOperator: nullish(Schema.String),
    Threshold: nullish(Schema.Finite),
    /** Of an alarm on an anomaly, in place of a threshold. */
    ThresholdMetricId: nullish(Schema.String),
    TreatMissingData: nullish(Schema.String),
    EvaluateLowSampleCountPercentile: nullish(Schema.String),
    Metrics: nullish(Schema.Array(Schema.Struct({
      Id: Schema.String,
      Label: nullish(Schema.String),
      AccountId: nullish(Schema.String),
      Expression: nullish(Schema.String),
      Period: nullish(Schema.Finite),
      MetricStat: nullish(Schema.Struct({
        Metric: Schema.Struct({
          Namespace: nullish(Schema.String),
          MetricName: Schema.String,
          Dimensions: dimensions
        }),
        /** Seconds. */
        Period: Schema.Finite,
        Stat: Schema.String,
        Unit: nullish(Schema.String)
      })),
      ReturnData: nullish(Schema.Boolean)
    })))
  })),
  AlarmRule: nullish(Schema.String),
  TriggeringChildren: nullish(Schema.Array(Schema.Struct({
    Arn: Schema.String,
    State: Schema.Struct({ Value: StateValue, Timestamp: Time })
  })))
}).annotate({ title })

/**
 * A decoded {@link Notification}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Notification extends Schema.Schema.Type<typeof Notification> {}

/**
 * An event as Lambda delivers it, of an alarm on a metric.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as CloudWatchAlarm from "effect-lambda-runtime/events/CloudWatchAlarm"
 *
 * CloudWatchAlarm.sample().alarmData.state.value // => "ALARM"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sample = (): typeof Event.Encoded => ({
  source: "aws.cloudwatch",
  alarmArn: "arn:aws:cloudwatch:us-east-1:123456789012:alarm:orders-errors",
  accountId: "123456789012",
  time: "2023-08-04T12:36:15.490+0000",
  region: "us-east-1",
  alarmData: {
    alarmName: "orders-errors",
    state: {
      value: "ALARM",
      reason: "Threshold Crossed: 1 out of the last 1 datapoints was greater than the threshold (5.0).",
      reasonData: JSON.stringify({
        version: "1.0",
        queryDate: "2023-08-04T12:36:15.486+0000",
        startDate: "2023-08-04T12:35:00.000+0000",
        statistic: "Sum",
        period: 60,
        recentDatapoints: [7],
        threshold: 5,
        evaluatedDatapoints: [{ timestamp: "2023-08-04T12:35:00.000+0000", sampleCount: 9, value: 7 }]
      }),
      timestamp: "2023-08-04T12:36:15.490+0000"
    },
    previousState: {
      value: "INSUFFICIENT_DATA",
      reason: "Insufficient Data: 1 datapoint was unknown.",
      timestamp: "2023-08-04T12:31:29.595+0000"
    },
    configuration: {
      description: "Orders that have failed",
      metrics: [{
        id: "1234e046-06f0-a3da-9534-4d5e6f7a8b9c",
        metricStat: {
          metric: { namespace: "AWS/Lambda", name: "Errors", dimensions: { FunctionName: "orders" } },
          period: 60,
          stat: "Sum",
          unit: "Count"
        },
        returnData: true
      }]
    }
  }
})

/**
 * An event as Lambda delivers it, of a composite alarm.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as CloudWatchAlarm from "effect-lambda-runtime/events/CloudWatchAlarm"
 *
 * CloudWatchAlarm.sampleComposite().alarmData.configuration?.alarmRule // => "ALARM(orders-errors) OR ALARM(orders-slow)"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleComposite = (): typeof Event.Encoded => {
  const child = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:orders-errors"
  const timestamp = "2023-08-04T12:54:46.138+0000"
  const state = {
    value: "ALARM",
    reason: `${child} transitioned to ALARM at Friday 04 August, 2023 12:54:46 UTC`,
    reasonData: JSON.stringify({ triggeringAlarms: [{ arn: child, state: { value: "ALARM", timestamp } }] }),
    timestamp
  }
  return {
    source: "aws.cloudwatch",
    alarmArn: "arn:aws:cloudwatch:us-east-1:123456789012:alarm:orders",
    accountId: "123456789012",
    time: "2023-08-04T12:56:46.138+0000",
    region: "us-east-1",
    alarmData: {
      alarmName: "orders",
      state: { ...state, timestamp: "2023-08-04T12:56:46.138+0000" },
      previousState: {
        ...state,
        actionsSuppressedBy: "WaitPeriod",
        actionsSuppressedReason: "Actions suppressed by WaitPeriod"
      },
      configuration: {
        alarmRule: "ALARM(orders-errors) OR ALARM(orders-slow)",
        actionsSuppressor: "maintenance",
        actionsSuppressorWaitPeriod: 120,
        actionsSuppressorExtensionPeriod: 180
      }
    }
  }
}

/**
 * A message of an alarm on a metric to a topic.
 *
 * **Example** (A topic that alarms notify)
 *
 * ```ts
 * import * as CloudWatchAlarm from "effect-lambda-runtime/events/CloudWatchAlarm"
 * import * as Sns from "effect-lambda-runtime/events/Sns"
 *
 * const event = Sns.sample(CloudWatchAlarm.sampleNotification())
 * event.Records[0]?.Sns.Message.includes("orders-errors") // => true
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleNotification = (): typeof Notification.Encoded => ({
  AlarmName: "orders-errors",
  AlarmDescription: null,
  AWSAccountId: "123456789012",
  AlarmConfigurationUpdatedTimestamp: "2023-08-01T09:00:00.000+0000",
  NewStateValue: "ALARM",
  NewStateReason: "Threshold Crossed: 1 out of the last 1 datapoints was greater than the threshold (5.0).",
  StateChangeTime: "2023-08-04T12:36:15.490+0000",
  Region: "US East (N. Virginia)",
  AlarmArn: "arn:aws:cloudwatch:us-east-1:123456789012:alarm:orders-errors",
  OldStateValue: "INSUFFICIENT_DATA",
  OKActions: [],
  AlarmActions: ["arn:aws:sns:us-east-1:123456789012:alarms"],
  InsufficientDataActions: [],
  Trigger: {
    MetricName: "Errors",
    Namespace: "AWS/Lambda",
    StatisticType: "Statistic",
    Statistic: "SUM",
    Unit: null,
    Dimensions: [{ name: "FunctionName", value: "orders" }],
    Period: 60,
    EvaluationPeriods: 1,
    DatapointsToAlarm: 1,
    ComparisonOperator: "GreaterThanThreshold",
    Threshold: 5,
    TreatMissingData: "missing",
    EvaluateLowSampleCountPercentile: ""
  }
})
