import * as CodeCommit from "../../../src/events/CodeCommit.ts"
import type { Shape } from "../shape.ts"

const sample = CodeCommit.sample()

const [record] = sample.Records

const { customData: _, eventTriggerConfigId: __, ...sparse } = { customData: "", eventTriggerConfigId: "", ...record }

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "CodeCommit.Event",
    kind: "request",
    schema: CodeCommit.Event,
    samples: [
      sample,
      { Records: [{ ...sparse, codecommit: { references: [{ commit: "c", ref: "refs/heads/main" }] } }] },
      {
        Records: [
          {
            ...record,
            customData: null,
            codecommit: { references: [{ commit: "c", ref: "refs/tags/v1", deleted: true }] }
          }
        ]
      }
    ],
    fixtures: ["codecommit"],
    refused: [
      [{ Records: [{ ...record, eventSource: "aws:s3" }] }, "Records[0].eventSource"],
      [{ Records: [{ ...record, eventTime: "now" }] }, "Records[0].eventTime"]
    ]
  }
]
