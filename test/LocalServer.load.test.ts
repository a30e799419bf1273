import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Stream from "effect/Stream"
import * as Concurrency from "../src/Concurrency.ts"
import * as Handler from "../src/Handler.ts"
import * as Lambda from "../src/Lambda.ts"
import * as LambdaEnvironment from "../src/LambdaEnvironment.ts"
import * as LambdaResponse from "../src/LambdaResponse.ts"
import * as LocalServer from "../src/LocalServer.ts"
import * as RuntimeApi from "../src/RuntimeApi.ts"
import { invoke, until } from "./support/localServer.ts"
import * as program from "./support/program.ts"

const calls = 10_000
const concurrency = 32

const handler = Handler.raw((payload) => {
  const { id, kind }: { readonly id: number; readonly kind: string } = JSON.parse(Buffer.from(payload).toString())
  switch (kind) {
    case "buffered":
      return Effect.succeed(LambdaResponse.json({ id }))
    case "failing":
      return Effect.fail(new Error(`call ${id} fails`))
    default: {
      const parts = Stream.range(0, kind === "cancelled" ? 99 : 2).pipe(
        Stream.mapEffect((part) =>
          kind === "breaking" && part === 1
            ? Effect.fail(new Error(`call ${id} breaks`))
            : Effect.as(Effect.yieldNow, `${id}.${part} `)
        ),
        Stream.rechunk(1)
      )
      return Effect.succeed(LambdaResponse.stream(parts, { contentType: "text/plain" }))
    }
  }
})

const runtime = Layer.unwrap(
  Effect.map(LocalServer.LocalServer, ({ address }) => RuntimeApi.layerOptions({ address }))
).pipe(Layer.provide(LambdaEnvironment.layer))

const layer = runtime.pipe(
  Layer.provideMerge(LocalServer.layerTestOptions({
    maxConcurrency: concurrency,
    maxQueued: calls,
    timeout: "15 minutes"
  })),
  Layer.provideMerge(Logger.layer([]))
)

describe("LocalServer under load", () => {
  it.live(`gives each of ${calls} callers at once its own answer or error`, () =>
    Effect.gen(function*() {
      const { url } = yield* LocalServer.LocalServer
      yield* Effect.forkChild(Effect.provideService(Lambda.run(handler), Concurrency.MaxConcurrency, concurrency))
      const callers = yield* program.start("test/fixtures/programs/callers.ts", { URL: url, CALLS: String(calls) })
      const { stderr, stdout } = yield* callers.exit
      assert.strictEqual(stderr, "")
      const { failed, passed } = JSON.parse(stdout)
      assert.strictEqual(JSON.stringify(failed), "[]")
      const each = calls / 5
      assert.deepStrictEqual(passed, {
        buffered: each,
        streamed: each,
        failing: each,
        breaking: each,
        cancelled: each
      })
      yield* until({ queued: 0, running: 0, polls: concurrency })
      assert.strictEqual((yield* invoke("{\"id\":1,\"kind\":\"buffered\"}")).text, "{\"id\":1}")
    }).pipe(Effect.scoped, Effect.provide(layer)), { timeout: 120_000 })
})
