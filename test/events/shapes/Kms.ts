import * as Kms from "../../../src/events/Kms.ts"
import type { Shape } from "../shape.ts"

const event = Kms.sample()

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "Kms.Event",
    kind: "request",
    schema: Kms.Event,
    samples: [event, Kms.sample("KMS Imported Key Material Expiration"), Kms.sample("KMS CMK Deletion")],
    refused: [
      [{ ...event, "detail-type": "KMS Key Import" }, "[\"detail-type\"]"],
      [{ ...event, detail: {} }, "detail[\"key-id\"]"]
    ]
  }
]
