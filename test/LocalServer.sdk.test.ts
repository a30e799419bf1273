import * as Sdk from "@aws-sdk/client-lambda"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import * as LocalServer from "../src/LocalServer.ts"
import * as lambdaClient from "./support/lambdaClient.ts"
import { makeRuntime, type Runtime, until } from "./support/localServer.ts"

const fork = Effect.forkChild({ startImmediately: true })

const arn = "arn:aws:lambda:us-east-1:123456789012:function:orders"

const layer = LocalServer.layerOptions({ port: 0, functionName: "orders", timeout: "1 minute" })

const textOf = (payload: Uint8Array | undefined) => Buffer.from(payload ?? []).toString()

const outOfStock = JSON.stringify({ errorType: "OutOfStock", errorMessage: "no more teapots" })

const json = { "content-type": "application/json" }

/** The runtime is served on as if nothing had happened. */
const assertGoesOn = Effect.fnUntraced(function*(client: Sdk.LambdaClient, runtime: Runtime) {
  const call = yield* fork(lambdaClient.invoke(client, { FunctionName: "orders", Payload: "\"and on\"" }))
  const event = yield* runtime.next
  assert.strictEqual(event.text, "\"and on\"")
  yield* runtime.respond(event.requestId, "\"still here\"")
  assert.strictEqual(textOf((yield* Fiber.join(call)).Payload), "\"still here\"")
})

describe("the AWS SDK", () => {
  it.effect("lists the functions", () =>
    Effect.gen(function*() {
      const client = yield* lambdaClient.make
      const { Functions } = yield* Effect.promise(() => client.send(new Sdk.ListFunctionsCommand({})))
      assert.deepStrictEqual(
        Functions?.map(({ FunctionArn, FunctionName, Timeout }) => ({ FunctionArn, FunctionName, Timeout })),
        [{ FunctionArn: arn, FunctionName: "orders", Timeout: 60 }]
      )
    }).pipe(Effect.scoped, Effect.provide(layer)))

  describe("invokes", () => {
    it.effect("a function and gets its answer", () =>
      Effect.gen(function*() {
        const client = yield* lambdaClient.make
        const runtime = yield* makeRuntime()
        const call = yield* fork(lambdaClient.invoke(client, { FunctionName: "orders", Payload: "{\"id\":1}" }))
        const event = yield* runtime.next
        assert.strictEqual(event.text, "{\"id\":1}")
        assert.strictEqual(event.headers["content-type"], "application/json")
        yield* runtime.respond(event.requestId, "{\"teapots\":[\"Zoë\"]}")
        const output = yield* Fiber.join(call)
        assert.strictEqual(output.StatusCode, 200)
        assert.strictEqual(output.ExecutedVersion, "$LATEST")
        assert.isUndefined(output.FunctionError)
        assert.isUndefined(output.LogResult)
        assert.strictEqual(textOf(output.Payload), "{\"teapots\":[\"Zoë\"]}")
        assert.strictEqual(output.$metadata.requestId, event.requestId)
      }).pipe(Effect.provide(layer)))

    it.effect.each(
      [
        ["orders", undefined, arn, "$LATEST"],
        ["orders:live", undefined, `${arn}:live`, "$LATEST"],
        ["orders", "live", `${arn}:live`, "$LATEST"],
        ["orders", "$LATEST", `${arn}:$LATEST`, "$LATEST"],
        ["orders", "7", `${arn}:7`, "7"],
        ["123456789012:function:orders", undefined, arn, "$LATEST"],
        ["123456789012:function:orders:live", undefined, `${arn}:live`, "$LATEST"],
        [arn, undefined, arn, "$LATEST"],
        [`${arn}:live`, "live", `${arn}:live`, "$LATEST"],
        ["arn:aws:lambda:eu-central-1:999999999999:function:orders:7", undefined, `${arn}:7`, "7"]
      ] as const
    )(
      "a function by the name %s and the qualifier %s",
      ([FunctionName, Qualifier, invokedArn, version]) =>
        Effect.gen(function*() {
          const client = yield* lambdaClient.make
          const runtime = yield* makeRuntime()
          const call = yield* fork(lambdaClient.invoke(client, { FunctionName, Qualifier }))
          const event = yield* runtime.next
          assert.strictEqual(event.headers["lambda-runtime-invoked-function-arn"], invokedArn)
          yield* runtime.respond(event.requestId, "null")
          assert.strictEqual((yield* Fiber.join(call)).ExecutedVersion, version)
        }).pipe(Effect.provide(layer))
    )

    it.effect("a function that fails", () =>
      Effect.gen(function*() {
        const client = yield* lambdaClient.make
        const runtime = yield* makeRuntime()
        const call = yield* fork(lambdaClient.invoke(client, { FunctionName: "orders" }))
        yield* runtime.fail((yield* runtime.next).requestId, outOfStock)
        const output = yield* Fiber.join(call)
        assert.strictEqual(output.StatusCode, 200)
        assert.strictEqual(output.FunctionError, "Unhandled")
        assert.strictEqual(textOf(output.Payload), outOfStock)
      }).pipe(Effect.provide(layer)))

    it.effect("a function and reads the end of its log", () =>
      Effect.gen(function*() {
        const client = yield* lambdaClient.make
        const runtime = yield* makeRuntime()
        const call = yield* fork(lambdaClient.invoke(client, { FunctionName: "orders", LogType: "Tail" }))
        const { requestId } = yield* runtime.next
        yield* runtime.respond(requestId, "null")
        const { LogResult } = yield* Fiber.join(call)
        const log = Buffer.from(LogResult ?? "", "base64").toString()
        assert.match(
          log,
          new RegExp(`^START RequestId: ${requestId} Version: \\$LATEST\nEND RequestId: ${requestId}\nREPORT `)
        )
      }).pipe(Effect.provide(layer)))

    it.effect("a function with a client context and for a tenant", () =>
      Effect.gen(function*() {
        const client = yield* lambdaClient.make
        const runtime = yield* makeRuntime()
        const context = JSON.stringify({ client: { app_title: "Zoë" } })
        const call = yield* fork(lambdaClient.invoke(client, {
          FunctionName: "orders",
          ClientContext: Buffer.from(context).toString("base64"),
          TenantId: "blue team"
        }))
        const { headers, requestId } = yield* runtime.next
        assert.deepStrictEqual(JSON.parse(String(headers["lambda-runtime-client-context"])), JSON.parse(context))
        assert.strictEqual(headers["lambda-runtime-aws-tenant-id"], "blue team")
        yield* runtime.respond(requestId, "null")
        yield* Fiber.join(call)
      }).pipe(Effect.provide(layer)))

    it.effect("a function and does not wait for it", () =>
      Effect.gen(function*() {
        const client = yield* lambdaClient.make
        const output = yield* lambdaClient.invoke(client, {
          FunctionName: "orders",
          InvocationType: "Event",
          Payload: "1"
        })
        assert.strictEqual(output.StatusCode, 202)
        assert.strictEqual(textOf(output.Payload), "")
        const event = yield* (yield* makeRuntime()).next
        assert.strictEqual(event.text, "1")
        assert.strictEqual(event.requestId, output.$metadata.requestId)
      }).pipe(Effect.provide(layer)))

    it.effect("a function on trial, which does not run", () =>
      Effect.gen(function*() {
        const client = yield* lambdaClient.make
        const runtime = yield* makeRuntime()
        const output = yield* lambdaClient.invoke(client, { FunctionName: "orders", InvocationType: "DryRun" })
        assert.strictEqual(output.StatusCode, 204)
        yield* assertGoesOn(client, runtime)
      }).pipe(Effect.provide(layer)))
  })

  describe("throws", () => {
    it.effect("ResourceNotFoundException for an unknown function", () =>
      Effect.gen(function*() {
        const client = yield* lambdaClient.make
        const error = yield* Effect.flip(lambdaClient.invoke(client, { FunctionName: "nope" }))
        assert.instanceOf(error, Sdk.ResourceNotFoundException)
        assert.strictEqual(error.message, "Function not found: arn:aws:lambda:us-east-1:123456789012:function:nope")
        assert.strictEqual(error.Type, "User")
        assert.strictEqual(error.$metadata.httpStatusCode, 404)
        assert.match(error.$metadata.requestId ?? "", /^[\da-f-]{36}$/)
      }).pipe(Effect.provide(layer)))

    it.effect("InvalidParameterValueException for two qualifiers", () =>
      Effect.gen(function*() {
        const client = yield* lambdaClient.make
        const error = yield* Effect.flip(lambdaClient.invoke(client, { FunctionName: "orders:a", Qualifier: "b" }))
        assert.instanceOf(error, Sdk.InvalidParameterValueException)
        assert.strictEqual(error.$metadata.httpStatusCode, 400)
      }).pipe(Effect.provide(layer)))

    it.effect("ValidationException for what cannot be a function's name", () =>
      Effect.gen(function*() {
        const client = yield* lambdaClient.make
        const error = yield* Effect.flip(lambdaClient.invoke(client, { FunctionName: "my orders" }))
        assert.instanceOf(error, Sdk.LambdaServiceException)
        assert.strictEqual(error.name, "ValidationException")
        assert.include(error.message, "Value 'my orders' at 'functionName' failed to satisfy constraint")
      }).pipe(Effect.provide(layer)))

    it.effect("InvalidRequestContentException for an event that is not JSON", () =>
      Effect.gen(function*() {
        const client = yield* lambdaClient.make
        const error = yield* Effect.flip(lambdaClient.invoke(client, { FunctionName: "orders", Payload: "{'id': 1}" }))
        assert.instanceOf(error, Sdk.InvalidRequestContentException)
        assert.match(error.message, /^Could not parse request body into json: /)
        assert.strictEqual(error.$metadata.httpStatusCode, 400)
      }).pipe(Effect.provide(layer)))

    it.effect("InvalidRequestContentException for a client context that is not JSON in base64", () =>
      Effect.gen(function*() {
        const client = yield* lambdaClient.make
        const error = yield* Effect.flip(lambdaClient.invoke(client, { FunctionName: "orders", ClientContext: "{}" }))
        assert.instanceOf(error, Sdk.InvalidRequestContentException)
        assert.strictEqual(error.message, "Client context must be a valid Base64-encoded JSON object.")
      }).pipe(Effect.provide(layer)))

    it.effect("RequestTooLargeException for an event of more than 6 MB, or 1 MB when it does not wait", () =>
      Effect.gen(function*() {
        const client = yield* lambdaClient.make
        for (const [InvocationType, limit] of [["RequestResponse", 6_291_456], ["Event", 1_048_576]] as const) {
          const Payload = JSON.stringify("x".repeat(limit - 1))
          const error = yield* Effect.flip(
            lambdaClient.invoke(client, { FunctionName: "orders", InvocationType, Payload })
          )
          assert.instanceOf(error, Sdk.RequestTooLargeException)
          assert.strictEqual(
            error.message,
            `Request must be smaller than ${limit} bytes for the InvokeFunction operation`
          )
          assert.strictEqual(error.$metadata.httpStatusCode, 413)
        }
      }).pipe(Effect.provide(layer)))

    it.effect("TooManyRequestsException when too many events wait", () =>
      Effect.gen(function*() {
        const client = yield* lambdaClient.make
        yield* fork(lambdaClient.invoke(client, { FunctionName: "orders" }))
        yield* until({ queued: 1 })
        const assertRefused = (error: unknown) => {
          assert.instanceOf(error, Sdk.TooManyRequestsException)
          assert.strictEqual(error.message, "Rate Exceeded.")
          assert.strictEqual(error.Reason, "ReservedFunctionConcurrentInvocationLimitExceeded")
          assert.strictEqual(error.retryAfterSeconds, "1")
          assert.strictEqual(error.$metadata.httpStatusCode, 429)
        }
        assertRefused(yield* Effect.flip(lambdaClient.invoke(client, { FunctionName: "orders" })))
        assertRefused(yield* Effect.flip(lambdaClient.invokeWithResponseStream(client, { FunctionName: "orders" })))
        const later = { FunctionName: "orders", InvocationType: "Event" } as const
        yield* lambdaClient.invoke(client, later)
        assertRefused(yield* Effect.flip(lambdaClient.invoke(client, later)))
      }).pipe(Effect.provide(LocalServer.layerOptions({ port: 0, functionName: "orders", maxQueued: 1 }))))
  })

  it.effect("throws ServiceException when the server shuts down", () =>
    Effect.gen(function*() {
      const scope = yield* Scope.make()
      const context = yield* Layer.buildWithScope(layer, scope)
      yield* Effect.gen(function*() {
        const client = yield* lambdaClient.make
        const call = yield* fork(lambdaClient.invoke(client, { FunctionName: "orders" }))
        yield* until({ queued: 1 })
        yield* Scope.close(scope, Exit.void)
        const error = yield* Effect.flip(Fiber.join(call))
        assert.instanceOf(error, Sdk.ServiceException)
        assert.strictEqual(error.$metadata.httpStatusCode, 503)
      }).pipe(Effect.provideContext(context))
    }))

  describe("streams", () => {
    const begin = Effect.fnUntraced(function*(
      headers: Record<string, string> = { "content-type": "text/plain" },
      input: Partial<Sdk.InvokeWithResponseStreamCommandInput> = {}
    ) {
      const client = yield* lambdaClient.make
      const runtime = yield* makeRuntime()
      const call = yield* fork(lambdaClient.invokeWithResponseStream(client, { FunctionName: "orders", ...input }))
      const { requestId } = yield* runtime.next
      const answer = yield* runtime.stream(requestId, headers)
      return { client, runtime, call, answer, requestId }
    })

    it.effect("an answer chunk by chunk, each before the next one is made", () =>
      Effect.gen(function*() {
        const { answer, call, client, requestId, runtime } = yield* begin()
        yield* answer.write("one")
        const { next, output } = yield* Fiber.join(call)
        assert.strictEqual(output.StatusCode, 200)
        assert.strictEqual(output.ExecutedVersion, "$LATEST")
        assert.strictEqual(output.ResponseStreamContentType, "application/vnd.amazon.eventstream")
        assert.strictEqual(output.$metadata.requestId, requestId)
        assert.strictEqual(lambdaClient.chunkText(yield* next), "one")
        for (const chunk of ["two", "three", "four"]) {
          yield* answer.write(chunk)
          assert.strictEqual(lambdaClient.chunkText(yield* next), chunk)
        }
        yield* answer.end()
        assert.deepStrictEqual((yield* next)?.InvokeComplete, {})
        assert.isUndefined(yield* next)
        assert.strictEqual((yield* answer.reply).status, 202)
        yield* assertGoesOn(client, runtime)
      }).pipe(Effect.provide(layer)))

    it.effect("bytes as they are", () =>
      Effect.gen(function*() {
        const { answer, call } = yield* begin({ "content-type": "application/octet-stream" })
        const bytes = Uint8Array.from({ length: 256 }, (_, index) => index)
        yield* answer.write(bytes)
        const { next } = yield* Fiber.join(call)
        assert.deepStrictEqual(Buffer.from((yield* next)?.PayloadChunk?.Payload ?? []), Buffer.from(bytes))
        yield* answer.end()
        assert.deepStrictEqual((yield* next)?.InvokeComplete, {})
      }).pipe(Effect.provide(layer)))

    it.effect("an empty answer", () =>
      Effect.gen(function*() {
        const { answer, call } = yield* begin()
        yield* answer.end()
        const { next } = yield* Fiber.join(call)
        assert.deepStrictEqual((yield* next)?.InvokeComplete, {})
        assert.isUndefined(yield* next)
      }).pipe(Effect.provide(layer)))

    it.effect("an answer that was not streamed as one chunk", () =>
      Effect.gen(function*() {
        const client = yield* lambdaClient.make
        const runtime = yield* makeRuntime()
        const call = yield* fork(lambdaClient.invokeWithResponseStream(client, { FunctionName: "orders" }))
        const answer = "a".repeat(6_291_556)
        yield* runtime.respond((yield* runtime.next).requestId, answer)
        const { next } = yield* Fiber.join(call)
        assert.isTrue(lambdaClient.chunkText(yield* next) === answer)
        assert.deepStrictEqual((yield* next)?.InvokeComplete, {})
        assert.isUndefined(yield* next)
      }).pipe(Effect.provide(layer)))

    it.effect("no chunk of an answer that was not streamed and is empty", () =>
      Effect.gen(function*() {
        const client = yield* lambdaClient.make
        const runtime = yield* makeRuntime()
        const call = yield* fork(lambdaClient.invokeWithResponseStream(client, { FunctionName: "orders" }))
        yield* runtime.respond((yield* runtime.next).requestId, "")
        const { next } = yield* Fiber.join(call)
        assert.deepStrictEqual((yield* next)?.InvokeComplete, {})
      }).pipe(Effect.provide(layer)))

    it.effect("an error that the function made in the middle", () =>
      Effect.gen(function*() {
        const { answer, call, client, runtime } = yield* begin()
        yield* answer.write("half")
        const { next } = yield* Fiber.join(call)
        assert.strictEqual(lambdaClient.chunkText(yield* next), "half")
        yield* answer.end({
          "Lambda-Runtime-Function-Error-Type": "Function.OutOfStock",
          "Lambda-Runtime-Function-Error-Body": Buffer.from(outOfStock).toString("base64")
        })
        assert.deepStrictEqual((yield* next)?.InvokeComplete, {
          ErrorCode: "Function.OutOfStock",
          ErrorDetails: outOfStock
        })
        assert.isUndefined(yield* next)
        yield* assertGoesOn(client, runtime)
      }).pipe(Effect.provide(layer)))

    it.effect("an error that the function made ahead of everything else", () =>
      Effect.gen(function*() {
        const client = yield* lambdaClient.make
        const runtime = yield* makeRuntime()
        const call = yield* fork(lambdaClient.invokeWithResponseStream(client, { FunctionName: "orders" }))
        yield* runtime.fail((yield* runtime.next).requestId, outOfStock, {
          "lambda-runtime-function-error-type": "Function.OutOfStock"
        })
        const { next, output } = yield* Fiber.join(call)
        assert.strictEqual(output.StatusCode, 200)
        assert.deepStrictEqual((yield* next)?.InvokeComplete, {
          ErrorCode: "Function.OutOfStock",
          ErrorDetails: outOfStock
        })
        assert.isUndefined(yield* next)
      }).pipe(Effect.provide(layer)))

    it.effect("an answer whose runtime goes away in the middle", () =>
      Effect.gen(function*() {
        const { answer, call, client, runtime } = yield* begin()
        yield* answer.write("half")
        const { next } = yield* Fiber.join(call)
        assert.strictEqual(lambdaClient.chunkText(yield* next), "half")
        yield* answer.destroy
        assert.strictEqual((yield* next)?.InvokeComplete?.ErrorCode, "Runtime.TruncatedResponse")
        assert.isUndefined(yield* next)
        yield* runtime.kill
        yield* assertGoesOn(client, yield* makeRuntime())
      }).pipe(Effect.provide(layer)))

    it.effect("an answer and reads the end of its log", () =>
      Effect.gen(function*() {
        const { answer, call, requestId } = yield* begin(json, { LogType: "Tail" })
        yield* answer.end()
        const { next } = yield* Fiber.join(call)
        const log = Buffer.from((yield* next)?.InvokeComplete?.LogResult ?? "", "base64").toString()
        assert.match(log, new RegExp(`^START RequestId: ${requestId} `))
      }).pipe(Effect.provide(layer)))

    it.effect("an answer that it leaves in the middle, which frees the runtime", () =>
      Effect.gen(function*() {
        const { answer, call, client, runtime } = yield* begin()
        yield* answer.write("one")
        const { next } = yield* Fiber.join(call)
        assert.strictEqual(lambdaClient.chunkText(yield* next), "one")
        client.destroy()
        // More than all buffers between the two hold.
        for (let index = 0; index < 100; index++) yield* answer.write(Buffer.alloc(1_000_000))
        yield* answer.end()
        assert.strictEqual((yield* answer.reply).status, 202)
        yield* assertGoesOn(yield* lambdaClient.make, runtime)
      }).pipe(Effect.provide(layer)))

    it.effect("nothing from an unknown function, or on trial", () =>
      Effect.gen(function*() {
        const client = yield* lambdaClient.make
        const error = yield* Effect.flip(lambdaClient.invokeWithResponseStream(client, { FunctionName: "nope" }))
        assert.instanceOf(error, Sdk.ResourceNotFoundException)
        const dryRun = new Sdk.InvokeWithResponseStreamCommand({ FunctionName: "orders", InvocationType: "DryRun" })
        const { StatusCode } = yield* lambdaClient.send((abortSignal) => client.send(dryRun, { abortSignal }))
        assert.strictEqual(StatusCode, 204)
        yield* assertGoesOn(client, yield* makeRuntime())
      }).pipe(Effect.provide(layer)))
  })
})
