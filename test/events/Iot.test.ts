import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Iot from "../../src/events/Iot.ts"
import { decode, encode } from "./codec.ts"

const textOf = (password: Redacted.Redacted<Uint8Array> | null | undefined) =>
  Redacted.isRedacted(password) ? new TextDecoder().decode(Redacted.value(password)) : password

describe("Iot", () => {
  it.effect("reads the password of MQTT from base64, and does not show it", () =>
    Effect.gen(function*() {
      const event = Iot.sampleCustomAuthorizerEvent("sesame")
      const decoded = yield* decode(Iot.CustomAuthorizerEvent)(event)
      assert.strictEqual(textOf(decoded.protocolData.mqtt?.password), "sesame")
      assert.notInclude(JSON.stringify(decoded), event.protocolData.mqtt?.password ?? "none")
      assert.notInclude(JSON.stringify(decoded), "aToken")
      assert.deepStrictEqual(yield* encode(Iot.CustomAuthorizerEvent)(decoded), event)
    }))

  it.effect("reads a device that has sent a certificate alone", () =>
    Effect.gen(function*() {
      const { protocolData, token } = yield* decode(Iot.CustomAuthorizerEvent)({
        signatureVerified: false,
        protocols: ["tls", "mqtt"],
        protocolData: {
          tls: { serverName: "s", x509CertificatePem: "pem", principalId: "p" },
          mqtt: { clientId: "c" }
        },
        connectionMetadata: { id: "1" }
      })
      assert.isUndefined(token)
      assert.isUndefined(protocolData.http)
      assert.strictEqual(protocolData.tls?.x509CertificatePem, "pem")
      assert.strictEqual(protocolData.tls?.principalId, "p")
      assert.isUndefined(protocolData.mqtt?.password)
    }))

  it.effect("sends policies as objects, and as text of JSON", () =>
    Effect.gen(function*() {
      const answer = {
        isAuthenticated: true,
        principalId: "d",
        disconnectAfterInSeconds: 300,
        refreshAfterInSeconds: 300
      }
      const policy = {
        Version: "2012-10-17",
        Statement: [{ Action: "iot:*", Effect: "Allow" as const, Resource: ["*"] }]
      }
      const policyDocuments = [policy, JSON.stringify(policy)]
      assert.deepStrictEqual(yield* encode(Iot.CustomAuthorizerResult)({ ...answer, policyDocuments }), {
        ...answer,
        policyDocuments
      })
    }))

  it.effect("reads any message of a rule", () =>
    Effect.gen(function*() {
      for (const message of [5, "text", { a: [1] }, null]) {
        assert.deepStrictEqual(yield* decode(Iot.RuleEvent)(message), message)
      }
    }))

  it.effect("leaves the voltage of a button with its unit", () =>
    Effect.gen(function*() {
      const { batteryVoltage } = yield* decode(Iot.ButtonEvent)({
        ...Iot.sampleButtonEvent(),
        batteryVoltage: "2000 mV"
      })
      assert.strictEqual(batteryVoltage, "2000 mV")
    }))

  it.effect("does not show what a deprecated authorizer is asked", () =>
    Effect.gen(function*() {
      const event = yield* decode(Iot.DeprecatedCustomAuthorizerEvent)(Iot.sampleDeprecatedCustomAuthorizerEvent())
      assert.strictEqual(String(event.token), "<redacted>")
      assert.strictEqual(textOf(event.mqttContext?.password), "myPassword")
    }))
})
