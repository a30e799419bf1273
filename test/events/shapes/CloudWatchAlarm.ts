import * as CloudWatchAlarm from "../../../src/events/CloudWatchAlarm.ts"
import * as EventBridge from "../../../src/events/EventBridge.ts"
import * as Sns from "../../../src/events/Sns.ts"
import type { Shape } from "../shape.ts"

const metric = CloudWatchAlarm.sample()

const composite = CloudWatchAlarm.sampleComposite()

const withMetrics = (...metrics: ReadonlyArray<object>) => ({
  ...metric,
  alarmData: { ...metric.alarmData, configuration: { ...metric.alarmData.configuration, metrics } }
})

/** What every event has. */
const sparse = {
  ...metric,
  alarmData: { alarmName: "orders-errors", state: { value: "OK" } }
}

const notification = CloudWatchAlarm.sampleNotification()

const { Trigger, ...withoutTrigger } = notification

const ofExpression = {
  ...notification,
  Trigger: {
    Period: 60,
    EvaluationPeriods: 1,
    ComparisonOperator: "GreaterThanUpperThreshold",
    ThresholdMetricId: "ad1",
    TreatMissingData: "missing",
    EvaluateLowSampleCountPercentile: "",
    Metrics: [
      { Id: "ad1", Expression: "ANOMALY_DETECTION_BAND(m1)", Label: "Expected", ReturnData: true },
      {
        Id: "m1",
        MetricStat: {
          Metric: {
            Dimensions: [{ value: "orders", name: "FunctionName" }],
            MetricName: "Errors",
            Namespace: "AWS/Lambda"
          },
          Period: 60,
          Stat: "Sum"
        },
        ReturnData: false
      }
    ]
  }
}

const ofComposite = {
  ...withoutTrigger,
  AlarmRule: "ALARM(orders-errors)",
  TriggeringChildren: [{
    Arn: "arn:aws:cloudwatch:us-east-1:123456789012:alarm:orders-errors",
    State: { Value: "ALARM", Timestamp: "2021-11-10T02:45:55.640+0000" }
  }]
}

const noBlanks = (place: string, before: string) =>
  `${place}: ${JSON.stringify(before)} -> ${JSON.stringify(before.replaceAll(" ", ""))}`

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "CloudWatchAlarm.Event",
    kind: "request",
    schema: CloudWatchAlarm.Event,
    samples: [
      metric,
      composite,
      sparse,
      withMetrics({ id: "e1", expression: "m1 / m2", label: "Rate", returnData: true }),
      withMetrics({ id: "m1", metricStat: { metric: { name: "Calls" }, period: 60, stat: "p90" }, returnData: false })
    ],
    fixtures: ["cloudwatch-alarm"],
    normalised: [
      // Blanks that AWS does not write.
      noBlanks("time", "2023-08-04T12: 36: 15.490+0000"),
      noBlanks("alarmData.state.timestamp", "2023-08-04T12: 36: 15.490+0000"),
      noBlanks("alarmData.previousState.timestamp", "2023-08-04T12: 31: 29.595+0000"),
      noBlanks("time", "2023-08-04T12: 56: 46.138+0000"),
      noBlanks("alarmData.state.timestamp", "2023-08-04T12: 56: 46.138+0000"),
      noBlanks("alarmData.previousState.timestamp", "2023-08-04T12: 54: 46.138+0000")
    ],
    refused: [
      [{ ...metric, source: "aws.ec2" }, "source"],
      [{ ...metric, time: "yesterday" }, "time"],
      [
        withMetrics({ id: "m1", metricStat: { metric: {}, period: 60, stat: "Sum" } }),
        "alarmData.configuration.metrics[0].metricStat.metric.name"
      ]
    ]
  },
  {
    name: "EventBridge.eventOf(CloudWatchAlarm.AlarmData)",
    kind: "request",
    schema: EventBridge.eventOf("CloudWatch Alarm State Change", CloudWatchAlarm.AlarmData),
    samples: [EventBridge.sample("CloudWatch Alarm State Change", metric.alarmData, "aws.cloudwatch")]
  },
  {
    name: "CloudWatchAlarm.ReasonData",
    kind: "request",
    schema: CloudWatchAlarm.ReasonData,
    samples: [
      metric.alarmData.state.reasonData,
      composite.alarmData.state.reasonData,
      "{}",
      "{\"evaluatedDatapoints\":[{\"timestamp\":\"2023-08-04T12:35:00.000+0000\"}]}"
    ],
    refused: [["{\"threshold\":\"5\"}", "threshold"]]
  },
  {
    name: "CloudWatchAlarm.Notification",
    kind: "request",
    schema: CloudWatchAlarm.Notification,
    samples: [
      notification,
      ofExpression,
      ofComposite,
      { ...ofComposite, TriggeringChildren: [] },
      {
        AlarmName: "a",
        AWSAccountId: "1",
        NewStateValue: "OK",
        StateChangeTime: "2023-08-04T12:36:15.490+0000",
        Region: "EU (Ireland)",
        Trigger: {
          Metrics: [{ Id: "m1" }, { Id: "m2", MetricStat: { Metric: { MetricName: "M" }, Period: 1, Stat: "p9" } }]
        }
      },
      { ...notification, Trigger: { ...Trigger, StatisticType: "ExtendedStatistic", ExtendedStatistic: "p90" } }
    ],
    refused: [
      [{ ...notification, StateChangeTime: 1 }, "StateChangeTime"],
      [
        { ...notification, Trigger: { ...Trigger, Dimensions: [{ Name: "a", value: "b" }] } },
        "Trigger.Dimensions[0].name"
      ]
    ]
  },
  {
    name: "Sns.eventOf(CloudWatchAlarm.Notification)",
    kind: "request",
    schema: Sns.eventOf(CloudWatchAlarm.Notification),
    samples: [Sns.sample(notification)],
    fixtures: ["sns:cloudwatch-alarm"],
    // JSON within JSON encodes back without the blanks that it came with, and `0.0` as `0`.
    normalisedAt: ["Records[].Sns.Message"]
  }
]
