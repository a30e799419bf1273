/**
 * The event of the request that is being answered.
 */
import * as Context from "effect/Context"
import * as Option from "effect/Option"
import type { HttpEvent } from "../../LambdaHttp.ts"

export const CurrentEvent: Context.Reference<Option.Option<HttpEvent>> = Context.Reference(
  "effect-lambda-runtime/LambdaHttp/CurrentEvent",
  { defaultValue: () => Option.none<HttpEvent>() }
)
