/**
 * Custom resources by the provider framework of the AWS CDK, which answers CloudFormation for its functions `onEvent`
 * and `isComplete`.
 *
 * @see https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.custom_resources-readme.html#provider-framework
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { nullish, omittable } from "../internal/events/nullish.ts"
import * as CloudFormation from "./CloudFormation.ts"

const title = "a CloudFormation custom resource event"

/** The framework answers in the function's place, and sends `...`. */
const ResponseURL = nullish(Schema.String)

const properties = Schema.Record(Schema.String, Schema.Json)

const makeOnEventRequestOf = <Properties extends Schema.Constraint>(properties: Properties) => {
  const ResourceProperties = Schema.toCodecJson(properties)
  const PhysicalResourceId = Schema.String
  return Schema.Union([
    Schema.Struct({ ...CloudFormation.CreateEvent.fields, ResponseURL, ResourceProperties }),
    Schema.Struct({ ...CloudFormation.UpdateEvent.fields, ResponseURL, PhysicalResourceId, ResourceProperties }),
    Schema.Struct({ ...CloudFormation.DeleteEvent.fields, ResponseURL, PhysicalResourceId })
  ]).annotate({ title })
}

/**
 * The schema of {@link onEventRequestOf}.
 *
 * @category models
 * @since 0.1.0
 */
export interface onEventRequestOf<Properties extends Schema.Constraint>
  extends ReturnType<typeof makeOnEventRequestOf<Properties>>
{}

/**
 * An {@link OnEventRequest} whose new properties have the given shape. Those before an update, and those of a resource
 * that is deleted, stay JSON.
 *
 * **Example** (A resource with a size)
 *
 * ```ts
 * import * as CdkProvider from "effect-lambda-runtime/events/CdkProvider"
 * import * as Schema from "effect/Schema"
 *
 * const Table = CdkProvider.onEventRequestOf(Schema.Struct({ Size: Schema.FiniteFromString }))
 * Schema.decodeUnknownSync(Table)(CdkProvider.sample({ Size: "5" })).ResourceProperties // => { Size: 5 }
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const onEventRequestOf: <Properties extends Schema.Constraint>(
  properties: Properties
) => onEventRequestOf<Properties> = makeOnEventRequestOf

/**
 * What `onEvent` is asked for, with the properties as JSON: `RequestType` tells what. {@link onEventRequestOf} decodes
 * the properties.
 *
 * **Gotchas**
 *
 * Every property is text: `true` arrives as `"true"`, `5` as `"5"`.
 *
 * **Example** (A resource that is made at once)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as CdkProvider from "effect-lambda-runtime/events/CdkProvider"
 * import * as Effect from "effect/Effect"
 *
 * const onEvent = Handler.make({
 *   event: CdkProvider.OnEventRequest,
 *   result: CdkProvider.OnEventResponse
 * }, (request) =>
 *   Effect.succeed({
 *     PhysicalResourceId: request.RequestType === "Create" ? `table-${request.RequestId}` : request.PhysicalResourceId
 *   }))
 * ```
 *
 * @category schemas
 * @since 0.1.0
 */
export const OnEventRequest = onEventRequestOf(properties)

/**
 * A decoded {@link OnEventRequest}.
 *
 * @category models
 * @since 0.1.0
 */
export type OnEventRequest = typeof OnEventRequest.Type

const answerFields = {
  /** What `Fn::GetAtt` gives. */
  Data: omittable(properties),
  /** Masks `Data` wherever it is shown. */
  NoEcho: omittable(Schema.Boolean)
}

/**
 * What `onEvent` has done.
 *
 * **Details**
 *
 * A new resource without a `PhysicalResourceId` takes the `RequestId`, and another one keeps its own. One that changes
 * in an update says that the resource was replaced.
 *
 * @category schemas
 * @since 0.1.0
 */
export const OnEventResponse = Schema.Struct({ PhysicalResourceId: omittable(Schema.String), ...answerFields })

/**
 * An {@link OnEventResponse} to encode.
 *
 * @category models
 * @since 0.1.0
 */
export interface OnEventResponse extends Schema.Schema.Type<typeof OnEventResponse> {}

const makeOnEventResponseOf = <State extends Schema.Struct.Fields>(state: State) =>
  Schema.toCodecJson(Schema.Struct({ ...OnEventResponse.fields, ...state }))

/**
 * The schema of {@link onEventResponseOf}.
 *
 * @category models
 * @since 0.1.0
 */
export interface onEventResponseOf<State extends Schema.Struct.Fields>
  extends ReturnType<typeof makeOnEventResponseOf<State>>
{}

/**
 * An {@link OnEventResponse} with fields of your own, which `isComplete` is given.
 *
 * **Example** (A job to wait for)
 *
 * ```ts
 * import * as CdkProvider from "effect-lambda-runtime/events/CdkProvider"
 * import * as Schema from "effect/Schema"
 *
 * const Started = CdkProvider.onEventResponseOf({ JobId: Schema.String })
 * const response = { PhysicalResourceId: "t-1", JobId: "j-1" }
 * Schema.encodeSync(Started)(response) // => response
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const onEventResponseOf: <State extends Schema.Struct.Fields>(state: State) => onEventResponseOf<State> =
  makeOnEventResponseOf

const isCompleteFields = { ResponseURL, PhysicalResourceId: Schema.String, ...answerFields }

const makeIsCompleteRequestOf = <Properties extends Schema.Constraint, State extends Schema.Struct.Fields>(
  properties: Properties,
  state: State
) => {
  const fields = { ...isCompleteFields, ...state }
  const ResourceProperties = Schema.toCodecJson(properties)
  return Schema.Union([
    Schema.toCodecJson(Schema.Struct({ ...CloudFormation.CreateEvent.fields, ...fields, ResourceProperties })),
    Schema.toCodecJson(Schema.Struct({ ...CloudFormation.UpdateEvent.fields, ...fields, ResourceProperties })),
    Schema.toCodecJson(Schema.Struct({ ...CloudFormation.DeleteEvent.fields, ...fields }))
  ]).annotate({ title })
}

/**
 * The schema of {@link isCompleteRequestOf}.
 *
 * @category models
 * @since 0.1.0
 */
export interface isCompleteRequestOf<Properties extends Schema.Constraint, State extends Schema.Struct.Fields>
  extends ReturnType<typeof makeIsCompleteRequestOf<Properties, State>>
{}

/**
 * An {@link IsCompleteRequest} whose new properties have the given shape, with the fields of its own that `onEvent` has
 * answered with.
 *
 * **Example** (A job that may be done)
 *
 * ```ts
 * import * as CdkProvider from "effect-lambda-runtime/events/CdkProvider"
 * import * as Schema from "effect/Schema"
 *
 * const Started = CdkProvider.isCompleteRequestOf(Schema.Struct({}), { JobId: Schema.String })
 * const event = { ...CdkProvider.sampleIsCompleteRequest(), JobId: "j-1" }
 * Schema.decodeUnknownSync(Started)(event).JobId // => "j-1"
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const isCompleteRequestOf: <Properties extends Schema.Constraint, State extends Schema.Struct.Fields>(
  properties: Properties,
  state: State
) => isCompleteRequestOf<Properties, State> = makeIsCompleteRequestOf

/**
 * What `isComplete` is asked, time and again until it says so: the request to `onEvent`, and what that has answered.
 * {@link isCompleteRequestOf} decodes the properties, and keeps what `onEvent` has added.
 *
 * @see https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.custom_resources-readme.html#asynchronous-providers-iscomplete
 * @category schemas
 * @since 0.1.0
 */
export const IsCompleteRequest = Schema.Union([
  Schema.Struct({ ...CloudFormation.CreateEvent.fields, ...isCompleteFields }),
  Schema.Struct({ ...CloudFormation.UpdateEvent.fields, ...isCompleteFields }),
  Schema.Struct({ ...CloudFormation.DeleteEvent.fields, ...isCompleteFields })
]).annotate({ title })

/**
 * A decoded {@link IsCompleteRequest}.
 *
 * @category models
 * @since 0.1.0
 */
export type IsCompleteRequest = typeof IsCompleteRequest.Type

/**
 * Whether what `onEvent` has begun is done. `Data` is added to that of `onEvent`.
 *
 * **Gotchas**
 *
 * The framework refuses `Data` of what is not done.
 *
 * @category schemas
 * @since 0.1.0
 */
export const IsCompleteResponse = Schema.Union([
  Schema.Struct({ IsComplete: Schema.Literal(true), Data: omittable(properties) }),
  Schema.Struct({ IsComplete: Schema.Literal(false) })
])

/**
 * An {@link IsCompleteResponse} to encode.
 *
 * @category models
 * @since 0.1.0
 */
export type IsCompleteResponse = typeof IsCompleteResponse.Type

const sampleRequest = (resourceProperties: typeof properties.Encoded = { Name: "orders", Size: "5" }) => ({
  ServiceToken: "arn:aws:lambda:us-east-2:123456789012:function:shop-ProviderframeworkonEvent-1A2B3C",
  ResponseURL: "...",
  StackId: "arn:aws:cloudformation:us-east-2:123456789012:stack/shop/5b918d10-cd98-11ea-90d5-0a9cd3354c10",
  RequestId: "82304eb2-bdda-469f-a33b-a3f1406d0a52",
  LogicalResourceId: "Orders",
  ResourceType: "Custom::Table",
  ResourceProperties: resourceProperties
})

/**
 * An {@link OnEventRequest} as Lambda delivers it: a resource of the given properties is to be made.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as CdkProvider from "effect-lambda-runtime/events/CdkProvider"
 *
 * CdkProvider.sample({ Size: "5" }).ResourceProperties // => { Size: "5" }
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sample = (resourceProperties?: typeof properties.Encoded): typeof OnEventRequest.Encoded => ({
  ...sampleRequest(resourceProperties),
  RequestType: "Create"
})

/**
 * An {@link IsCompleteRequest} as Lambda delivers it: a resource of the given properties is being made.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as CdkProvider from "effect-lambda-runtime/events/CdkProvider"
 *
 * CdkProvider.sampleIsCompleteRequest().PhysicalResourceId // => "orders-1"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleIsCompleteRequest = (
  resourceProperties?: typeof properties.Encoded
): typeof IsCompleteRequest.Encoded => ({
  ...sampleRequest(resourceProperties),
  RequestType: "Create",
  PhysicalResourceId: "orders-1",
  Data: { Arn: "arn:aws:dynamodb:us-east-2:123456789012:table/orders" }
})
