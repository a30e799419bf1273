import * as CognitoSync from "../../../src/events/CognitoSync.ts"
import type { Shape } from "../shape.ts"

const event = CognitoSync.sample()

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "CognitoSync.Event",
    kind: "request",
    schema: CognitoSync.Event,
    samples: [
      event,
      { ...event, datasetRecords: {} },
      { ...event, datasetRecords: { a: { op: "replace", oldValue: null, newValue: "" } } },
      { ...event, more: { a: 1 }, datasetRecords: { a: { op: "touch", newValue: "b", more: [1] } } }
    ],
    fixtures: ["cognito-sync"],
    refused: [
      [{ ...event, eventType: "Sync" }, "eventType"],
      [{ ...event, datasetRecords: { a: { op: "replace", newValue: 1 } } }, "datasetRecords.a.newValue"]
    ]
  }
]
