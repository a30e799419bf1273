/**
 * What a program needs before it may be launched. Compiled by `npm run check`, never run.
 */
import * as Handler from "effect-lambda-runtime/Handler"
import type * as Invocation from "effect-lambda-runtime/Invocation"
import * as Lambda from "effect-lambda-runtime/Lambda"
import type { LambdaEnvironment } from "effect-lambda-runtime/LambdaEnvironment"
import * as LambdaResponse from "effect-lambda-runtime/LambdaResponse"
import * as LambdaTest from "effect-lambda-runtime/LambdaTest"
import * as NodeLambda from "effect-lambda-runtime/NodeLambda"
import * as RuntimeApi from "effect-lambda-runtime/RuntimeApi"
import type { RuntimeApiError } from "effect-lambda-runtime/RuntimeApiError"
import type * as SnapStart from "effect-lambda-runtime/SnapStart"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { type Equal, same } from "./equal.ts"

class Prices extends Context.Service<Prices, { readonly of: (id: string) => number }>()("types/Prices") {}

class NoDatabase extends Schema.TaggedError<NoDatabase>("types/NoDatabase")("NoDatabase", {}) {}

declare const PricesLayer: Layer.Layer<Prices, NoDatabase>

const checkout = Handler.make(
  { event: Schema.String, result: Schema.Finite },
  (id) => Effect.tap(Effect.map(Prices, (prices) => prices.of(id)), Effect.addFinalizer(() => Effect.void))
)

// What belongs to one invocation is provided by the loop; everything else is a requirement of the layer.

const open = Lambda.serve(checkout)
same<Equal<typeof open, Layer.Layer<never, never, Lambda.Server | Prices>>>()

const program = Layer.provide(open, PricesLayer)
same<Equal<typeof program, Layer.Layer<never, NoDatabase, Lambda.Server>>>()

const echo = Lambda.serve(Handler.raw((payload) => Effect.succeed(LambdaResponse.bytes(payload))))
same<Equal<typeof echo, Layer.Layer<never, never, Lambda.Server>>>()

// `launch` provides the server, fails as the layers do, and says what is missing.

const launched = Lambda.launch(program)
same<
  Equal<
    typeof launched,
    Effect.Effect<
      never,
      NoDatabase | Lambda.LaunchError | RuntimeApiError | SnapStart.HookError,
      RuntimeApi.RuntimeApi
    >
  >
>()

const incomplete = Lambda.launch(open)
same<Equal<Effect.Services<typeof incomplete>, RuntimeApi.RuntimeApi | Prices>>()

// @ts-expect-error the layer of Prices is missing
Effect.runFork(Effect.provide(incomplete, Layer.provide(RuntimeApi.layer, {} as Layer.Layer<LambdaEnvironment>)))

// @ts-expect-error so is the Runtime API
Effect.runFork(launched)

// `runMain` takes a program that is complete, or needs no more than where it runs.

NodeLambda.runMain(program)
NodeLambda.runMain(echo)
NodeLambda.runMain(Layer.provide(echo, Layer.effectDiscard({} as Effect.Effect<void, never, LambdaEnvironment>)))

// @ts-expect-error the layer of Prices is missing
NodeLambda.runMain(open)

// @ts-expect-error no layer provides an invocation
NodeLambda.runMain({} as Layer.Layer<never, never, Lambda.Server | Invocation.Invocation>)

// @ts-expect-error a handler is no layer
NodeLambda.runMain(checkout)

// `LambdaTest.layer` leaves what is missing to the test.

const tested = LambdaTest.layer(open)
same<Equal<Layer.Error<typeof tested>, Lambda.LaunchError>>()
same<Equal<Layer.Services<typeof tested>, Prices>>()
