/**
 * `effect-lambda events`.
 */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { reported, Reporter } from "../Reporter.ts"
import * as samples from "../samples.ts"
import * as text from "../text.ts"

const name = Argument.String("name").pipe(
  Argument.withDescription("The sample to print; without it, all are listed"),
  Argument.optional
)

export const events = Command.make(
  "events",
  { name },
  reported(Effect.fnUntraced(function*({ name }) {
    const { result } = yield* Reporter
    if (Option.isSome(name)) {
      const event = (yield* samples.find(name.value)).event()
      return yield* result({
        json: event,
        text: JSON.stringify(event, undefined, 2),
        next: `effect-lambda invoke --sample ${name.value}`
      })
    }
    const all = yield* samples.all
    yield* result({
      json: all.map(({ module, name, schema }) => ({ name, module, schema: schema ?? null })),
      text: text.table(all.map(({ module, name, schema }) => [name, module, schema ?? ""])),
      next: "effect-lambda events sqs > event.json"
    })
  }))
).pipe(
  Command.withDescription("List the sample events of all triggers, or print one"),
  Command.withExamples([
    { command: "effect-lambda events", description: "List them" },
    { command: "effect-lambda events api-gateway-v2 > event.json", description: "Start an event of your own with one" }
  ])
)
