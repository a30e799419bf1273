import * as Health from "../../../src/events/Health.ts"
import type { Shape } from "../shape.ts"

const event = Health.sample()

const { resources: _, ...withoutResources } = event

/** As the first documentation of the service has it. */
const old = {
  ...event,
  detail: {
    eventArn: "arn:aws:health:us-west-2::event/AWS_EC2_INSTANCE_STORE_DRIVE_PERFORMANCE_DEGRADED_90353408594353980",
    service: "EC2",
    eventTypeCode: "AWS_EC2_INSTANCE_STORE_DRIVE_PERFORMANCE_DEGRADED",
    eventTypeCategory: "issue",
    startTime: "Sat, 05 Jun 2016 15:10:09 GMT",
    eventDescription: [{ language: "en_US", latestDescription: "A description" }]
  }
}

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "Health.Event",
    kind: "request",
    schema: Health.Event,
    samples: [
      event,
      withoutResources,
      old,
      { ...event, "detail-type": "AWS Health Abuse Event", detail: { ...event.detail, endTime: "", tags: undefined } },
      { ...event, detail: { ...event.detail, startTime: "Fri, 3 Jun 2022 05:01:10 GMT", affectedEntities: [] } },
      { ...event, detail: { ...event.detail, affectedEntities: [{ entityValue: "i-abcd1111" }] } },
      {
        ...event,
        detail: { eventArn: "arn", service: "EC2", eventTypeCode: "AWS_EC2", eventTypeCategory: "investigation" }
      },
      { ...event, detail: { ...event.detail, endTime: "Thu, 27 Aug 2026 14:00:00 GMT", eventMetadata: null } }
    ],
    normalised: [
      "detail.startTime: \"Fri, 3 Jun 2022 05:01:10 GMT\" -> \"Fri, 03 Jun 2022 05:01:10 GMT\"",
      "detail.startTime: \"Sat, 05 Jun 2016 15:10:09 GMT\" -> \"Sun, 05 Jun 2016 15:10:09 GMT\""
    ],
    refused: [
      [{ ...event, detail: { ...event.detail, startTime: "2022-06-03T05:01:10Z" } }, "detail.startTime"],
      [{ ...event, detail: { ...event.detail, endTime: "never" } }, "detail.endTime"],
      [{ ...event, detail: { ...event.detail, backupEvent: "maybe" } }, "detail.backupEvent"]
    ]
  }
]
