import { assert, describe, it } from "@effect/vitest"
import * as Config from "effect/Config"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import * as LambdaEnvironment from "../src/LambdaEnvironment.ts"

const environment = (variables: Record<string, string>) =>
  LambdaEnvironment.LambdaEnvironment.pipe(
    Effect.provide(LambdaEnvironment.layer.pipe(
      Layer.provide(ConfigProvider.layer(ConfigProvider.fromEnvRecord(variables)))
    ))
  )

describe("LambdaEnvironment", () => {
  it.effect("is local when there is no Runtime API", () =>
    Effect.gen(function*() {
      const { maxConcurrency, runtimeApi } = yield* environment({})
      assert.isTrue(Option.isNone(runtimeApi))
      assert.strictEqual(maxConcurrency, 1)
    }))

  it.effect("reads what Lambda sets", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(
        yield* environment({
          AWS_LAMBDA_RUNTIME_API: "127.0.0.1:9001",
          AWS_LAMBDA_FUNCTION_NAME: "orders",
          AWS_LAMBDA_FUNCTION_VERSION: "7",
          AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "512",
          AWS_LAMBDA_LOG_GROUP_NAME: "/aws/lambda/orders",
          AWS_LAMBDA_LOG_STREAM_NAME: "2026/11/21/[7]8476",
          AWS_REGION: "eu-central-1",
          _HANDLER: "main.handler",
          LAMBDA_TASK_ROOT: "/var/task/app",
          AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
          AWS_LAMBDA_MAX_CONCURRENCY: "64"
        }),
        {
          runtimeApi: Option.some("127.0.0.1:9001"),
          functionName: "orders",
          functionVersion: "7",
          memorySize: 512,
          logGroupName: Option.some("/aws/lambda/orders"),
          logStreamName: Option.some("2026/11/21/[7]8476"),
          region: Option.some("eu-central-1"),
          handler: Option.some("main.handler"),
          taskRoot: "/var/task/app",
          initializationType: Option.some("on-demand"),
          maxConcurrency: 64
        }
      )
    }))

  it.effect("takes an empty variable for an unset one", () =>
    Effect.gen(function*() {
      const { logGroupName, maxConcurrency, runtimeApi } = yield* environment({
        AWS_LAMBDA_RUNTIME_API: "",
        AWS_LAMBDA_LOG_GROUP_NAME: " ",
        AWS_LAMBDA_MAX_CONCURRENCY: ""
      })
      assert.isTrue(Option.isNone(runtimeApi) && Option.isNone(logGroupName))
      assert.strictEqual(maxConcurrency, 1)
    }))

  it.effect.each(["0", "-1", "1.5", "many"])(
    "warns and serves one at a time when the concurrency is %j",
    (value) =>
      Effect.gen(function*() {
        const lines: Array<string> = []
        const { maxConcurrency } = yield* environment({ AWS_LAMBDA_MAX_CONCURRENCY: value }).pipe(
          Effect.provide(Logger.layer([Logger.map(Logger.formatLogFmt, (line) => void lines.push(line))]))
        )
        assert.strictEqual(maxConcurrency, 1)
        assert.strictEqual(lines.length, 1)
        assert.include(lines[0], "level=WARN")
        assert.include(lines[0], "AWS_LAMBDA_MAX_CONCURRENCY")
      })
  )

  it.effect.each(["lots", "0", "1.5"])("warns and takes 128 MiB for a memory of %j", (value) =>
    Effect.gen(function*() {
      const lines: Array<string> = []
      const { memorySize } = yield* environment({ AWS_LAMBDA_FUNCTION_MEMORY_SIZE: value }).pipe(
        Effect.provide(Logger.layer([Logger.map(Logger.formatLogFmt, (line) => void lines.push(line))]))
      )
      assert.strictEqual(memorySize, 128)
      assert.strictEqual(lines.length, 1)
      assert.include(lines[0], "AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
    }))

  it.effect("fails where the variables cannot be read", () =>
    Effect.gen(function*() {
      const unreadable = ConfigProvider.make(() =>
        Effect.fail(new ConfigProvider.SourceError({ message: "the parameter store does not answer" }))
      )
      const error = yield* LambdaEnvironment.LambdaEnvironment.pipe(
        Effect.provide(Layer.provide(LambdaEnvironment.layer, ConfigProvider.layer(unreadable))),
        Effect.flip
      )
      assert.instanceOf(error, Config.ConfigError)
      assert.include(String(error), "the parameter store does not answer")
    }))
})
