/**
 * What a measured handler needs. Compiled by `npm run check`, never run.
 */
import * as Handler from "effect-lambda-runtime/Handler"
import * as Lambda from "effect-lambda-runtime/Lambda"
import type { LambdaEnvironment } from "effect-lambda-runtime/LambdaEnvironment"
import * as LambdaMetrics from "effect-lambda-runtime/LambdaMetrics"
import * as NodeLambda from "effect-lambda-runtime/NodeLambda"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { type Equal, same } from "./equal.ts"

const hello = Handler.make({ event: Schema.String, result: Schema.String }, (name) => Effect.succeed(`Hello ${name}`))

const open = Lambda.serve(LambdaMetrics.measure(hello))
same<Equal<typeof open, Layer.Layer<never, never, Lambda.Server | LambdaMetrics.LambdaMetrics>>>()

const program = Layer.provide(open, LambdaMetrics.layer({ namespace: "MyShop" }))
same<
  Equal<typeof program, Layer.Layer<never, LambdaMetrics.InvalidNamespace, Lambda.Server | LambdaEnvironment>>
>()
NodeLambda.runMain(program)

// @ts-expect-error nothing sends what is measured
NodeLambda.runMain(open)

// @ts-expect-error CloudWatch has no metric without a namespace
LambdaMetrics.layer({ service: "shop" })
