import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Authorizer from "../../src/events/Authorizer.ts"
import { decode, encode, misfits } from "./codec.ts"

const requestV2 = Authorizer.sampleRequestEventV2()

const statement = {
  Action: "execute-api:Invoke",
  Effect: "Allow" as const,
  Resource: "arn:aws:execute-api:us-east-1:123456789012:api-id/prod/*"
}

const policy = { principalId: "jane", policyDocument: { Version: "2012-10-17", Statement: [statement] } }

describe("Authorizer", () => {
  it.effect("keeps a token out of logs, with its `Bearer `, and encodes it back", () =>
    Effect.gen(function*() {
      const event = yield* decode(Authorizer.TokenEvent)(Authorizer.sampleTokenEvent("Bearer secret"))
      assert.strictEqual(Redacted.value(event.authorizationToken), "Bearer secret")
      assert.notInclude(`${JSON.stringify(event)} ${String(event.authorizationToken)}`, "secret")
      assert.strictEqual((yield* encode(Authorizer.TokenEvent)(event)).authorizationToken, "Bearer secret")
    }))

  it.effect("reads a test from the console, whose maps are null and which has a body", () =>
    Effect.gen(function*() {
      const event = yield* decode(Authorizer.RequestEventV1)({
        ...Authorizer.sampleRequestEventV1(),
        headers: null,
        multiValueHeaders: null,
        queryStringParameters: null,
        pathParameters: null,
        stageVariables: null,
        body: null,
        isBase64Encoded: false
      })
      assert.isNull(event.headers)
    }))

  it.effect("reads a request of an HTTP API in the payload format 1.0, without times", () =>
    Effect.gen(function*() {
      const event = Authorizer.sampleRequestEventV1()
      const { requestTime: _time, requestTimeEpoch: _epoch, ...requestContext } = event.requestContext
      const decoded = yield* decode(Authorizer.RequestEventV1)({
        ...event,
        version: "1.0",
        identitySource: "user1,123",
        authorizationToken: "user1,123",
        requestContext
      })
      assert.strictEqual(decoded.identitySource, "user1,123")
      assert.isUndefined(decoded.requestContext.requestTimeEpoch)
    }))

  it.effect("reads a request of a WebSocket API, which has no path", () =>
    Effect.gen(function*() {
      const event = yield* decode(Authorizer.WebSocketRequestEvent)(Authorizer.sampleWebSocketRequestEvent())
      assert.strictEqual(event.requestContext.connectionId, "e2u7kd-gIAMCJ0g=")
      assert.notProperty(event, "path")
    }))

  it.effect("reads a request without identity sources, which are null or absent", () =>
    Effect.gen(function*() {
      const { identitySource: _source, ...without } = requestV2
      assert.isUndefined((yield* decode(Authorizer.RequestEventV2)(without)).identitySource)
      assert.isNull((yield* decode(Authorizer.RequestEventV2)({ ...requestV2, identitySource: null })).identitySource)
    }))

  it.effect("refuses a context with a list for a REST API, which would answer 500, and not for an HTTP API", () =>
    Effect.gen(function*() {
      const answer = { ...policy, context: { roles: ["admin"] } }
      assert.include(yield* misfits(Authorizer.PolicyResult)(answer), "context.roles")
      assert.deepStrictEqual<unknown>(yield* encode(Authorizer.PolicyResultV2)(answer), answer)
    }))

  it.effect("takes one resource and many, and those that are not meant", () =>
    Effect.gen(function*() {
      const { Resource: _resource, ...rest } = statement
      const answer = {
        principalId: "jane",
        policyDocument: {
          Statement: [
            statement,
            { ...statement, Action: ["execute-api:Invoke"], Resource: ["a", "b"] },
            { ...rest, NotResource: "c" }
          ]
        }
      }
      assert.deepStrictEqual<unknown>(yield* encode(Authorizer.PolicyResult)(answer), answer)
    }))

  it.effect("leaves out what a result does not have, also where it is given as undefined", () =>
    Effect.gen(function*() {
      const result = yield* encode(Authorizer.SimpleResult)({ isAuthorized: false, context: undefined })
      assert.deepStrictEqual(result, { isAuthorized: false })
    }))
})
