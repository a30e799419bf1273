import * as S3EventBridge from "../../../src/events/S3EventBridge.ts"
import * as Sqs from "../../../src/events/Sqs.ts"
import type { Shape } from "../shape.ts"

/** With all that any event has, and with nothing but what every event has. */
const withBare = (event: typeof S3EventBridge.Event.Encoded) => [
  { ...event, detail: { ...event.detail, "event-version": "1.0" } },
  { ...event, detail: { ...event.detail, object: { key: "example-key" }, "source-ip-address": null } }
]

const kinds: ReadonlyArray<Pick<Shape, "name" | "schema" | "samples">> = [
  {
    name: "S3EventBridge.ObjectCreated",
    schema: S3EventBridge.ObjectCreated,
    samples: withBare(S3EventBridge.sample())
  },
  {
    name: "S3EventBridge.ObjectDeleted",
    schema: S3EventBridge.ObjectDeleted,
    samples: withBare(S3EventBridge.sampleObjectDeleted())
  },
  {
    name: "S3EventBridge.ObjectRestoreInitiated",
    schema: S3EventBridge.ObjectRestoreInitiated,
    samples: withBare(S3EventBridge.sampleObjectRestoreInitiated())
  },
  {
    name: "S3EventBridge.ObjectRestoreCompleted",
    schema: S3EventBridge.ObjectRestoreCompleted,
    samples: withBare(S3EventBridge.sampleObjectRestoreCompleted())
  },
  {
    name: "S3EventBridge.ObjectRestoreExpired",
    schema: S3EventBridge.ObjectRestoreExpired,
    samples: withBare(S3EventBridge.sampleObjectRestoreExpired())
  },
  {
    name: "S3EventBridge.ObjectStorageClassChanged",
    schema: S3EventBridge.ObjectStorageClassChanged,
    samples: withBare(S3EventBridge.sampleObjectStorageClassChanged())
  },
  {
    name: "S3EventBridge.ObjectAccessTierChanged",
    schema: S3EventBridge.ObjectAccessTierChanged,
    samples: withBare(S3EventBridge.sampleObjectAccessTierChanged())
  },
  {
    name: "S3EventBridge.ObjectAclUpdated",
    schema: S3EventBridge.ObjectAclUpdated,
    samples: withBare(S3EventBridge.sampleObjectAclUpdated())
  },
  {
    name: "S3EventBridge.ObjectTagsAdded",
    schema: S3EventBridge.ObjectTagsAdded,
    samples: withBare(S3EventBridge.sampleObjectTagsAdded())
  },
  {
    name: "S3EventBridge.ObjectTagsDeleted",
    schema: S3EventBridge.ObjectTagsDeleted,
    samples: withBare(S3EventBridge.sampleObjectTagsDeleted())
  }
]

const created = S3EventBridge.sample()

const { requester: _, ...withoutRequester } = created.detail

/** By a rule of the bucket, without a request. */
const expired = {
  ...S3EventBridge.sampleObjectDeleted(),
  detail: {
    version: "0",
    bucket: { name: "amzn-s3-demo-bucket" },
    object: { key: "example-key", "version-id": null, sequencer: "617b398000000000" },
    "request-id": "20EB74C14654DC47",
    requester: "s3.amazonaws.com",
    reason: "Lifecycle Expiration",
    "deletion-type": "Permanently Deleted"
  }
}

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "S3EventBridge.Event",
    kind: "request",
    schema: S3EventBridge.Event,
    samples: [...kinds.flatMap(({ samples }) => samples), expired],
    fixtures: ["eventbridge:s3"],
    refused: [
      [{ ...created, detail: withoutRequester }, "detail.requester"],
      [{ ...created, "detail-type": "Object Renamed" }, "the root"]
    ]
  },
  ...kinds.map(({ name, samples, schema }): Shape => ({
    name,
    kind: "request",
    schema,
    samples,
    refused: [[{ ...created, "detail-type": "Object Renamed" }, "[\"detail-type\"]"]]
  })),
  {
    name: "Sqs.eventOf(S3EventBridge.Event)",
    kind: "request",
    schema: Sqs.eventOf(S3EventBridge.Event),
    samples: [Sqs.sample(created, expired)],
    // JSON within JSON: other order of keys.
    normalisedAt: ["Records[].body"],
    refused: [[
      Sqs.sample(created, { ...created, detail: withoutRequester }),
      "Records[1].body.detail.requester"
    ]]
  }
]
