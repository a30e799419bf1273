/**
 * The event of the WebSocket API that is being answered: it says where its connections are.
 */
import * as Context from "effect/Context"
import * as Option from "effect/Option"
import type * as WebSocket from "../../events/WebSocket.ts"

export const CurrentEvent: Context.Reference<Option.Option<WebSocket.Event>> = Context.Reference(
  "effect-lambda-runtime/internal/webSocket/CurrentEvent",
  { defaultValue: () => Option.none<WebSocket.Event>() }
)
