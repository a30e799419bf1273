/** A function that logs as many records as its event asks for, through Effect or through the console. */
import * as Effect from "effect/Effect"
import { constVoid } from "effect/Function"
import * as Schema from "effect/Schema"
import * as Handler from "../../src/Handler.ts"
import * as Lambda from "../../src/Lambda.ts"
import * as NodeLambda from "../../src/NodeLambda.ts"

const viaEffect = Effect.logInfo("order placed")

const viaConsole = Effect.sync(() => console.info({ message: "order placed", orderId: "o-1" }))

const record = process.argv[2] === "console" ? viaConsole : viaEffect

const turn = Effect.callback<void>((resume) => void setImmediate(() => resume(Effect.void)))

/** Other work comes between a hundred records and the next: nobody logs all the time. */
const log = (records: number) => {
  let left = records
  const all = Effect.whileLoop({
    while: () => left > 0,
    body: () => --left % 100 === 0 ? Effect.andThen(record, turn) : record,
    step: constVoid
  })
  return Effect.annotateLogs(all, "orderId", "o-1")
}

const handler = Handler.make({ event: Schema.Struct({ records: Schema.Int }) }, ({ records }) => log(records))

NodeLambda.runMain(Lambda.serve(handler))
