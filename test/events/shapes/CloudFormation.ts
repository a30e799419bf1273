import * as Schema from "effect/Schema"
import * as CloudFormation from "../../../src/events/CloudFormation.ts"
import type { Shape } from "../shape.ts"

const create = CloudFormation.sampleCreateEvent()

const update = CloudFormation.sampleUpdateEvent()

const deletion = CloudFormation.sampleDeleteEvent()

const nested = CloudFormation.sampleCreateEvent({ Rules: [{ Port: "80", Open: "true" }], Tags: {}, Names: [] })

const { ServiceToken: _, ...withoutServiceToken } = create

const response = {
  PhysicalResourceId: "images-1",
  StackId: create.StackId,
  RequestId: create.RequestId,
  LogicalResourceId: create.LogicalResourceId
}

const macro = CloudFormation.sampleMacroEvent()

const { requestId } = macro

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "CloudFormation.Event",
    kind: "request",
    schema: CloudFormation.Event,
    samples: [create, update, deletion, nested, withoutServiceToken, { ...deletion, PhysicalResourceId: null }],
    fixtures: ["cloudformation-custom-resource"],
    refused: [
      [{ ...create, RequestType: "create" }, "the root"],
      [{ ...update, OldResourceProperties: "{}" }, "OldResourceProperties"],
      [{ ...deletion, PhysicalResourceId: 7 }, "PhysicalResourceId"],
      [{ ...create, ResponseURL: null }, "ResponseURL"]
    ]
  },
  {
    name: "CloudFormation.eventOf",
    kind: "request",
    schema: CloudFormation.eventOf(Schema.Struct({ At: Schema.Date, Size: Schema.FiniteFromString })),
    samples: [
      CloudFormation.sampleCreateEvent({ At: "2026-01-02T03:04:05.678Z", Size: "5" }),
      CloudFormation.sampleUpdateEvent({ At: "2026-01-02T03:04:05.678Z", Size: "5" }, { Size: "large" }),
      CloudFormation.sampleDeleteEvent({ Size: "large" })
    ],
    dropped: ["ResourceProperties.ServiceToken: dropped"],
    refused: [[
      CloudFormation.sampleUpdateEvent({ At: "2026-01-02T03:04:05.678Z", Size: "large" }),
      "ResourceProperties.Size"
    ]]
  },
  {
    name: "CloudFormation.Response",
    kind: "response",
    schema: CloudFormation.Response,
    samples: [
      { Status: "SUCCESS", ...response },
      { Status: "SUCCESS", Reason: "It was there", NoEcho: true, Data: { Arn: "arn:aws:s3:::images" }, ...response },
      { Status: "FAILED", Reason: "There is one of that name", ...response }
    ],
    fixtures: ["cloudformation-custom-resource-response"],
    refused: [
      [{ Status: "FAILED", ...response }, "Reason"],
      [{ Status: "success", ...response }, "the root"],
      [{ Status: "SUCCESS", ...response, Data: "text" }, "Data"]
    ]
  },
  {
    name: "CloudFormation.MacroEvent",
    kind: "request",
    schema: CloudFormation.MacroEvent,
    samples: [macro, { ...macro, params: {}, templateParameterValues: {}, fragment: ["text", 5, true, null] }],
    refused: [[{ ...macro, params: null }, "params"]]
  },
  {
    name: "CloudFormation.MacroResult",
    kind: "response",
    schema: CloudFormation.MacroResult,
    samples: [
      { requestId, status: "success", fragment: { Resources: {} } },
      { requestId, status: "success", fragment: "text" },
      { requestId, status: "failure", errorMessage: "There are no resources" },
      { requestId, status: "failure", fragment: null, errorMessage: "No" }
    ],
    refused: [[{ status: "success", fragment: {} }, "requestId"]]
  }
]
