/**
 * What AWS CloudFormation asks of functions: custom resources and macros.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref.html
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-macros.html
 * @since 0.1.0
 */
import { dual } from "effect/Function"
import * as Schema from "effect/Schema"
import { nullish, omittable } from "../internal/events/nullish.ts"
import { openEnum } from "../internal/events/openEnum.ts"

const title = "a CloudFormation custom resource event"

const properties = Schema.Record(Schema.String, Schema.Json)

const requestFields = {
  /** Where the {@link Response} goes: a presigned URL, to be `PUT` without a content type. */
  ResponseURL: Schema.String,
  StackId: Schema.String,
  RequestId: Schema.String,
  /** The resource's name in the template. */
  LogicalResourceId: Schema.String,
  /** `Custom::…`, or `AWS::CloudFormation::CustomResource`. */
  ResourceType: Schema.String,
  ServiceToken: nullish(Schema.String),
  /** As the template has them, with text for every number and boolean. */
  ResourceProperties: properties
}

/** Always sent by CloudFormation; events that were written to test may lack it. */
const PhysicalResourceId = nullish(Schema.String)

/**
 * A custom resource is to be made.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requesttypes-create.html
 * @category schemas
 * @since 0.1.0
 */
export const CreateEvent = Schema.Struct({ RequestType: Schema.Literal("Create"), ...requestFields }).annotate({
  title
})

/**
 * A decoded {@link CreateEvent}.
 *
 * @category models
 * @since 0.1.0
 */
export interface CreateEvent extends Schema.Schema.Type<typeof CreateEvent> {}

/**
 * The properties of a custom resource have changed.
 *
 * **Details**
 *
 * Where the response has another `PhysicalResourceId`, the resource was replaced, and CloudFormation has the old one
 * deleted when the stack is done.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requesttypes-update.html
 * @category schemas
 * @since 0.1.0
 */
export const UpdateEvent = Schema.Struct({
  RequestType: Schema.Literal("Update"),
  ...requestFields,
  PhysicalResourceId,
  /** As they were before. */
  OldResourceProperties: properties
}).annotate({ title })

/**
 * A decoded {@link UpdateEvent}.
 *
 * @category models
 * @since 0.1.0
 */
export interface UpdateEvent extends Schema.Schema.Type<typeof UpdateEvent> {}

/**
 * A custom resource is to be deleted: with its stack, because it was replaced, or because making it has failed.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requesttypes-delete.html
 * @category schemas
 * @since 0.1.0
 */
export const DeleteEvent = Schema.Struct({
  RequestType: Schema.Literal("Delete"),
  ...requestFields,
  PhysicalResourceId
}).annotate({ title })

/**
 * A decoded {@link DeleteEvent}.
 *
 * @category models
 * @since 0.1.0
 */
export interface DeleteEvent extends Schema.Schema.Type<typeof DeleteEvent> {}

/**
 * What a custom resource is asked for, with its properties as JSON: `RequestType` tells what. {@link eventOf} decodes
 * the properties.
 *
 * **Gotchas**
 *
 * CloudFormation does not read the function's result: the answer is a {@link Response}, sent to `ResponseURL`. Until it
 * comes, or `ServiceTimeout` is over (an hour, by default), the stack waits: answer a failure as well.
 *
 * Every property is text: `true` arrives as `"true"`, `5` as `"5"`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Event = Schema.Union([CreateEvent, UpdateEvent, DeleteEvent]).annotate({ title })

/**
 * A decoded {@link Event}.
 *
 * @category models
 * @since 0.1.0
 */
export type Event = typeof Event.Type

const makeEventOf = <Properties extends Schema.Constraint>(properties: Properties) =>
  Schema.Union([
    Schema.Struct({ ...CreateEvent.fields, ResourceProperties: Schema.toCodecJson(properties) }),
    Schema.Struct({ ...UpdateEvent.fields, ResourceProperties: Schema.toCodecJson(properties) }),
    DeleteEvent
  ]).annotate({ title })

/**
 * The schema of {@link eventOf}.
 *
 * @category models
 * @since 0.1.0
 */
export interface eventOf<Properties extends Schema.Constraint> extends ReturnType<typeof makeEventOf<Properties>> {}

/**
 * An {@link Event} whose new properties have the given shape.
 *
 * **Details**
 *
 * `OldResourceProperties`, and the properties of a resource that is deleted, stay JSON: an older version of the
 * template may have written them, and a resource has to be deleted whatever its properties are.
 *
 * **Example** (A resource with a size)
 *
 * ```ts
 * import * as CloudFormation from "effect-lambda-runtime/events/CloudFormation"
 * import * as Schema from "effect/Schema"
 *
 * const Bucket = Schema.Struct({ Name: Schema.String, Size: Schema.FiniteFromString })
 * const event = CloudFormation.sampleCreateEvent({ Name: "images", Size: "5" })
 * Schema.decodeUnknownSync(CloudFormation.eventOf(Bucket))(event).ResourceProperties // => { Name: "images", Size: 5 }
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const eventOf: <Properties extends Schema.Constraint>(properties: Properties) => eventOf<Properties> =
  makeEventOf

const responseFields = {
  /** Names the resource from now on: another one than before says that it was replaced. */
  PhysicalResourceId: Schema.String,
  StackId: Schema.String,
  RequestId: Schema.String,
  LogicalResourceId: Schema.String,
  /** Masks `Data` wherever it is shown. */
  NoEcho: omittable(Schema.Boolean),
  /** What `Fn::GetAtt` gives. */
  Data: omittable(properties)
}

/**
 * What has become of the request.
 *
 * **Gotchas**
 *
 * It is no result of the function, but the body of a `PUT` to `ResponseURL`, of at most 4096 bytes. S3 refuses it with a
 * content type: the URL is signed for none. {@link respond} fills in what is echoed.
 *
 * **Example** (The body)
 *
 * ```ts
 * import * as CloudFormation from "effect-lambda-runtime/events/CloudFormation"
 * import * as Schema from "effect/Schema"
 *
 * const event = Schema.decodeUnknownSync(CloudFormation.Event)(CloudFormation.sampleCreateEvent())
 * const response = CloudFormation.respond(event, { Status: "SUCCESS", PhysicalResourceId: "b-1" })
 * const body = Schema.encodeSync(Schema.fromJsonString(CloudFormation.Response))(response)
 * body.includes("\"PhysicalResourceId\":\"b-1\"") // => true
 * ```
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
 * @category schemas
 * @since 0.1.0
 */
export const Response = Schema.Union([
  Schema.Struct({ Status: Schema.Literal("SUCCESS"), Reason: omittable(Schema.String), ...responseFields }),
  Schema.Struct({ Status: Schema.Literal("FAILED"), Reason: Schema.String, ...responseFields })
])

/**
 * A {@link Response} to encode.
 *
 * @category models
 * @since 0.1.0
 */
export type Response = typeof Response.Type

type WithoutEchoes<R> = R extends Response
  ? Omit<R, "PhysicalResourceId" | "StackId" | "RequestId" | "LogicalResourceId">
  : never

/**
 * What a {@link Response} says beyond what it echoes.
 *
 * @category models
 * @since 0.1.0
 */
export type Outcome = WithoutEchoes<Response> & { readonly PhysicalResourceId?: string | undefined }

/**
 * What a {@link Response} echoes.
 *
 * @category models
 * @since 0.1.0
 */
export interface Echoed {
  readonly StackId: string
  readonly RequestId: string
  readonly LogicalResourceId: string
  readonly PhysicalResourceId?: string | null
}

/**
 * The {@link Response} to an event.
 *
 * **Details**
 *
 * Without a `PhysicalResourceId`, a resource keeps the one that it has; a new one takes the `RequestId`.
 *
 * **Example** (The resource was not made)
 *
 * ```ts
 * import * as CloudFormation from "effect-lambda-runtime/events/CloudFormation"
 * import * as Schema from "effect/Schema"
 *
 * const event = Schema.decodeUnknownSync(CloudFormation.Event)(CloudFormation.sampleDeleteEvent())
 * const response = CloudFormation.respond(event, { Status: "FAILED", Reason: "The bucket is not empty" })
 * response.PhysicalResourceId // => "images-1"
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const respond: {
  (outcome: Outcome): (event: Echoed) => Response
  (event: Echoed, outcome: Outcome): Response
} = dual(2, (event: Echoed, outcome: Outcome): Response => ({
  ...outcome,
  PhysicalResourceId: outcome.PhysicalResourceId ?? event.PhysicalResourceId ?? event.RequestId,
  StackId: event.StackId,
  RequestId: event.RequestId,
  LogicalResourceId: event.LogicalResourceId
}))

/**
 * A template, or a part of one, that a macro is to process.
 *
 * **Example** (A macro that changes nothing)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as CloudFormation from "effect-lambda-runtime/events/CloudFormation"
 * import * as Effect from "effect/Effect"
 *
 * const identity = Handler.make({
 *   event: CloudFormation.MacroEvent,
 *   result: CloudFormation.MacroResult
 * }, ({ fragment, requestId }) => Effect.succeed({ requestId, status: "success", fragment }))
 * ```
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-macros.html
 * @category schemas
 * @since 0.1.0
 */
export const MacroEvent = Schema.Struct({
  region: Schema.String,
  accountId: Schema.String,
  /** The name of the macro. */
  transformId: Schema.String,
  requestId: Schema.String,
  /** The whole template, or what is beside the `Fn::Transform`. */
  fragment: Schema.Json,
  /** Of the `Fn::Transform`, and not evaluated. */
  params: properties,
  /** The parameters of the template, evaluated. */
  templateParameterValues: properties
}).annotate({ title: "a CloudFormation macro event" })

/**
 * A decoded {@link MacroEvent}.
 *
 * @category models
 * @since 0.1.0
 */
export interface MacroEvent extends Schema.Schema.Type<typeof MacroEvent> {}

/**
 * What a macro has made of the `fragment`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const MacroResult = Schema.Struct({
  /** That of the event. */
  requestId: Schema.String,
  /** Anything but `success`, in whatever case, is a failure. */
  status: openEnum(["success", "failure"]),
  /** Takes the place of the event's `fragment`. */
  fragment: omittable(Schema.Json),
  /** Of a failure. */
  errorMessage: omittable(Schema.String)
})

/**
 * A {@link MacroResult} to encode.
 *
 * @category models
 * @since 0.1.0
 */
export interface MacroResult extends Schema.Schema.Type<typeof MacroResult> {}

const serviceToken = "arn:aws:lambda:us-east-2:123456789012:function:bucket-provider"

const sampleRequest = (resourceProperties: typeof properties.Encoded) => ({
  ServiceToken: serviceToken,
  ResponseURL:
    "https://cloudformation-custom-resource-response-useast2.s3.us-east-2.amazonaws.com/response?Signature=s",
  StackId: "arn:aws:cloudformation:us-east-2:123456789012:stack/shop/5b918d10-cd98-11ea-90d5-0a9cd3354c10",
  RequestId: "7bfe2d54-7f93-4a7f-9c6a-9a9d6e6e8d10",
  LogicalResourceId: "Images",
  ResourceType: "Custom::Bucket",
  ResourceProperties: { ServiceToken: serviceToken, ...resourceProperties }
})

/**
 * A {@link CreateEvent} as Lambda delivers it, for a resource of the given properties.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as CloudFormation from "effect-lambda-runtime/events/CloudFormation"
 *
 * CloudFormation.sampleCreateEvent({ Size: "5" }).ResourceProperties["Size"] // => "5"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleCreateEvent = (
  resourceProperties: typeof properties.Encoded = { Name: "images", Versioned: "true" }
): typeof CreateEvent.Encoded => ({ RequestType: "Create", ...sampleRequest(resourceProperties) })

/**
 * An {@link UpdateEvent} as Lambda delivers it, for a resource of the given properties, new and old.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as CloudFormation from "effect-lambda-runtime/events/CloudFormation"
 *
 * CloudFormation.sampleUpdateEvent({ Size: "6" }, { Size: "5" }).OldResourceProperties["Size"] // => "5"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleUpdateEvent = (
  resourceProperties: typeof properties.Encoded = { Name: "images", Versioned: "true" },
  oldResourceProperties: typeof properties.Encoded = { Name: "images", Versioned: "false" }
): typeof UpdateEvent.Encoded => ({
  RequestType: "Update",
  ...sampleRequest(resourceProperties),
  PhysicalResourceId: "images-1",
  OldResourceProperties: { ServiceToken: serviceToken, ...oldResourceProperties }
})

/**
 * A {@link DeleteEvent} as Lambda delivers it, for a resource of the given properties.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as CloudFormation from "effect-lambda-runtime/events/CloudFormation"
 *
 * CloudFormation.sampleDeleteEvent().PhysicalResourceId // => "images-1"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleDeleteEvent = (
  resourceProperties: typeof properties.Encoded = { Name: "images", Versioned: "true" }
): typeof DeleteEvent.Encoded => ({
  RequestType: "Delete",
  ...sampleRequest(resourceProperties),
  PhysicalResourceId: "images-1"
})

/**
 * A {@link MacroEvent} as Lambda delivers it, for the given part of a template.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as CloudFormation from "effect-lambda-runtime/events/CloudFormation"
 *
 * CloudFormation.sampleMacroEvent({ Resources: {} }).fragment // => { Resources: {} }
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleMacroEvent = (
  fragment: Schema.Json = { Resources: { Images: { Type: "AWS::S3::Bucket" } } }
): typeof MacroEvent.Encoded => ({
  region: "us-east-2",
  accountId: "123456789012",
  transformId: "123456789012::AddTags",
  requestId: "5fcd2b5a-4d5e-4d40-9a50-4e9b1c3c2f4e",
  fragment,
  params: { Tags: ["team", "stage"] },
  templateParameterValues: { Stage: "test", Subnets: ["subnet-1", "subnet-2"] }
})
