import * as TrustedAdvisor from "../../../src/events/TrustedAdvisor.ts"
import type { Shape } from "../shape.ts"

const event = TrustedAdvisor.sampleCheckItemRefreshNotification()

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "TrustedAdvisor.CheckItemRefreshNotification",
    kind: "request",
    schema: TrustedAdvisor.CheckItemRefreshNotification,
    samples: [event, {
      ...event,
      detail: {
        "check-name": "Exposed Access Keys",
        "check-item-detail": { "Case ID": "12345678", Deadline: "1440453299248", "Fraud Type": "Exposed" },
        status: "ERROR",
        resource_id: "",
        uuid: "aa12345f-55c7-498e-b7ac-123456789012"
      }
    }],
    refused: [
      [{ ...event, "detail-type": "Trusted Advisor Check" }, "[\"detail-type\"]"],
      [{ ...event, detail: { ...event.detail, "check-item-detail": { a: 1 } } }, "detail[\"check-item-detail\"].a"]
    ]
  }
]
