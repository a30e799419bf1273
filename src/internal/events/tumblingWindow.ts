/** Batches of a stream that Lambda puts together to windows of time, with a state that goes from one to the next. */
import * as Schema from "effect/Schema"
import * as Timestamp from "../../events/Timestamp.ts"
import { nullish } from "./nullish.ts"

/** What a batch of a window has beside its records. */
export const windowFields = {
  window: Schema.Struct({ start: Timestamp.IsoSeconds, end: Timestamp.IsoSeconds }),
  /** What the function answered to the batch before, and `{}` at first. */
  state: Schema.JsonObject,
  shardId: Schema.String,
  eventSourceARN: Schema.String,
  /** The last batch of the window: its state goes nowhere. */
  isFinalInvokeForWindow: Schema.Boolean,
  /** The state has grown over 1 MB, or a shard has ended. */
  isWindowTerminatedEarly: nullish(Schema.Boolean)
}

/** What is answered to a batch of a window: the state, and the items that are to be delivered again. */
export const windowResult = <BatchResponse extends Schema.Struct.Fields>(batchResponse: BatchResponse) =>
  Schema.Struct({ state: Schema.JsonObject, ...batchResponse })
