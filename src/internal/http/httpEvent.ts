/**
 * The HTTP request in an event, told by the structure of the event: front doors do not name themselves.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-services.html
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as SchemaIssue from "effect/SchemaIssue"
import * as EventError from "../../EventError.ts"
import * as Alb from "../../events/Alb.ts"
import * as ApiGatewayV1 from "../../events/ApiGatewayV1.ts"
import * as ApiGatewayV2 from "../../events/ApiGatewayV2.ts"
import * as FunctionUrl from "../../events/FunctionUrl.ts"
import * as VpcLattice from "../../events/VpcLattice.ts"
import type { HttpEvent } from "../../LambdaHttp.ts"
import type { Attempt } from "../attempt.ts"
import * as eventDecoder from "../eventDecoder.ts"

type Tag = HttpEvent["_tag"]

/** Fails when the payload is no JSON, no HTTP request, or one that lacks something. */
export const decode = (
  payload: Uint8Array,
  attempt: Attempt | undefined
): Effect.Effect<HttpEvent, EventError.EventError> => {
  const parse = attempt?.parse ?? eventDecoder.parseOnce()
  const json = parse(payload)
  if (Result.isFailure(json)) return Effect.fail(json.failure)
  const tag = recognize(json.success)
  if (tag === undefined) {
    return Effect.fail(EventError.fromIssue(notHttp, { event: json.success, expected: "an HTTP request" }))
  }
  const decoded = decoders[tag](json.success)
  return attempt === undefined ? decoded : Effect.tap(decoded, () => Effect.sync(attempt.accept))
}

const notHttp = new SchemaIssue.InvalidValue({
  expected: "a request of API Gateway, a function URL, an Application Load Balancer or VPC Lattice"
})

const recognize = (event: unknown): Tag | undefined => {
  const context = at(event, "requestContext")
  if (context === undefined) return at(event, "raw_path") === undefined ? undefined : "VpcLatticeV1"
  if (at(context, "elb") !== undefined) return "Alb"
  if (at(context, "serviceNetworkArn") !== undefined) return "VpcLatticeV2"
  if (at(context, "http") !== undefined) {
    if (at(event, "routeArn") !== undefined) return undefined
    return isFunctionUrl(at(context, "domainName")) ? "FunctionUrl" : "ApiGatewayV2"
  }
  // A Lambda authorizer is asked about the whole request, and answers something else.
  return at(context, "httpMethod") === undefined || at(event, "methodArn") !== undefined ? undefined : "ApiGatewayV1"
}

const isFunctionUrl = (domainName: unknown) => typeof domainName === "string" && domainName.includes(".lambda-url.")

const at = (value: unknown, key: string): unknown =>
  typeof value === "object" && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined

type Decode = (json: unknown) => Effect.Effect<HttpEvent, EventError.EventError>

const decoder = <Event>(
  decode: (json: unknown) => Effect.Effect<Event, EventError.EventError>,
  tagged: (event: Event) => HttpEvent
): Decode =>
(json) => Effect.mapEager(decode(json), tagged)

const decoders: { readonly [_ in Tag]: Decode } = {
  ApiGatewayV1: decoder(
    eventDecoder.fromJson(
      ApiGatewayV1.Event.annotate({ title: "a request of API Gateway in the payload format 1.0" })
    ),
    (event) => ({ _tag: "ApiGatewayV1", event })
  ),
  ApiGatewayV2: decoder(
    eventDecoder.fromJson(
      ApiGatewayV2.Event.annotate({ title: "a request of API Gateway in the payload format 2.0" })
    ),
    (event) => ({ _tag: "ApiGatewayV2", event })
  ),
  FunctionUrl: decoder(
    eventDecoder.fromJson(FunctionUrl.Event.annotate({ title: "a request of a function URL" })),
    (event) => ({ _tag: "FunctionUrl", event })
  ),
  Alb: decoder(
    eventDecoder.fromJson(Alb.Event.annotate({ title: "a request of an Application Load Balancer" })),
    (event) => ({ _tag: "Alb", event })
  ),
  VpcLatticeV1: decoder(
    eventDecoder.fromJson(VpcLattice.EventV1.annotate({ title: "a request of VPC Lattice in the version 1.0" })),
    (event) => ({ _tag: "VpcLatticeV1", event })
  ),
  VpcLatticeV2: decoder(
    eventDecoder.fromJson(VpcLattice.EventV2.annotate({ title: "a request of VPC Lattice in the version 2.0" })),
    (event) => ({ _tag: "VpcLatticeV2", event })
  )
}
