import * as ClientVpn from "../../../src/events/ClientVpn.ts"
import type { Shape } from "../shape.ts"

const sample = ClientVpn.sample()

const statuses = { allow: true, "posture-compliance-statuses": ["compliant"] }

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "ClientVpn.Event",
    kind: "request",
    schema: ClientVpn.Event,
    samples: [
      sample,
      { ...sample, groups: ["developers", "admins"], "platform-version": "", "common-name": null },
      { "connection-id": "c", "endpoint-id": "e", "schema-version": "v1" }
    ],
    fixtures: ["client-vpn"],
    refused: [[{ ...sample, "connection-id": null }, "[\"connection-id\"]"]]
  },
  {
    name: "ClientVpn.Result",
    kind: "response",
    schema: ClientVpn.Result,
    samples: [
      { ...statuses, "error-msg-on-denied-connection": "", "schema-version": "v3" },
      {
        allow: false,
        "posture-compliance-statuses": [],
        "error-msg-on-denied-connection": "No",
        "schema-version": "v2"
      },
      { ...statuses, "error-msg-on-failed-posture-compliance": "", "schema-version": "v1" }
    ],
    refused: [
      [
        { ...statuses, "error-msg-on-failed-posture-compliance": "", "schema-version": "v3" },
        "[\"error-msg-on-denied-connection\"]"
      ],
      [
        { ...statuses, "error-msg-on-denied-connection": "", "schema-version": "v1" },
        "[\"error-msg-on-failed-posture-compliance\"]"
      ]
    ]
  }
]
