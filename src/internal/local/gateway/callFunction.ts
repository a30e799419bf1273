/**
 * A front door's call of its function, and the answer in the form in which the door needs it.
 */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { MaxResponseSize } from "../../../RuntimeApi.ts"
import { type FunctionError, responseTooLarge } from "../function/functionError.ts"
import {
  type Answer,
  type Call,
  maxEventSize,
  type ShuttingDown,
  type TooManyRequests
} from "../function/invocation.ts"
import type { LocalFunction } from "../function/localFunction.ts"
import * as boundedBody from "../http/boundedBody.ts"
import { RequestTooLarge } from "./gatewayRequest.ts"

/** The caller is there for as long as the scope is open. */
export const call = (local: LocalFunction, event: {
  readonly payload: object
  readonly traceId: string
  readonly requestId?: string | undefined
}): Effect.Effect<Call, RequestTooLarge | ShuttingDown | TooManyRequests, Scope.Scope> => {
  const payload = new TextEncoder().encode(JSON.stringify(event.payload))
  return payload.length > maxEventSize ? Effect.fail(new RequestTooLarge()) : local.invocations.offer({
    payload,
    functionArn: local.arn,
    contentType: "application/json",
    traceId: event.traceId,
    requestId: event.requestId,
    tenantId: undefined,
    clientContext: undefined,
    identity: undefined
  })
}

/** The whole answer, also when the function streams it, which is how `Invoke` gives it to a front door. */
export const whole = (answer: Answer): Effect.Effect<Uint8Array, FunctionError> => {
  switch (answer._tag) {
    case "Failed":
      return Effect.fail(answer.error)
    case "Buffered":
      return Effect.succeed(answer.body)
    case "Streamed":
      return boundedBody.collect(answer.body, MaxResponseSize, responseTooLarge)
  }
}
