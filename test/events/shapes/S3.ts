import * as S3 from "../../../src/events/S3.ts"
import * as Sns from "../../../src/events/Sns.ts"
import * as Sqs from "../../../src/events/Sqs.ts"
import type { Shape } from "../shape.ts"

const [record] = S3.sample().Records

/** As for a deleted object: without size and tag. */
const deleted = {
  Records: [{
    ...record,
    eventName: "ObjectRemoved:Delete",
    s3: {
      ...record?.s3,
      object: {
        key: "b%C3%BCcher/a+b%2Bc%25.txt",
        versionId: "096fKKXTRTtl3on89fVO.nfljtsv6qko",
        sequencer: "0055AED6DCD90281E6"
      }
    }
  }]
}

const withBlock = (eventName: string, eventVersion: string, block: object) => ({
  Records: [{
    ...record,
    eventName,
    eventVersion,
    userIdentity: { principalId: "s3.amazonaws.com" },
    requestParameters: { sourceIPAddress: "s3.amazonaws.com" },
    ...block
  }]
})

const blocks = [
  withBlock("ObjectRestore:Completed", "2.1", {
    glacierEventData: {
      restoreEventData: {
        lifecycleRestorationExpiryTime: "1970-01-01T00:00:00.000Z",
        lifecycleRestoreStorageClass: "GLACIER"
      }
    }
  }),
  withBlock("Replication:OperationFailedReplication", "2.2", {
    replicationEventData: {
      replicationRuleId: "notification-test-replication-rule",
      destinationBucket: "arn:aws:s3:::amzn-s3-demo-bucket2",
      s3Operation: "OBJECT_PUT",
      requestTime: "2024-09-05T21:03:59.168Z",
      failureReason: "AssumeRoleNotPermitted"
    }
  }),
  withBlock("LifecycleTransition", "2.3", {
    lifecycleEventData: { transitionEventData: { destinationStorageClass: "GLACIER_IR" } }
  }),
  withBlock("IntelligentTiering", "2.3", {
    intelligentTieringEventData: { destinationAccessTier: "DEEP_ARCHIVE_ACCESS" }
  })
]

// Neither comes from S3: what a Java library adds, and what one of Go wants in a second place.
const artefacts = ["Records[].s3.object.urlDecodedKey: dropped", "Records[].restoreEventData: dropped"]

const keys = [
  `Records[].s3.object.key: "Happy%20Face.jpg" -> "Happy+Face.jpg"`,
  `Records[].s3.object.key: "glacier%2Dtest.txt" -> "glacier-test.txt"`,
  `Records[].s3.object.key: "intelligent%2Dtier%2Dtest.dat" -> "intelligent-tier-test.dat"`,
  `Records[].s3.object.key: "replication%2Dtest.png" -> "replication-test.png"`,
  `Records[].s3.object.key: "restore%2Dtest.txt" -> "restore-test.txt"`
]

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "S3.Event",
    kind: "request",
    schema: S3.Event,
    samples: [S3.sample(), deleted, ...blocks],
    fixtures: ["s3"],
    dropped: artefacts,
    normalised: keys,
    refused: [
      [{ Records: [{ ...record, eventTime: "yesterday" }] }, "Records[0].eventTime"],
      [{ Records: [{ ...record, s3: { ...record?.s3, object: {} } }] }, "Records[0].s3.object.key"]
    ]
  },
  { name: "S3.TestEvent", kind: "request", schema: S3.TestEvent, samples: [S3.sampleTestEvent()] },
  { name: "S3.Notification", kind: "request", schema: S3.Notification, samples: [S3.sample(), S3.sampleTestEvent()] },
  {
    name: "Sqs.eventOf(S3.Notification)",
    kind: "request",
    schema: Sqs.eventOf(S3.Notification),
    samples: [Sqs.sample(S3.sample(), S3.sampleTestEvent())],
    fixtures: ["sqs:s3"],
    refused: [[
      Sqs.sample({ Records: [{ ...record, eventTime: "yesterday" }] }),
      "Records[0].body.Records[0].eventTime"
    ]]
  },
  {
    name: "Sqs.eventOf(Sns.notificationOf(S3.Notification))",
    kind: "request",
    schema: Sqs.eventOf(Sns.notificationOf(S3.Notification)),
    samples: [Sqs.sample(Sns.sampleNotification(S3.sample()))],
    refused: [[
      Sqs.sample(Sns.sampleNotification({ Records: [{ ...record, awsRegion: 1 }] })),
      "Records[0].body.Message.Records[0].awsRegion"
    ]]
  }
]
