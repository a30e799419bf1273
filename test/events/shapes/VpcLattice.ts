import * as Schema from "effect/Schema"
import * as VpcLattice from "../../../src/events/VpcLattice.ts"
import type { Shape } from "../shape.ts"

const v1 = VpcLattice.sampleEventV1()

const v2 = VpcLattice.sampleEventV2()

const { body: _bodyV1, query_string_parameters: _queryV1, ...minimalV1 } = v1

const { body: _bodyV2, queryStringParameters: _queryV2, ...minimalV2 } = v2

const { identity: _identity, ...anonymous } = v2.requestContext

const ofRolesAnywhere = {
  ...v2,
  requestContext: {
    ...v2.requestContext,
    identity: {
      ...v2.requestContext.identity,
      x509IssuerOu: "Engineering",
      x509SanDns: "example.com",
      x509SanNameCn: "Example",
      x509SanUri: "https://example.com/",
      x509SubjectCn: "partner.example.com"
    }
  }
}

const Order = Schema.Struct({ id: Schema.String, placedAt: Schema.Date })

const order = JSON.stringify({ id: "o-1", placedAt: "2026-01-02T03:04:05.678Z" })

const base64 = (text: string) => Buffer.from(text).toString("base64")

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "VpcLattice.EventV2",
    kind: "request",
    schema: VpcLattice.EventV2,
    samples: [
      v2,
      { ...minimalV2, requestContext: anonymous },
      { ...minimalV2, requestContext: { ...anonymous, identity: {} } },
      { ...v2, body: null, queryStringParameters: null, requestContext: { ...anonymous, identity: null } },
      ofRolesAnywhere
    ],
    fixtures: ["vpc-lattice-v2"],
    refused: [
      [v1, "version"],
      [{ ...v2, headers: { host: "a" } }, "headers.host"],
      [{ ...v2, requestContext: { ...v2.requestContext, serviceNetworkArn: null } }, "requestContext.serviceNetworkArn"]
    ]
  },
  {
    name: "VpcLattice.EventV1",
    kind: "request",
    schema: VpcLattice.EventV1,
    samples: [v1, minimalV1, { raw_path: "/", method: "GET", headers: {} }, {
      ...v1,
      body: null,
      query_string_parameters: null
    }],
    fixtures: ["vpc-lattice-v1"],
    refused: [[v2, "raw_path"], [{ ...v1, headers: { host: ["a"] } }, "headers.host"]]
  },
  {
    name: "VpcLattice.Event",
    kind: "request",
    schema: VpcLattice.Event,
    samples: [v2, v1, ofRolesAnywhere],
    fixtures: ["vpc-lattice-v1", "vpc-lattice-v2"]
  },
  {
    name: "VpcLattice.eventV2Of",
    kind: "request",
    schema: VpcLattice.eventV2Of(Order),
    samples: [{ ...v2, body: order }, { ...v2, body: base64(order), isBase64Encoded: true }],
    refused: [[{ ...v2, body: "{\"id\":1}" }, "body.id"], [minimalV2, "body"]]
  },
  {
    name: "VpcLattice.eventV1Of",
    kind: "request",
    schema: VpcLattice.eventV1Of(Order),
    samples: [{ ...v1, body: order }, { ...v1, body: base64(order), is_base64_encoded: true }],
    refused: [[{ ...v1, body: "{\"id\":1}" }, "body.id"], [minimalV1, "body"]]
  },
  {
    name: "VpcLattice.Result",
    kind: "response",
    schema: VpcLattice.Result,
    samples: [
      {
        statusCode: 200,
        statusDescription: "200 OK",
        headers: { "content-type": "application/json" },
        body: "{}",
        isBase64Encoded: false
      },
      { statusCode: 204 }
    ],
    fixtures: ["vpc-lattice-response"],
    refused: [[{ body: "no status" }, "statusCode"]]
  }
]
