/**
 * The input of a function that AWS Step Functions waits for.
 *
 * A task without a callback has the input that its state machine gives it, and nothing of Step Functions: give
 * `Handler.make` the schema of that input, and what it answers is the output of the task.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-wait-token
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"

const title = "a Step Functions event"

/**
 * A task of the kind `.waitForTaskToken`, with its input as JSON. {@link eventOf} decodes the input.
 *
 * **When to use**
 *
 * With a state whose payload is `{ "taskToken": "{% $states.context.Task.Token %}", "input": "{% $states.input %}" }`,
 * or in JSONPath `{ "taskToken.$": "$$.Task.Token", "input.$": "$" }`.
 *
 * **Gotchas**
 *
 * What the function answers is ignored, and so is its failure unless the state has a time-out: the task ends when
 * somebody calls `SendTaskSuccess` or `SendTaskFailure` with the token. Who has the token can do that, so it does not
 * get into logs.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Event = Schema.Struct({
  /** `Redacted.value` gives it to `SendTaskSuccess`, `SendTaskFailure` and `SendTaskHeartbeat`. */
  taskToken: Schema.RedactedFromValue(Schema.String),
  input: Schema.Json
}).annotate({ title })

/**
 * A decoded {@link Event}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Event extends Schema.Schema.Type<typeof Event> {}

const makeEventOf = <Input extends Schema.Constraint>(input: Input) =>
  Schema.Struct({ ...Event.fields, input: Schema.toCodecJson(input) }).annotate({ title })

/**
 * The schema of {@link eventOf}.
 *
 * @category models
 * @since 0.1.0
 */
export interface eventOf<Input extends Schema.Constraint> extends ReturnType<typeof makeEventOf<Input>> {}

/**
 * An {@link Event} whose input has the given shape.
 *
 * **Example** (An order that a person has to approve)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as StepFunctions from "effect-lambda-runtime/events/StepFunctions"
 * import * as Effect from "effect/Effect"
 * import * as Redacted from "effect/Redacted"
 * import * as Schema from "effect/Schema"
 *
 * const Order = Schema.Struct({ id: Schema.String })
 *
 * // A mail whose links hold the token.
 * const sendMail = (order: typeof Order.Type, token: string) => Effect.log(`approve ${order.id}?`, token.length)
 *
 * const askForApproval = Handler.make({ event: StepFunctions.eventOf(Order) }, ({ input, taskToken }) =>
 *   sendMail(input, Redacted.value(taskToken)))
 * ```
 *
 * **Example** (By way of a queue)
 *
 * ```ts
 * import * as Sqs from "effect-lambda-runtime/events/Sqs"
 * import * as StepFunctions from "effect-lambda-runtime/events/StepFunctions"
 * import * as Schema from "effect/Schema"
 *
 * const Tasks = Sqs.eventOf(StepFunctions.eventOf(Schema.Struct({ id: Schema.String })))
 * const { Records } = Schema.decodeUnknownSync(Tasks)(Sqs.sample(StepFunctions.sample({ id: "o-1" })))
 * Records.map(({ body }) => body.input) // => [{ id: "o-1" }]
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const eventOf: <Input extends Schema.Constraint>(input: Input) => eventOf<Input> = makeEventOf

/**
 * An event as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as StepFunctions from "effect-lambda-runtime/events/StepFunctions"
 *
 * StepFunctions.sample({ id: "o-1" }).input // => { id: "o-1" }
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sample = (input: Schema.Json = { id: "o-1" }): typeof Event.Encoded => ({
  taskToken: "AAAAKgAAAAIAAAAAAAAAAaVd8Nr1xmplO3yLmaC6Z1bVw0aJt9Qf",
  input
})
