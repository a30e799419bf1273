import * as Ecr from "../../../src/events/Ecr.ts"
import type { Shape } from "../shape.ts"

const scan = Ecr.sampleImageScan()

const { "finding-severity-counts": _, ...clean } = scan.detail

const push = Ecr.sampleImageAction()

const { "image-tag": __, ...untagged } = push.detail

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "Ecr.ImageScan",
    kind: "request",
    schema: Ecr.ImageScan,
    samples: [
      scan,
      { ...scan, detail: { ...scan.detail, "finding-severity-counts": {}, "image-tags": ["latest"] } },
      {
        ...scan,
        detail: {
          ...scan.detail,
          "finding-severity-counts": { CRITICAL: 1, HIGH: 2, MEDIUM: 9, LOW: 3, INFORMATIONAL: 0, UNDEFINED: 0 }
        }
      },
      { ...scan, detail: { ...clean, "scan-status": "FAILED" } }
    ],
    fixtures: ["eventbridge:ecr"],
    refused: [
      [push, "[\"detail-type\"]"],
      [
        { ...scan, detail: { ...scan.detail, "finding-severity-counts": { HIGH: "2" } } },
        "detail[\"finding-severity-counts\"].HIGH"
      ]
    ]
  },
  {
    name: "Ecr.ImageAction",
    kind: "request",
    schema: Ecr.ImageAction,
    samples: [push, { ...push, detail: { ...untagged, "action-type": "DELETE" } }, {
      ...push,
      detail: {
        ...push.detail,
        "image-digest": null,
        "manifest-media-type": "application/vnd.oci.image.manifest.v1+json",
        "artifact-media-type": "application/vnd.oci.image.config.v1+json"
      }
    }],
    refused: [[scan, "[\"detail-type\"]"], [{ ...push, detail: {} }, "detail[\"repository-name\"]"]]
  }
]
