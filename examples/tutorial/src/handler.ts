import * as Handler from "effect-lambda-runtime/Handler"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { History } from "./History.ts"

const Question = Schema.Struct({ text: Schema.NonEmptyString })

const Answer = Schema.Struct({ isPalindrome: Schema.Boolean, timesAsked: Schema.Int })

export class NoLetters extends Schema.TaggedError<NoLetters>()("NoLetters", { text: Schema.String }) {
  override get message(): string {
    return `there is no letter in "${this.text}"`
  }
}

const lettersOf = (text: string): ReadonlyArray<string> => text.toLowerCase().match(/[\p{L}\p{N}]/gu) ?? []

export const handler = Handler.make(
  { event: Question, result: Answer },
  Effect.fnUntraced(function*({ text }) {
    const history = yield* History
    const letters = lettersOf(text)
    if (letters.length === 0) return yield* new NoLetters({ text })
    return {
      isPalindrome: letters.join("") === letters.toReversed().join(""),
      timesAsked: yield* history.add(letters.join(""))
    }
  })
)
