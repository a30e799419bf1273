import * as Iot from "../../../src/events/Iot.ts"
import type { Shape } from "../shape.ts"

const connect = Iot.sampleCustomAuthorizerEvent()

const { token: _, ...withoutToken } = connect

const withCertificate = {
  signatureVerified: false,
  protocols: ["tls", "mqtt"],
  protocolData: {
    tls: { serverName: "example.com", x509CertificatePem: "-----BEGIN CERTIFICATE-----", principalId: "p-1" },
    mqtt: { clientId: "c-1" }
  },
  connectionMetadata: { id: "1" }
}

const policy = {
  Version: "2012-10-17",
  Statement: [
    { Action: ["iot:Publish"], Effect: "Allow", Resource: ["arn:aws:iot:us-east-2:123456789012:topic/a"] },
    {
      Sid: "connect",
      Action: "iot:Connect",
      Effect: "Deny",
      Resource: "*",
      Condition: { Bool: { "iot:Connection.Thing.IsAttached": ["true"] } }
    }
  ]
}

const answer = {
  isAuthenticated: true,
  principalId: "device1",
  disconnectAfterInSeconds: 86400,
  refreshAfterInSeconds: 300,
  policyDocuments: [policy]
}

const provision = Iot.samplePreProvisioningHookEvent()

const { certificateId, templateArn } = provision

const button = Iot.sampleButtonEvent()

const click = Iot.sampleOneClickEvent()

const deprecated = Iot.sampleDeprecatedCustomAuthorizerEvent()

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "Iot.CustomAuthorizerEvent",
    kind: "request",
    schema: Iot.CustomAuthorizerEvent,
    samples: [
      connect,
      withoutToken,
      withCertificate,
      { protocols: ["http"], protocolData: { http: { headers: {}, queryString: "?a=b" } } },
      { protocols: ["tls"], protocolData: { tls: {}, http: {}, mqtt: {} }, connectionMetadata: {} },
      { protocols: [], protocolData: { tls: null, http: null, mqtt: null }, connectionMetadata: null, token: null }
    ],
    fixtures: ["iot-custom-authorizer"],
    refused: [
      [{ ...connect, protocolData: { mqtt: { password: "?" } } }, "protocolData.mqtt.password"],
      [{ ...connect, protocolData: null }, "protocolData"]
    ]
  },
  {
    name: "Iot.CustomAuthorizerResult",
    kind: "response",
    schema: Iot.CustomAuthorizerResult,
    samples: [
      answer,
      { ...answer, policyDocuments: [JSON.stringify(policy), policy] },
      { ...answer, isAuthenticated: false, policyDocuments: [] }
    ],
    fixtures: ["iot-custom-authorizer-response"],
    refused: [
      [{ ...answer, refreshAfterInSeconds: "300" }, "refreshAfterInSeconds"],
      [
        { ...answer, policyDocuments: [{ ...policy, Statement: [{ ...policy.Statement[0], Effect: "allow" }] }] },
        "policyDocuments[0].Statement[0].Effect"
      ]
    ]
  },
  {
    name: "Iot.PreProvisioningHookEvent",
    kind: "request",
    schema: Iot.PreProvisioningHookEvent,
    samples: [
      provision,
      { certificateId, templateArn },
      { ...provision, templateName: "MyTemplate", parameters: {}, clientId: null }
    ],
    fixtures: ["iot-pre-provisioning"],
    refused: [[{ ...provision, parameters: { a: 1 } }, "parameters.a"]]
  },
  {
    name: "Iot.PreProvisioningHookResult",
    kind: "response",
    schema: Iot.PreProvisioningHookResult,
    samples: [{ allowProvisioning: true, parameterOverrides: { DeviceLocation: "Seattle" } }, {
      allowProvisioning: false
    }],
    fixtures: ["iot-pre-provisioning-response"],
    refused: [[{}, "allowProvisioning"]]
  },
  {
    name: "Iot.RuleEvent",
    kind: "request",
    schema: Iot.RuleEvent,
    samples: [{ temperature: 21.5, nested: [null, true] }, 5, "text", "iVBORw0KGgo=", [1], null]
  },
  {
    name: "Iot.ButtonEvent",
    kind: "request",
    schema: Iot.ButtonEvent,
    samples: [button, { ...button, clickType: "LONG" }, { serialNumber: "G", clickType: "DOUBLE" }],
    fixtures: ["iot-button"],
    refused: [[{ ...button, serialNumber: null }, "serialNumber"]]
  },
  {
    name: "Iot.OneClickEvent",
    kind: "request",
    schema: Iot.OneClickEvent,
    samples: [
      click,
      { ...click, placementInfo: { projectName: "p", placementName: "n" } },
      { deviceEvent: {}, deviceInfo: { deviceId: "G" }, placementInfo: null }
    ],
    fixtures: ["iot-1-click"],
    refused: [[
      { ...click, deviceEvent: { buttonClicked: { clickType: "SINGLE", reportedTime: "now" } } },
      "deviceEvent.buttonClicked.reportedTime"
    ]]
  },
  {
    name: "Iot.DeprecatedCustomAuthorizerEvent",
    kind: "request",
    schema: Iot.DeprecatedCustomAuthorizerEvent,
    samples: [deprecated, { token: "t" }, { tlsContext: {}, mqttContext: {} }, {
      ...deprecated,
      mqttContext: null,
      httpContext: {}
    }],
    refused: [[{ ...deprecated, token: 1 }, "token"]]
  }
]
