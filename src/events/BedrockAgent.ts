/**
 * The action groups of an Amazon Bedrock agent.
 *
 * A group is described by an API schema, and asks by {@link ApiEvent}; or by functions, and asks by {@link FunctionEvent}.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/agents-lambda.html
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { jsonString } from "../internal/events/jsonString.ts"
import { givenBack, nullish, omittable } from "../internal/events/nullish.ts"
import { openEnum } from "../internal/events/openEnum.ts"
import { StringMap } from "../internal/events/stringMaps.ts"

const title = "a Bedrock agent event"

/**
 * A value that the agent has found for a parameter or for a property of a body.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Parameter = Schema.Struct({
  name: Schema.String,
  type: openEnum(["string", "number", "integer", "boolean", "array", "object"]),
  /** Text, whatever the `type`. */
  value: Schema.String
})

/**
 * A decoded {@link Parameter}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Parameter extends Schema.Schema.Type<typeof Parameter> {}

const eventFields = {
  messageVersion: openEnum(["1.0"]),
  agent: Schema.Struct({
    name: Schema.String,
    id: Schema.String,
    alias: Schema.String,
    version: Schema.String
  }),
  /** What the user said. */
  inputText: nullish(Schema.String),
  sessionId: Schema.String,
  actionGroup: Schema.String,
  parameters: nullish(Schema.Array(Parameter)),
  /** Kept for the session. */
  sessionAttributes: nullish(StringMap),
  /** Kept for the turn. */
  promptSessionAttributes: nullish(StringMap)
}

/**
 * An operation of the API schema is to be called.
 *
 * **Example** (The orders of a customer)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as BedrockAgent from "effect-lambda-runtime/events/BedrockAgent"
 * import * as Effect from "effect/Effect"
 * import * as Schema from "effect/Schema"
 *
 * const Orders = Schema.Array(Schema.Struct({ id: Schema.String }))
 *
 * const orders = Handler.make({
 *   event: BedrockAgent.ApiEvent,
 *   result: BedrockAgent.apiResultOf(Orders)
 * }, ({ actionGroup, apiPath, httpMethod }) =>
 *   Effect.succeed({
 *     messageVersion: "1.0",
 *     response: {
 *       actionGroup,
 *       apiPath,
 *       httpMethod,
 *       httpStatusCode: 200,
 *       responseBody: { "application/json": { body: [{ id: "o-1" }] } }
 *     }
 *   }))
 * ```
 *
 * @category schemas
 * @since 0.1.0
 */
export const ApiEvent = Schema.Struct({
  ...eventFields,
  /** As the schema has it, with its parameters unfilled: `/orders/{id}`. */
  apiPath: Schema.String,
  httpMethod: openEnum(["GET", "POST", "PUT", "PATCH", "DELETE"]),
  /** By media type. */
  requestBody: nullish(Schema.Struct({
    content: Schema.Record(Schema.String, Schema.Struct({ properties: nullish(Schema.Array(Parameter)) }))
  }))
}).annotate({ title })

/**
 * A decoded {@link ApiEvent}.
 *
 * @category models
 * @since 0.1.0
 */
export interface ApiEvent extends Schema.Schema.Type<typeof ApiEvent> {}

/**
 * A function is to be called.
 *
 * **Example** (The weather of a city)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as BedrockAgent from "effect-lambda-runtime/events/BedrockAgent"
 * import * as Effect from "effect/Effect"
 *
 * const weather = Handler.make({
 *   event: BedrockAgent.FunctionEvent,
 *   result: BedrockAgent.FunctionResult
 * }, ({ actionGroup, function: name, parameters }) => {
 *   const city = parameters?.find(({ name }) => name === "city")?.value ?? "everywhere"
 *   return Effect.succeed({
 *     messageVersion: "1.0",
 *     response: {
 *       actionGroup,
 *       function: name,
 *       functionResponse: { responseBody: { TEXT: { body: `Sunny, ${city}` } } }
 *     }
 *   })
 * })
 * ```
 *
 * @category schemas
 * @since 0.1.0
 */
export const FunctionEvent = Schema.Struct({ ...eventFields, function: Schema.String }).annotate({ title })

/**
 * A decoded {@link FunctionEvent}.
 *
 * @category models
 * @since 0.1.0
 */
export interface FunctionEvent extends Schema.Schema.Type<typeof FunctionEvent> {}

/**
 * What an action group is asked for in either form: `"function" in event` tells which.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Event = Schema.Union([ApiEvent, FunctionEvent]).annotate({ title })

/**
 * A decoded {@link Event}.
 *
 * @category models
 * @since 0.1.0
 */
export type Event = typeof Event.Type

const resultFields = {
  messageVersion: openEnum(["1.0"]),
  /** Kept for the session. */
  sessionAttributes: givenBack(StringMap),
  /** Kept for the turn. */
  promptSessionAttributes: givenBack(StringMap),
  /** How knowledge bases are queried from here on. */
  knowledgeBasesConfiguration: omittable(Schema.Array(Schema.Json))
}

/** By media type. */
const bodies = <Body extends Schema.Constraint>(body: Body) => Schema.Record(Schema.String, Schema.Struct({ body }))

const apiResult = <Body extends Schema.Constraint>(body: Body) =>
  Schema.Struct({
    ...resultFields,
    response: Schema.Struct({
      /** That of the event. */
      actionGroup: Schema.String,
      /** That of the event. */
      apiPath: Schema.String,
      /** That of the event. */
      httpMethod: Schema.String,
      httpStatusCode: Schema.Finite,
      /** By media type: `application/json`. */
      responseBody: bodies(body)
    })
  })

/**
 * What an operation has answered, with its body as text. {@link apiResultOf} encodes one of a known shape.
 *
 * **Gotchas**
 *
 * A result may have up to 25 KB.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ApiResult = apiResult(Schema.String)

/**
 * An {@link ApiResult} to encode.
 *
 * @category models
 * @since 0.1.0
 */
export interface ApiResult extends Schema.Schema.Type<typeof ApiResult> {}

const makeApiResultOf = <Body extends Schema.Constraint>(body: Body) => apiResult(jsonString(body))

/**
 * The schema of {@link apiResultOf}.
 *
 * @category models
 * @since 0.1.0
 */
export interface apiResultOf<Body extends Schema.Constraint> extends ReturnType<typeof makeApiResultOf<Body>> {}

/**
 * An {@link ApiResult} whose body has the given shape, and is sent as text of JSON, as Bedrock wants it.
 *
 * **Example** (A body)
 *
 * ```ts
 * import * as BedrockAgent from "effect-lambda-runtime/events/BedrockAgent"
 * import * as Schema from "effect/Schema"
 *
 * const Order = BedrockAgent.apiResultOf(Schema.Struct({ id: Schema.String }))
 * const { response } = Schema.encodeSync(Order)({
 *   messageVersion: "1.0",
 *   response: {
 *     actionGroup: "orders",
 *     apiPath: "/orders/{id}",
 *     httpMethod: "GET",
 *     httpStatusCode: 200,
 *     responseBody: { "application/json": { body: { id: "o-1" } } }
 *   }
 * })
 * response.responseBody["application/json"]?.body // => "{\"id\":\"o-1\"}"
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const apiResultOf: <Body extends Schema.Constraint>(body: Body) => apiResultOf<Body> = makeApiResultOf

/**
 * What a function has answered.
 *
 * **Gotchas**
 *
 * A result may have up to 25 KB.
 *
 * @category schemas
 * @since 0.1.0
 */
export const FunctionResult = Schema.Struct({
  ...resultFields,
  response: Schema.Struct({
    /** That of the event. */
    actionGroup: Schema.String,
    /** That of the event. */
    function: Schema.String,
    functionResponse: Schema.Struct({
      /** With `REPROMPT` the model is given the text to try again; with `FAILURE` the agent fails. Neither is a success. */
      responseState: omittable(Schema.Literals(["FAILURE", "REPROMPT"])),
      /** Text, by `TEXT`. */
      responseBody: bodies(Schema.String)
    })
  })
})

/**
 * A {@link FunctionResult} to encode.
 *
 * @category models
 * @since 0.1.0
 */
export interface FunctionResult extends Schema.Schema.Type<typeof FunctionResult> {}

const sampleFields = {
  messageVersion: "1.0",
  agent: { name: "shop-assistant", id: "AGENT12345", alias: "TSTALIASID", version: "DRAFT" },
  inputText: "Where is my order o-1?",
  sessionId: "123456789012345",
  actionGroup: "orders",
  parameters: [{ name: "id", type: "string", value: "o-1" }],
  sessionAttributes: { customer: "c-1" },
  promptSessionAttributes: { now: "Monday" }
}

/**
 * An {@link ApiEvent} as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as BedrockAgent from "effect-lambda-runtime/events/BedrockAgent"
 *
 * BedrockAgent.sampleApiEvent().apiPath // => "/orders/{id}/notes"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleApiEvent = (): typeof ApiEvent.Encoded => ({
  ...sampleFields,
  apiPath: "/orders/{id}/notes",
  httpMethod: "POST",
  requestBody: {
    content: {
      "application/json": {
        properties: [
          { name: "text", type: "string", value: "Call first" },
          { name: "copies", type: "integer", value: "2" }
        ]
      }
    }
  }
})

/**
 * A {@link FunctionEvent} as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as BedrockAgent from "effect-lambda-runtime/events/BedrockAgent"
 *
 * BedrockAgent.sampleFunctionEvent().function // => "findOrder"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleFunctionEvent = (): typeof FunctionEvent.Encoded => ({ ...sampleFields, function: "findOrder" })
