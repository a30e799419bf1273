/**
 * Why a local server could not start.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"

/**
 * A setting has a value that makes no sense.
 *
 * @category errors
 * @since 0.1.0
 */
export class InvalidSetting extends Schema.Error<InvalidSetting>("effect-lambda-runtime/LocalServer/InvalidSetting")({
  _tag: Schema.tag("InvalidSetting"),
  /** The name of the option, its environment variable, or both. */
  setting: Schema.String,
  value: Schema.String,
  expected: Schema.String
}) {
  override get message(): string {
    return `${this.setting} is "${this.value}": it must be ${this.expected}`
  }
}

/**
 * Another program listens on the port.
 *
 * @category errors
 * @since 0.1.0
 */
export class PortInUse extends Schema.Error<PortInUse>("effect-lambda-runtime/LocalServer/PortInUse")({
  _tag: Schema.tag("PortInUse"),
  host: Schema.String,
  port: Schema.Int
}) {
  override get message(): string {
    return `port ${this.port} of ${this.host} is in use: stop the program that uses it, or set LOCAL_LAMBDA_PORT to ` +
      "another port"
  }
}

/**
 * The server cannot listen on this address, for example because it belongs to another machine.
 *
 * @category errors
 * @since 0.1.0
 */
export class CannotListen extends Schema.Error<CannotListen>("effect-lambda-runtime/LocalServer/CannotListen")({
  _tag: Schema.tag("CannotListen"),
  host: Schema.String,
  port: Schema.Int,
  description: Schema.String
}) {
  override get message(): string {
    return `cannot listen on port ${this.port} of ${this.host}: ${this.description}. Set LOCAL_LAMBDA_HOST to an ` +
      "address of this machine and LOCAL_LAMBDA_PORT to a port that you may use"
  }
}

/**
 * The local server could not start; `reason` says why.
 *
 * **Example** (A port that is taken)
 *
 * ```ts
 * import * as LocalServerError from "effect-lambda-runtime/LocalServerError"
 *
 * new LocalServerError.LocalServerError({
 *   reason: new LocalServerError.PortInUse({ host: "127.0.0.1", port: 7000 })
 * }).message
 * // => "port 7000 of 127.0.0.1 is in use: stop the program that uses it, or set LOCAL_LAMBDA_PORT to another port"
 * ```
 *
 * @category errors
 * @since 0.1.0
 */
export class LocalServerError extends Schema.TaggedError<LocalServerError>("effect-lambda-runtime/LocalServerError")(
  "LocalServerError",
  { reason: Schema.Union([InvalidSetting, PortInUse, CannotListen]) }
) {
  override get message(): string {
    return this.reason.message
  }
}
