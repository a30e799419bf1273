/** Megabytes of JSON in and out, through schemas. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Handler from "../../src/Handler.ts"
import * as Lambda from "../../src/Lambda.ts"
import * as NodeLambda from "../../src/NodeLambda.ts"

const message = Schema.Struct({ data: Schema.String })

const echo = Handler.make({ event: message, result: message }, Effect.succeed)

NodeLambda.runMain(Lambda.serve(echo))
