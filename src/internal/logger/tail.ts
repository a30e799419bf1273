/**
 * The log tail of an invocation on a laptop, in the format that its log has on Lambda.
 */
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as environment from "./environment.ts"
import * as recordIds from "./ids.ts"
import * as jsonRecord from "./jsonRecord.ts"
import { noIds } from "./record.ts"
import * as textRecord from "./textRecord.ts"

/** Gives `add` every record of an invocation. */
export const logger = (
  add: (requestId: string, line: string) => void
): Effect.Effect<Logger.Logger<unknown, void>> =>
  Effect.map(environment.format, (format) => {
    const { fromEffect } = format === "JSON" ? jsonRecord : textRecord
    return Logger.make((options) => {
      const { requestId } = recordIds.ofFiber(options.fiber).ids
      if (requestId !== noIds.requestId) add(requestId, fromEffect(options))
    })
  })
