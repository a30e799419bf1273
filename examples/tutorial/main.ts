import * as Handler from "effect-lambda-runtime/Handler"
import * as Lambda from "effect-lambda-runtime/Lambda"
import * as NodeLambda from "effect-lambda-runtime/NodeLambda"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

/** Only letters and digits count, and no capitals. */
const isPalindrome = (text: string): boolean => {
  const letters = Array.from(text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, ""))
  return letters.join("") === letters.toReversed().join("")
}

const palindrome = Handler.make(
  {
    event: Schema.Struct({ text: Schema.NonEmptyString }),
    result: Schema.Struct({ text: Schema.String, isPalindrome: Schema.Boolean, message: Schema.String })
  },
  ({ text }) => {
    const found = isPalindrome(text)
    return Effect.succeed({ text, isPalindrome: found, message: `that is ${found ? "" : "not "}a palindrome` })
  }
)

NodeLambda.runMain(Lambda.serve(palindrome))
