/**
 * What AWS AppSync asks a function: to resolve a field of a GraphQL API, to handle the events of a channel, or to
 * authorize a caller.
 *
 * A resolver with a mapping template sends what its template says: give `Handler.make` a schema of that.
 *
 * @see https://docs.aws.amazon.com/appsync/latest/devguide/direct-lambda-reference-js.html
 * @see https://docs.aws.amazon.com/appsync/latest/eventapi/direct-lambda-integrations.html
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { checkedInPlace } from "../internal/events/checkedInPlace.ts"
import { nullish, omittable } from "../internal/events/nullish.ts"
import { openEnum } from "../internal/events/openEnum.ts"
import { StringMap } from "../internal/events/stringMaps.ts"

const resolverTitle = "an AppSync event"

const channelTitle = "an AppSync channel event"

/**
 * A caller that IAM knows, by itself or by a Cognito identity pool.
 *
 * @category schemas
 * @since 0.1.0
 */
export const IamIdentity = Schema.Struct({
  accountId: Schema.String,
  userArn: Schema.String,
  username: nullish(Schema.String),
  sourceIp: nullish(Schema.Array(Schema.String)),
  cognitoIdentityPoolId: nullish(Schema.String),
  cognitoIdentityId: nullish(Schema.String),
  cognitoIdentityAuthType: nullish(openEnum(["authenticated", "unauthenticated"])),
  cognitoIdentityAuthProvider: nullish(Schema.String)
})

/**
 * A decoded {@link IamIdentity}.
 *
 * @category models
 * @since 0.1.0
 */
export interface IamIdentity extends Schema.Schema.Type<typeof IamIdentity> {}

/**
 * A user of a Cognito user pool.
 *
 * @category schemas
 * @since 0.1.0
 */
export const CognitoIdentity = Schema.Struct({
  sub: Schema.String,
  username: Schema.String,
  issuer: nullish(Schema.String),
  /** Text, numbers, booleans and lists. */
  claims: Schema.JsonObject,
  sourceIp: nullish(Schema.Array(Schema.String)),
  defaultAuthStrategy: nullish(openEnum(["ALLOW", "DENY"])),
  groups: nullish(Schema.Array(Schema.String))
})

/**
 * A decoded {@link CognitoIdentity}.
 *
 * @category models
 * @since 0.1.0
 */
export interface CognitoIdentity extends Schema.Schema.Type<typeof CognitoIdentity> {}

/**
 * A user of an OpenID Connect provider.
 *
 * @category schemas
 * @since 0.1.0
 */
export const OidcIdentity = Schema.Struct({
  sub: Schema.String,
  issuer: nullish(Schema.String),
  claims: Schema.JsonObject
})

/**
 * A decoded {@link OidcIdentity}.
 *
 * @category models
 * @since 0.1.0
 */
export interface OidcIdentity extends Schema.Schema.Type<typeof OidcIdentity> {}

/**
 * What a Lambda authorizer of a GraphQL API answered as its `resolverContext`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const LambdaIdentity = Schema.Struct({ resolverContext: Schema.NullOr(Schema.JsonObject) })

/**
 * A decoded {@link LambdaIdentity}.
 *
 * @category models
 * @since 0.1.0
 */
export interface LambdaIdentity extends Schema.Schema.Type<typeof LambdaIdentity> {}

/**
 * The caller of a GraphQL API: `"userArn" in identity`, and the like, tells which. One with an API key has none.
 *
 * @see https://docs.aws.amazon.com/appsync/latest/devguide/resolver-context-reference-js.html
 * @category schemas
 * @since 0.1.0
 */
export const Identity = Schema.Union([IamIdentity, CognitoIdentity, OidcIdentity, LambdaIdentity])

/**
 * A decoded {@link Identity}.
 *
 * @category models
 * @since 0.1.0
 */
export type Identity = typeof Identity.Type

const Request = Schema.Struct({
  /** Names are lower case. */
  headers: nullish(StringMap),
  /** Of APIs with a domain name of their own. */
  domainName: nullish(Schema.String)
})

const resolverFields = {
  arguments: Schema.JsonObject,
  /** The parent of the field; that of a query or a mutation is `null`. */
  source: nullish(Schema.Json),
  identity: nullish(checkedInPlace(Identity)),
  request: checkedInPlace(Request),
  /** What the function before this one in the pipeline answered. */
  prev: nullish(checkedInPlace(Schema.Struct({ result: nullish(Schema.Json) }))),
  info: checkedInPlace(Schema.Struct({
    fieldName: Schema.String,
    parentTypeName: Schema.String,
    /** The fields that the caller wants, with paths of slashes for nested ones. */
    selectionSetList: nullish(Schema.Array(Schema.String)),
    selectionSetGraphQL: nullish(Schema.String),
    variables: nullish(Schema.JsonObject)
  })),
  /** What the functions of a pipeline and their resolver pass to one another. */
  stash: nullish(Schema.JsonObject)
}

/**
 * A field that a function resolves by itself. The answer is any JSON. {@link resolverEventOf} decodes the arguments.
 *
 * @see https://docs.aws.amazon.com/appsync/latest/devguide/resolver-context-reference-js.html
 * @category schemas
 * @since 0.1.0
 */
export const ResolverEvent = checkedInPlace(Schema.Struct(resolverFields)).annotate({ title: resolverTitle })

/**
 * A decoded {@link ResolverEvent}.
 *
 * @category models
 * @since 0.1.0
 */
export interface ResolverEvent extends Schema.Schema.Type<typeof ResolverEvent> {}

/**
 * The same field of many parents, of a resolver with a batch size. The answer is a list, in the order of these.
 *
 * @see https://docs.aws.amazon.com/appsync/latest/devguide/tutorial-lambda-resolvers-js.html
 * @category schemas
 * @since 0.1.0
 */
export const BatchResolverEvent = Schema.Array(ResolverEvent).annotate({ title: resolverTitle })

/**
 * A decoded {@link BatchResolverEvent}.
 *
 * @category models
 * @since 0.1.0
 */
export type BatchResolverEvent = typeof BatchResolverEvent.Type

const makeResolverEventOf = <Arguments extends Schema.Constraint, Source extends Schema.Constraint>(schemas: {
  readonly arguments: Arguments
  /** `Schema.Null` for a query or a mutation. */
  readonly source: Source
}) =>
  Schema.Struct({
    ...resolverFields,
    arguments: Schema.toCodecJson(schemas.arguments),
    source: Schema.toCodecJson(schemas.source)
  }).annotate({ title: resolverTitle })

/**
 * The schema of {@link resolverEventOf}.
 *
 * @category models
 * @since 0.1.0
 */
export interface resolverEventOf<Arguments extends Schema.Constraint, Source extends Schema.Constraint>
  extends ReturnType<typeof makeResolverEventOf<Arguments, Source>>
{}

/**
 * A {@link ResolverEvent} whose arguments, and whose parent, are of the given shapes.
 *
 * **Example** (The comments of a page of posts)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as AppSync from "effect-lambda-runtime/events/AppSync"
 * import * as Effect from "effect/Effect"
 * import * as Schema from "effect/Schema"
 *
 * const Comments = AppSync.resolverEventOf({
 *   arguments: Schema.Struct({ first: Schema.Int }),
 *   source: Schema.Struct({ postId: Schema.String })
 * })
 *
 * const comments = Handler.make({
 *   event: Schema.Array(Comments),
 *   result: Schema.Array(Schema.Array(Schema.String))
 * }, (fields) => Effect.succeed(fields.map(({ source }) => [`on ${source.postId}`])))
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const resolverEventOf: <Arguments extends Schema.Constraint, Source extends Schema.Constraint>(schemas: {
  readonly arguments: Arguments
  /** `Schema.Null` for a query or a mutation. */
  readonly source: Source
}) => resolverEventOf<Arguments, Source> = makeResolverEventOf

/**
 * A field with the directive `@function` of AWS Amplify. The answer is any JSON.
 *
 * @see https://docs.amplify.aws/gen1/javascript/tools/cli-legacy/function-directive/
 * @category schemas
 * @since 0.1.0
 */
export const AmplifyFunctionEvent = checkedInPlace(Schema.Struct({
  typeName: Schema.String,
  fieldName: Schema.String,
  arguments: Schema.JsonObject,
  identity: nullish(Identity),
  source: nullish(Schema.Json),
  request: nullish(Request),
  prev: nullish(Schema.Json)
})).annotate({ title: resolverTitle })

/**
 * A decoded {@link AmplifyFunctionEvent}.
 *
 * @category models
 * @since 0.1.0
 */
export interface AmplifyFunctionEvent extends Schema.Schema.Type<typeof AmplifyFunctionEvent> {}

/**
 * Whether the bearer of a token may use a GraphQL API, or a channel of an Events API.
 *
 * @see https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html
 * @category schemas
 * @since 0.1.0
 */
export const AuthorizerEvent = Schema.Struct({
  authorizationToken: Schema.RedactedFromValue(Schema.String),
  requestContext: checkedInPlace(Schema.Struct({
    apiId: Schema.String,
    accountId: Schema.String,
    requestId: Schema.String,
    /** GraphQL: the document. */
    queryString: nullish(Schema.String),
    /** GraphQL: which operation of the document, if it has a name. */
    operationName: nullish(Schema.String),
    /** GraphQL. */
    variables: nullish(Schema.JsonObject),
    /** Events. */
    operation: nullish(openEnum(["EVENT_CONNECT", "EVENT_PUBLISH", "EVENT_SUBSCRIBE"])),
    /** Events. */
    channelNamespaceName: nullish(Schema.String),
    /** Events. */
    channel: nullish(Schema.String)
  })),
  requestHeaders: nullish(StringMap)
}).annotate({ title: "an AppSync authorizer event" })

/**
 * A decoded {@link AuthorizerEvent}.
 *
 * @category models
 * @since 0.1.0
 */
export interface AuthorizerEvent extends Schema.Schema.Type<typeof AuthorizerEvent> {}

const authorizerContext = Schema.Record(
  Schema.String,
  Schema.Union([Schema.String, Schema.Finite, Schema.Boolean, Schema.Null])
)

/**
 * Yes or no, and what resolvers are to know of the caller.
 *
 * @see https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html
 * @category schemas
 * @since 0.1.0
 */
export const AuthorizerResult = Schema.Struct({
  isAuthorized: Schema.Boolean,
  /** GraphQL: reaches resolvers as `identity.resolverContext`. AppSync takes no lists and no objects here. */
  resolverContext: omittable(authorizerContext),
  /** Events: reaches handlers as `identity.handlerContext`. */
  handlerContext: omittable(authorizerContext),
  /** GraphQL: fields that become `null` all the same: `Query.secret`, or an ARN. */
  deniedFields: omittable(Schema.Array(Schema.String)),
  /** Seconds for which AppSync keeps the answer, in place of those of the API: 0 keeps none. */
  ttlOverride: omittable(Schema.Finite)
})

/**
 * An {@link AuthorizerResult} to encode.
 *
 * @category models
 * @since 0.1.0
 */
export interface AuthorizerResult extends Schema.Schema.Type<typeof AuthorizerResult> {}

const channelFields = <const Operation extends string>(operation: Operation) => ({
  identity: nullish(checkedInPlace(Schema.Union([
    IamIdentity,
    CognitoIdentity,
    OidcIdentity,
    Schema.Struct({ handlerContext: Schema.NullOr(Schema.JsonObject) })
  ]))),
  request: checkedInPlace(Request),
  info: Schema.Struct({
    channel: Schema.Struct({
      /** `/default/rooms/7`. */
      path: Schema.String,
      segments: Schema.Array(Schema.String)
    }),
    channelNamespace: Schema.Struct({ name: Schema.String }),
    operation: Schema.Literal(operation)
  }),
  stash: nullish(Schema.JsonObject)
})

/**
 * Events that are published to a channel of an Events API, before its subscribers get them.
 *
 * @category schemas
 * @since 0.1.0
 */
export const PublishEvent = checkedInPlace(Schema.Struct({
  ...channelFields("PUBLISH"),
  events: Schema.Array(Schema.Struct({
    /** Identifies the event in a {@link PublishResult}. */
    id: Schema.String,
    payload: Schema.Json
  }))
})).annotate({ title: channelTitle })

/**
 * A decoded {@link PublishEvent}.
 *
 * @category models
 * @since 0.1.0
 */
export interface PublishEvent extends Schema.Schema.Type<typeof PublishEvent> {}

/**
 * A client that wants to subscribe to a channel of an Events API.
 *
 * @category schemas
 * @since 0.1.0
 */
export const SubscribeEvent = checkedInPlace(
  Schema.Struct({ ...channelFields("SUBSCRIBE"), events: nullish(Schema.Null) })
).annotate({ title: channelTitle })

/**
 * A decoded {@link SubscribeEvent}.
 *
 * @category models
 * @since 0.1.0
 */
export interface SubscribeEvent extends Schema.Schema.Type<typeof SubscribeEvent> {}

/**
 * What happens on a channel of an Events API, for a function that handles both: a {@link SubscribeEvent} has no
 * `events`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ChannelEvent = Schema.Union([PublishEvent, SubscribeEvent]).annotate({ title: channelTitle })

/**
 * A decoded {@link ChannelEvent}.
 *
 * @category models
 * @since 0.1.0
 */
export type ChannelEvent = typeof ChannelEvent.Type

const makePublishEventOf = <Payload extends Schema.Constraint>(payload: Payload) =>
  Schema.Struct({
    ...channelFields("PUBLISH"),
    events: Schema.Array(Schema.Struct({ id: Schema.String, payload: Schema.toCodecJson(payload) }))
  }).annotate({ title: channelTitle })

/**
 * The schema of {@link publishEventOf}.
 *
 * @category models
 * @since 0.1.0
 */
export interface publishEventOf<Payload extends Schema.Constraint>
  extends ReturnType<typeof makePublishEventOf<Payload>>
{}

/**
 * A {@link PublishEvent} whose payloads are of the given shape.
 *
 * **Gotchas**
 *
 * One payload that does not fit fails the whole event.
 *
 * **Example** (Subscribers get what is not empty)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as AppSync from "effect-lambda-runtime/events/AppSync"
 * import * as Effect from "effect/Effect"
 * import * as Schema from "effect/Schema"
 *
 * const publish = Handler.make({
 *   event: AppSync.publishEventOf(Schema.Struct({ text: Schema.String })),
 *   result: AppSync.PublishResult
 * }, ({ events }) => Effect.succeed({ events: events.filter(({ payload }) => payload.text !== "") }))
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const publishEventOf: <Payload extends Schema.Constraint>(payload: Payload) => publishEventOf<Payload> =
  makePublishEventOf

const Refusal = Schema.Struct({ error: Schema.String })

/**
 * What subscribers get, by the ids that were published; those that are left out get lost. Or why all is refused.
 *
 * @see https://docs.aws.amazon.com/appsync/latest/eventapi/direct-lambda-integrations.html
 * @category schemas
 * @since 0.1.0
 */
export const PublishResult = Schema.Union([
  Schema.Struct({
    events: Schema.Array(Schema.Union([
      Schema.Struct({ id: Schema.String, payload: Schema.Json }),
      Schema.Struct({ id: Schema.String, error: Schema.String })
    ]))
  }),
  Refusal
])

/**
 * A {@link PublishResult} to encode.
 *
 * @category models
 * @since 0.1.0
 */
export type PublishResult = typeof PublishResult.Type

/**
 * `null` to let the client subscribe, or why not.
 *
 * @see https://docs.aws.amazon.com/appsync/latest/eventapi/direct-lambda-integrations.html
 * @category schemas
 * @since 0.1.0
 */
export const SubscribeResult = Schema.NullOr(Refusal)

/**
 * A {@link SubscribeResult} to encode.
 *
 * @category models
 * @since 0.1.0
 */
export type SubscribeResult = typeof SubscribeResult.Type

/**
 * A {@link ResolverEvent} as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as AppSync from "effect-lambda-runtime/events/AppSync"
 *
 * const event = { ...AppSync.sampleResolverEvent(), arguments: { id: "p-1" } }
 * event.info.fieldName // => "getPost"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleResolverEvent = (): typeof ResolverEvent.Encoded => ({
  arguments: { id: "p-1", first: 10 },
  source: null,
  identity: {
    claims: { sub: "192879fc", email_verified: true, auth_time: 1599154213, "cognito:groups": ["editors"] },
    defaultAuthStrategy: "ALLOW",
    groups: ["editors"],
    issuer: "https://cognito-idp.us-west-2.amazonaws.com/us-west-2_EXAMPLE",
    sourceIp: ["192.0.2.1"],
    sub: "192879fc",
    username: "jdoe"
  },
  request: {
    headers: { host: "example.appsync-api.us-west-2.amazonaws.com", "content-type": "application/json" },
    domainName: null
  },
  prev: null,
  info: {
    selectionSetList: ["id", "author", "author/name"],
    selectionSetGraphQL: "{\n  id\n  author {\n    name\n  }\n}",
    parentTypeName: "Query",
    fieldName: "getPost",
    variables: { id: "p-1" }
  },
  stash: {}
})

/**
 * An {@link AuthorizerEvent} of a GraphQL API as Lambda delivers it.
 *
 * **Example** (An event to invoke an authorizer with)
 *
 * ```ts
 * import * as AppSync from "effect-lambda-runtime/events/AppSync"
 *
 * AppSync.sampleAuthorizerEvent("sesame").authorizationToken // => "sesame"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleAuthorizerEvent = (
  authorizationToken: string = "ExampleAUTHtoken123123123"
): typeof AuthorizerEvent.Encoded => ({
  authorizationToken,
  requestContext: {
    apiId: "aaaaaa123123123example123",
    accountId: "111122223333",
    requestId: "f4081827-1111-4444-5555-5cf4695f339f",
    queryString: "query MyQuery { getPost(id: 1) { id } }",
    operationName: "MyQuery",
    variables: {}
  },
  requestHeaders: { host: "example.appsync-api.us-west-2.amazonaws.com" }
})

/**
 * A {@link PublishEvent} as Lambda delivers it, one event for each payload.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as AppSync from "effect-lambda-runtime/events/AppSync"
 *
 * AppSync.samplePublishEvent({ text: "a" }, "b").events[1] // => { id: "2", payload: "b" }
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const samplePublishEvent = (...payloads: ReadonlyArray<Schema.Json>): typeof PublishEvent.Encoded => ({
  identity: null,
  request: { headers: { host: "example.appsync-api.us-west-2.amazonaws.com" }, domainName: null },
  info: {
    channel: { path: "/default/rooms/7", segments: ["default", "rooms", "7"] },
    channelNamespace: { name: "default" },
    operation: "PUBLISH"
  },
  stash: {},
  events: (payloads.length === 0 ? [{ text: "Hello" }] : payloads).map((payload, index) => ({
    id: String(index + 1),
    payload
  }))
})

/**
 * A {@link SubscribeEvent} as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as AppSync from "effect-lambda-runtime/events/AppSync"
 *
 * AppSync.sampleSubscribeEvent().info.channel.path // => "/default/rooms/7"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleSubscribeEvent = (): typeof SubscribeEvent.Encoded => ({
  identity: null,
  request: { headers: { host: "example.appsync-api.us-west-2.amazonaws.com" }, domainName: null },
  info: {
    channel: { path: "/default/rooms/7", segments: ["default", "rooms", "7"] },
    channelNamespace: { name: "default" },
    operation: "SUBSCRIBE"
  },
  stash: {},
  events: null
})
