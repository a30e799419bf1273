import * as Schema from "effect/Schema"
import * as CdkProvider from "../../../src/events/CdkProvider.ts"
import type { Shape } from "../shape.ts"

const create = CdkProvider.sample()

const update = {
  ...create,
  RequestType: "Update",
  PhysicalResourceId: "orders-1",
  OldResourceProperties: { Name: "orders", Size: "4" }
}

const deletion = { ...create, RequestType: "Delete", PhysicalResourceId: "orders-1" }

const { ResponseURL: _, ServiceToken: __, ...withoutUrl } = create

const answered = { PhysicalResourceId: "orders-1", Data: { Arn: "arn:aws:dynamodb:t" }, NoEcho: true }

const Size = Schema.Struct({ Size: Schema.FiniteFromString })

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "CdkProvider.OnEventRequest",
    kind: "request",
    schema: CdkProvider.OnEventRequest,
    samples: [create, update, deletion, withoutUrl],
    fixtures: ["cdk-custom-resource"],
    refused: [
      [{ ...deletion, PhysicalResourceId: undefined }, "PhysicalResourceId"],
      [{ ...create, RequestType: "Read" }, "the root"]
    ]
  },
  {
    name: "CdkProvider.onEventRequestOf",
    kind: "request",
    schema: CdkProvider.onEventRequestOf(Size),
    samples: [CdkProvider.sample({ Size: "5" }), { ...update, ResourceProperties: { Size: "6" } }, deletion],
    refused: [[CdkProvider.sample({ Size: "large" }), "ResourceProperties.Size"]]
  },
  {
    name: "CdkProvider.OnEventResponse",
    kind: "response",
    schema: CdkProvider.OnEventResponse,
    samples: [{}, answered, { PhysicalResourceId: "orders-1" }],
    fixtures: ["cdk-custom-resource-response"],
    refused: [[{ NoEcho: "true" }, "NoEcho"]]
  },
  {
    name: "CdkProvider.onEventResponseOf",
    kind: "response",
    schema: CdkProvider.onEventResponseOf({ StartedAt: Schema.Date }),
    samples: [{ ...answered, StartedAt: "2026-01-02T03:04:05.678Z" }],
    refused: [[answered, "StartedAt"]]
  },
  {
    name: "CdkProvider.IsCompleteRequest",
    kind: "request",
    schema: CdkProvider.IsCompleteRequest,
    samples: [CdkProvider.sampleIsCompleteRequest(), { ...create, ...answered }, { ...update, ...answered }, deletion],
    refused: [[create, "PhysicalResourceId"]]
  },
  {
    name: "CdkProvider.isCompleteRequestOf",
    kind: "request",
    schema: CdkProvider.isCompleteRequestOf(Size, { At: Schema.Date }),
    samples: [{ ...create, ...answered, At: "2026-01-02T03:04:05.678Z", ResourceProperties: { Size: "5" } }],
    refused: [[{ ...create, ...answered, ResourceProperties: { Size: "5" } }, "At"]]
  },
  {
    name: "CdkProvider.IsCompleteResponse",
    kind: "response",
    schema: CdkProvider.IsCompleteResponse,
    samples: [{ IsComplete: true, Data: { Arn: "arn" } }, { IsComplete: true }, { IsComplete: false }],
    refused: [[{ IsComplete: "true" }, "the root"]]
  }
]
