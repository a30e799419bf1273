import * as GuardDuty from "../../../src/events/GuardDuty.ts"
import type { Shape } from "../shape.ts"

const clean = GuardDuty.sampleMalwareProtectionObjectScanResult()

const { scanResultDetails: _, ...rest } = clean.detail

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "GuardDuty.MalwareProtectionObjectScanResult",
    kind: "request",
    schema: GuardDuty.MalwareProtectionObjectScanResult,
    samples: [
      clean,
      GuardDuty.sampleMalwareProtectionObjectScanResult("EICAR-Test-File (not a virus)"),
      {
        ...clean,
        detail: {
          ...clean.detail,
          scanStatus: "SKIPPED",
          s3ObjectDetails: { bucketName: "a", objectKey: "b", versionId: null },
          scanResultDetails: { scanResultStatus: "UNSUPPORTED", statusReasons: ["PASSWORD_PROTECTED"] }
        }
      }
    ],
    refused: [
      [{ ...clean, detail: rest }, "detail.scanResultDetails"],
      [{ ...clean, "detail-type": "GuardDuty Finding" }, "[\"detail-type\"]"]
    ]
  }
]
