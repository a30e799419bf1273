/**
 * The invocation that a handler is answering: its identity, its deadline and its raw event.
 *
 * Every invocation has its own, however many a process serves at once.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"

/**
 * What a caller told about itself: a mobile app through the AWS Mobile SDK, under AWS's own names, or anybody else in
 * `custom`.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html
 * @category models
 * @since 0.1.0
 */
export interface ClientContext extends Schema.Schema.Type<typeof ClientContext> {}

/**
 * Schema of the JSON in the header `Lambda-Runtime-Client-Context`. Fields that it does not name are kept, absent ones
 * are absent.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ClientContext = Schema.StructWithRest(
  Schema.Struct({
    client: Schema.optionalKey(Schema.Struct({
      installation_id: Schema.optionalKey(Schema.String),
      app_title: Schema.optionalKey(Schema.String),
      app_version_name: Schema.optionalKey(Schema.String),
      app_version_code: Schema.optionalKey(Schema.String),
      app_package_name: Schema.optionalKey(Schema.String)
    })),
    custom: Schema.optionalKey(Schema.Record(Schema.String, Schema.Unknown)),
    env: Schema.optionalKey(Schema.Record(Schema.String, Schema.Unknown))
  }),
  [Schema.Record(Schema.String, Schema.Unknown)]
)

/**
 * The Amazon Cognito identity that authorized the request.
 *
 * @category models
 * @since 0.1.0
 */
export interface CognitoIdentity extends Schema.Schema.Type<typeof CognitoIdentity> {}

/**
 * Schema of the JSON in the header `Lambda-Runtime-Cognito-Identity`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const CognitoIdentity = Schema.Struct({
  cognitoIdentityId: Schema.optionalKey(Schema.String),
  cognitoIdentityPoolId: Schema.optionalKey(Schema.String)
})

/**
 * The invocation being served, provided to every handler.
 *
 * **Example** (The id of the request)
 *
 * ```ts
 * import * as Invocation from "effect-lambda-runtime/Invocation"
 * import * as Effect from "effect/Effect"
 *
 * const requestId = Effect.map(Invocation.Invocation, (invocation) => invocation.requestId)
 *
 * Effect.runSync(Effect.provideService(
 *   requestId,
 *   Invocation.Invocation,
 *   Invocation.make({ requestId: "8476a536", payload: new Uint8Array() })
 * )) // => "8476a536"
 * ```
 *
 * @category services
 * @since 0.1.0
 */
export class Invocation extends Context.Service<Invocation, {
  /** Identifies the event. Lambda uses it again when it retries an asynchronous invocation. */
  readonly requestId: string
  /** Identifies this attempt at the event and is never used again; none on platforms older than July 2026. */
  readonly invocationId: Option.Option<string>
  /** When Lambda gives up, in milliseconds since the Unix epoch. */
  readonly deadline: number
  /** The ARN the caller used, with its version or alias. */
  readonly functionArn: string
  /** The AWS X-Ray header: `Root=…;Parent=…;Sampled=…`. */
  readonly traceId: Option.Option<string>
  /** Set for functions with tenant isolation. */
  readonly tenantId: Option.Option<string>
  readonly clientContext: Option.Option<ClientContext>
  readonly identity: Option.Option<CognitoIdentity>
  /** Content type of the payload, `application/json` for nearly every source. */
  readonly contentType: string
  /** The event, as it arrived. */
  readonly payload: Uint8Array
  /** What {@link background} has registered; whoever serves the invocation takes from it. */
  readonly backgroundTasks: Array<Effect.Effect<unknown, unknown>>
}>()("effect-lambda-runtime/Invocation") {}

/**
 * An invocation from its parts, for tests and for hosts other than Lambda.
 *
 * **Example** (An invocation in a test)
 *
 * ```ts
 * import * as Invocation from "effect-lambda-runtime/Invocation"
 *
 * const invocation = Invocation.make({ requestId: "1", payload: new TextEncoder().encode("{}") })
 * invocation.contentType // => "application/json"
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (options: {
  readonly requestId: string
  readonly payload: Uint8Array
  readonly invocationId?: string | undefined
  /** Milliseconds since the Unix epoch; never, unless given. */
  readonly deadline?: number | undefined
  readonly functionArn?: string | undefined
  readonly traceId?: string | undefined
  readonly tenantId?: string | undefined
  readonly clientContext?: ClientContext | undefined
  readonly identity?: CognitoIdentity | undefined
  readonly contentType?: string | undefined
}): Invocation["Service"] => ({
  requestId: options.requestId,
  invocationId: Option.fromUndefinedOr(options.invocationId),
  deadline: options.deadline ?? Number.POSITIVE_INFINITY,
  functionArn: options.functionArn ?? "arn:aws:lambda:us-east-1:123456789012:function:function",
  traceId: Option.fromUndefinedOr(options.traceId),
  tenantId: Option.fromUndefinedOr(options.tenantId),
  clientContext: Option.fromUndefinedOr(options.clientContext),
  identity: Option.fromUndefinedOr(options.identity),
  contentType: options.contentType ?? "application/json",
  payload: options.payload,
  backgroundTasks: []
})

/**
 * The time left until the deadline; zero when it has passed.
 *
 * **Example** (Leaving time to answer)
 *
 * ```ts
 * import * as Invocation from "effect-lambda-runtime/Invocation"
 * import * as Duration from "effect/Duration"
 * import * as Effect from "effect/Effect"
 *
 * const hasTime = Effect.map(Invocation.remaining, Duration.isGreaterThan(Duration.seconds(1)))
 *
 * Effect.runSync(Effect.provideService(
 *   hasTime,
 *   Invocation.Invocation,
 *   Invocation.make({ requestId: "1", payload: new Uint8Array(), deadline: 0 })
 * )) // => false
 * ```
 *
 * @category accessors
 * @since 0.1.0
 */
export const remaining: Effect.Effect<Duration.Duration, never, Invocation> = Effect.flatMap(
  Invocation,
  ({ deadline }) => Effect.map(Clock.currentTimeMillis, (now) => Duration.millis(Math.max(0, deadline - now)))
)

/**
 * Registers work that runs once the answer has been accepted and before the next event is asked for.
 *
 * **When to use**
 *
 * For what the caller need not wait for: an audit record, a cache to fill. The caller has its answer; the
 * time still counts towards the function's timeout and its bill.
 *
 * **Details**
 *
 * Everything registered runs at the same time, also when the handler fails afterwards, and may register
 * more. A failure is logged and touches nothing else. The invocation's scope closes when all is done. Where invocations
 * are interrupted at their deadline (`Lambda.DeadlineMargin`), so is this.
 *
 * **Example** (Answer first, audit afterwards)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as Invocation from "effect-lambda-runtime/Invocation"
 * import * as Effect from "effect/Effect"
 * import * as Schema from "effect/Schema"
 *
 * const handler = Handler.make({ event: Schema.String, result: Schema.String }, (order) =>
 *   Invocation.background(Effect.log(`order ${order} taken`)).pipe(
 *     Effect.as("thank you")
 *   ))
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const background = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<void, never, Invocation | R> =>
  Effect.contextWith((context: Context.Context<Invocation | R>) => {
    Context.get(context, Invocation).backgroundTasks.push(Effect.provideContext(effect, context))
    return Effect.void
  })
