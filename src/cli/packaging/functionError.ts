/**
 * What a function has answered an event with, where it failed.
 */
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"

const Report = Schema.fromJsonString(Schema.Struct({ errorType: Schema.String, errorMessage: Schema.String }))

const decode = Schema.decodeUnknownOption(Report)

/** As in `EventError: the event is not valid JSON`, in one line. What is no error report is told as it is. */
export const describe = (answer: string): string =>
  Option.match(decode(answer), {
    onNone: () => answer,
    onSome: ({ errorMessage, errorType }) =>
      [errorType, errorMessage.trim().replace(/\s*\n\s*/g, "; ")].filter((part) => part !== "").join(": ")
  })
