import * as Tag from "../../../src/events/Tag.ts"
import type { Shape } from "../shape.ts"

const event = Tag.sampleTagChangeOnResource()

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "Tag.TagChangeOnResource",
    kind: "request",
    schema: Tag.TagChangeOnResource,
    samples: [event, { ...event, detail: { "changed-tag-keys": ["a"], service: "s3", tags: {} } }, {
      ...event,
      detail: { "changed-tag-keys": [], service: "s3", tags: null }
    }],
    refused: [
      [{ ...event, "detail-type": "Tag Change" }, "[\"detail-type\"]"],
      [{ ...event, detail: { ...event.detail, tags: { a: 1 } } }, "detail.tags.a"]
    ]
  }
]
