/**
 * The rotation of a secret by AWS Secrets Manager.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { nullish } from "../internal/events/nullish.ts"

/**
 * One step of a rotation: a function is invoked four times, and answers nothing.
 *
 * **Gotchas**
 *
 * A step comes again when it has failed: find out first whether it was done. Do not log what the function reads and
 * writes.
 *
 * **Example** (The steps)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as SecretsManager from "effect-lambda-runtime/events/SecretsManager"
 * import * as Effect from "effect/Effect"
 *
 * const rotate = Handler.make({ event: SecretsManager.Event }, ({ SecretId, Step }) => {
 *   switch (Step) {
 *     case "createSecret":
 *       return Effect.log("a new version of", SecretId)
 *     case "setSecret":
 *       return Effect.log("tell the database")
 *     case "testSecret":
 *       return Effect.log("sign in")
 *     case "finishSecret":
 *       return Effect.log("make it the current version")
 *   }
 * })
 * ```
 *
 * @category schemas
 * @since 0.1.0
 */
export const Event = Schema.Struct({
  Step: Schema.Literals(["createSecret", "setSecret", "testSecret", "finishSecret"]),
  /** The secret's ARN. */
  SecretId: Schema.String,
  /** The id of the version that is made. */
  ClientRequestToken: Schema.String,
  /** To be passed to `PutSecretValue`, where the function rotates with the role of another account. */
  RotationToken: nullish(Schema.RedactedFromValue(Schema.String))
}).annotate({ title: "a Secrets Manager rotation event" })

/**
 * A decoded {@link Event}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Event extends Schema.Schema.Type<typeof Event> {}

/**
 * An event as Lambda delivers it, for the given step.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as SecretsManager from "effect-lambda-runtime/events/SecretsManager"
 *
 * SecretsManager.sample("testSecret").Step // => "testSecret"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sample = (step: Event["Step"] = "createSecret"): typeof Event.Encoded => ({
  Step: step,
  SecretId: "arn:aws:secretsmanager:us-east-2:123456789012:secret:orders-database-a1b2c3",
  ClientRequestToken: "5a9f5f6e-2a1c-4f0e-9a37-6a2a2b1f7c11",
  RotationToken: "b8a4c1d2-7f30-4f3e-8a56-1c2d3e4f5a6b"
})
