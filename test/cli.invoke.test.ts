import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import * as fs from "node:fs"
import * as http from "node:http"
import * as path from "node:path"
import * as samples from "../src/cli/samples.ts"
import * as Sqs from "../src/events/Sqs.ts"
import * as LocalServer from "../src/LocalServer.ts"
import * as builtFunction from "./support/builtFunction.ts"
import { run, type Surroundings, type Told, without } from "./support/effectLambda.ts"
import { type Event, makeRuntime, type Runtime } from "./support/localServer.ts"

const outOfStockAt = (...stackTrace: ReadonlyArray<string>) =>
  JSON.stringify({ errorType: "OutOfStock", errorMessage: "no more teapots", stackTrace })

const outOfStock = JSON.stringify({ errorType: "OutOfStock", errorMessage: "no more teapots" })

/** Without what the AWS SDK could find on this machine. */
const signedOut = {
  AWS_REGION: undefined,
  AWS_DEFAULT_REGION: undefined,
  AWS_PROFILE: undefined,
  AWS_ACCESS_KEY_ID: undefined,
  AWS_SECRET_ACCESS_KEY: undefined,
  AWS_CONFIG_FILE: "/dev/null",
  AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
  AWS_EC2_METADATA_DISABLED: "true"
}

const withoutSdk = without("@aws-sdk/client-lambda")

const isCodec = (value: unknown): value is Schema.ConstraintDecoder<unknown> => Schema.isSchema(value)

interface Called {
  readonly event: Event
  readonly told: Told
}

const layer = LocalServer.layerTestOptions({ functionName: "orders", timeout: "1 minute" })

/** Invokes `orders` on a server of its own by the command line, and plays its runtime. */
const invoke = (
  args: ReadonlyArray<string>,
  answer: (runtime: Runtime, event: Event) => Effect.Effect<unknown, unknown, Scope.Scope>,
  surroundingsOf: (address: string) => Surroundings = () => ({})
): Effect.Effect<Called, unknown> =>
  Effect.gen(function*() {
    const { address } = yield* LocalServer.LocalServer
    const runtime = yield* makeRuntime()
    const command = yield* Effect.forkChild(
      run(
        ["invoke", "orders", ...args.includes("--remote") ? [] : ["--endpoint", `http://${address}`], ...args],
        surroundingsOf(address)
      ),
      { startImmediately: true }
    )
    const event = yield* Effect.raceFirst(
      runtime.next,
      Effect.flatMap(Fiber.join(command), ({ stderr }) => Effect.die(`the command sent nothing: ${stderr}`))
    )
    yield* answer(runtime, event)
    // The answer counts when the runtime asks for more.
    yield* Effect.forkChild(runtime.next, { startImmediately: true })
    return { event, told: yield* Fiber.join(command) }
  }).pipe(Effect.scoped, Effect.provide(layer))

const succeed = (body: string) => (runtime: Runtime, { requestId }: Event) => runtime.respond(requestId, body)

const fail = (body: string) => (runtime: Runtime, { requestId }: Event) =>
  runtime.fail(requestId, body, { "Lambda-Runtime-Function-Error-Type": "Function.OutOfStock" })

const streamed = (...chunks: ReadonlyArray<string>) => (runtime: Runtime, { requestId }: Event) =>
  Effect.gen(function*() {
    const answer = yield* runtime.stream(requestId)
    for (const chunk of chunks) yield* answer.write(chunk)
    return yield* answer.end()
  })

describe("effect-lambda invoke", () => {
  it.live("prints the answer, for people", () =>
    Effect.gen(function*() {
      const { event, told } = yield* invoke(["--data", "{\"id\":1}"], succeed("{\"teapots\":[\"Zoë\"]}"))
      assert.strictEqual(event.text, "{\"id\":1}")
      assert.deepStrictEqual(told, {
        exitCode: 0,
        stdout: "{\n  \"teapots\": [\n    \"Zoë\"\n  ]\n}\n",
        stderr: ""
      })
    }))

  it.live("prints one document, for programs, with the log and the version", () =>
    Effect.gen(function*() {
      const { told } = yield* invoke(["--json", "--tail"], succeed("plain text"))
      assert.strictEqual(told.stderr, "")
      const { result } = JSON.parse(told.stdout)
      assert.match(result.log, /^START RequestId: [\s\S]*\nREPORT RequestId: /)
      assert.deepInclude(result, { status: 200, executedVersion: "$LATEST", functionError: null, body: "plain text" })
    }))

  it.live("fails when the function fails, and prints its error and its log", () =>
    Effect.gen(function*() {
      const { told } = yield* invoke(["--tail"], fail(outOfStock))
      assert.strictEqual(told.exitCode, 1)
      assert.deepStrictEqual(JSON.parse(told.stdout), JSON.parse(outOfStock))
      assert.match(told.stderr, /^START RequestId/)
      assert.match(
        told.stderr,
        /✘ the function failed with OutOfStock: no more teapots\n  Its log is in the terminal where it runs\n$/
      )
    }))

  it.live("calls the failure of a function that says nothing of it what Lambda calls it", () =>
    Effect.gen(function*() {
      const { told } = yield* invoke([], fail("[]"))
      assert.match(told.stderr, /^✘ the function failed with Unhandled\n/)
    }))

  it.live("prints one document of a function that fails, and exits with 1", () =>
    Effect.gen(function*() {
      const { told } = yield* invoke(["--json"], fail(outOfStock))
      assert.strictEqual(told.exitCode, 1)
      const { result } = JSON.parse(told.stdout)
      assert.deepInclude(result, { functionError: { type: "Unhandled", details: null }, body: JSON.parse(outOfStock) })
    }))

  it.live("prints a stream as it is", () =>
    Effect.gen(function*() {
      const { told } = yield* invoke(["--stream", "--tail"], streamed("one\n", "two\n"))
      assert.strictEqual(told.exitCode, 0, told.stderr)
      assert.strictEqual(told.stdout, "one\ntwo\n")
      assert.match(told.stderr, /^START RequestId/)
    }))

  it.live("fails when a stream fails, with what it says of itself", () =>
    Effect.gen(function*() {
      const { told } = yield* invoke(["--stream"], fail(outOfStockAt("at sell (shop.ts:1:2)")))
      assert.strictEqual(told.exitCode, 1)
      assert.strictEqual(told.stdout, "")
      assert.strictEqual(
        told.stderr,
        "✘ the function failed with OutOfStock: no more teapots\n  at sell (shop.ts:1:2)\n  Its log is in the terminal where it runs\n"
      )
    }))

  it.live("takes the event from a file, from standard input, and from a sample", () =>
    Effect.gen(function*() {
      const folder = builtFunction.temporaryFolder("cli-invoke")
      yield* Effect.addFinalizer(() => Effect.sync(() => fs.rmSync(folder, { recursive: true })))
      const file = path.join(folder, "event.json")
      fs.writeFileSync(file, "{\"from\":\"a file\"}")
      assert.strictEqual((yield* invoke(["-e", file], succeed("null"))).event.text, "{\"from\":\"a file\"}")
      const input = "{\"from\":\"standard input\"}"
      assert.strictEqual((yield* invoke(["-e", "-"], succeed("null"), () => ({ input }))).event.text, input)
      const { event } = yield* invoke(["--sample", "sqs"], succeed("null"))
      assert.deepStrictEqual(JSON.parse(event.text), Sqs.sample())
    }))

  it.live("invokes the first function where none is named", () =>
    Effect.gen(function*() {
      const { address } = yield* LocalServer.LocalServer
      const told = yield* run(["invoke", "--async", "--data", "{\"id\":1}", "--endpoint", `http://${address}`])
      assert.strictEqual(told.exitCode, 0, told.stderr)
      assert.strictEqual((yield* (yield* makeRuntime()).next).text, "{\"id\":1}")
    }).pipe(Effect.scoped, Effect.provide(layer)))

  it.live("hands on tenant and client context", () =>
    Effect.gen(function*() {
      const { event } = yield* invoke(
        ["--tenant", "blue", "--client-context", "{\"client\":{\"app_title\":\"Zoë\"}}"],
        succeed("null")
      )
      assert.strictEqual(event.headers["lambda-runtime-aws-tenant-id"], "blue")
      const context = Buffer.from(String(event.headers["lambda-runtime-client-context"]), "latin1").toString()
      assert.deepStrictEqual(JSON.parse(context), { client: { app_title: "Zoë" } })
    }))

  it.live("says that a version is not there locally, and hands it on", () =>
    Effect.gen(function*() {
      const { event, told } = yield* invoke(["--qualifier", "3"], succeed("null"))
      assert.strictEqual(told.exitCode, 0)
      assert.match(String(event.headers["lambda-runtime-invoked-function-arn"]), /:function:orders:3$/)
      assert.strictEqual(
        told.stderr,
        "! the local server has the same code behind every version and alias, 3 too\n"
      )
    }))

  it.live("leaves the event with Lambda", () =>
    Effect.gen(function*() {
      const { address } = yield* LocalServer.LocalServer
      const told = yield* run(["invoke", "orders", "--async", "--endpoint", `http://${address}`])
      assert.deepStrictEqual(told, { exitCode: 0, stdout: "Lambda has the event.\n", stderr: "" })
      assert.strictEqual((yield* (yield* makeRuntime()).next).text, "{}")
    }).pipe(Effect.provide(layer)))

  it.live("goes through the AWS SDK to what is on AWS", () =>
    Effect.gen(function*() {
      // The SDK's own setting for another endpoint.
      const environmentOf = (address: string) => ({
        AWS_ENDPOINT_URL_LAMBDA: `http://${address}`,
        AWS_ACCESS_KEY_ID: "key",
        AWS_SECRET_ACCESS_KEY: "secret"
      })
      const remotely = (flags: ReadonlyArray<string>, answer: Parameters<typeof invoke>[1]) =>
        invoke(
          ["--remote", "--region", "us-east-1", ...flags],
          answer,
          (address) => ({ environment: environmentOf(address) })
        )
      const { told } = yield* remotely(["--tail", "--json"], succeed("{\"teapots\":2}"))
      const { result } = JSON.parse(told.stdout)
      assert.deepInclude(result, { status: 200, functionError: null, body: { teapots: 2 } })
      assert.match(result.log, /^START RequestId/)
      const stream = yield* remotely(["--stream"], streamed("one\n", "two\n"))
      assert.strictEqual(stream.told.stdout, "one\ntwo\n", stream.told.stderr)
      const failed = yield* remotely(["--stream"], fail(outOfStock))
      assert.strictEqual(failed.told.exitCode, 1)
      assert.match(
        failed.told.stderr,
        /✘ the function failed with OutOfStock: .*\n  --tail shows the end of its log\n$/
      )
      const withLog = yield* remotely(["--tail"], fail(outOfStock))
      assert.match(withLog.told.stderr, /^START [^]*✘ the function failed with OutOfStock: no more teapots\n$/)
    }))

  it.live("says why AWS refuses the event", () =>
    Effect.gen(function*() {
      const { address } = yield* LocalServer.LocalServer
      const environment = {
        AWS_ENDPOINT_URL_LAMBDA: `http://${address}`,
        AWS_ACCESS_KEY_ID: "key",
        AWS_SECRET_ACCESS_KEY: "secret"
      }
      const { stderr } = yield* run(["invoke", "nothing", "--remote", "--region", "us-east-1"], { environment })
      assert.match(stderr, /^✘ the event was refused: Function not found: .* \(ResourceNotFoundException\)\n$/)
    }).pipe(Effect.provide(layer)))

  it.live("says in one line what is wrong with what was asked for", () =>
    Effect.gen(function*() {
      const lines = yield* Effect.forEach([
        ["invoke", "--endpoint", "http://127.0.0.1:9"],
        ["invoke", "--data", "{}", "--sample", "sqs"],
        ["invoke", "--async", "--tail"],
        ["invoke", "--remote"],
        ["invoke", "--sample", "sqs-queue"],
        ["invoke", "--event", "no/such.json"],
        ["invoke", "orders", "--remote"],
        ["invoke", "orders", "--remote", "--region", "us-east-1"],
        ["invoke", "--client-context", "{oops"]
      ], (args) =>
        Effect.map(run(args, { environment: signedOut }), ({ exitCode, stderr }) => {
          assert.strictEqual(exitCode, 1)
          assert.lengthOf(stderr.trimEnd().split("\n"), 1)
          return stderr.trimEnd()
        }))
      assert.match(
        lines[0] ?? "",
        /^✘ there is no function at http:\/\/127\.0\.0\.1:9 \(.*ECONNREFUSED.*\): start it with/
      )
      assert.match(lines[1] ?? "", /^✘ the event is given more than once: choose/)
      assert.match(lines[2] ?? "", /^✘ there is no answer to --stream and no log to --tail with --async$/)
      assert.strictEqual(lines[3], "✘ which function is it? Give its name, or its ARN")
      assert.match(lines[4] ?? "", /^✘ there is no sample event "sqs-queue"\. Did you mean .*\bsqs\b/)
      assert.strictEqual(lines[5], "✘ no/such.json: no such file or directory")
      assert.match(lines[6] ?? "", /: Region is missing: name it with --region, or in AWS_REGION$/)
      assert.match(lines[7] ?? "", /: name a profile with --profile, or sign in .* \(CredentialsProviderError\)$/)
      assert.strictEqual(lines[8], "✘ --client-context is not JSON")
      const missing = yield* run(["invoke", "orders", "--remote"], { environment: withoutSdk })
      assert.strictEqual(missing.exitCode, 1)
      assert.match(
        missing.stderr,
        /^✘ .* AWS SDK, which is not installed: npm install --save-dev @aws-sdk\/client-lambda\n$/
      )
      const { exitCode, stderr } = yield* run(["invoke", "orders", "--endpoint", "localhost:7000"])
      assert.strictEqual(exitCode, 1)
      assert.match(stderr, /^✘ --endpoint is "localhost:7000": it must be an address like http:\/\/127\.0\.0\.1:7000\n/)
    }))

  it.live("says which event cannot be sent", () =>
    Effect.gen(function*() {
      const { address } = yield* LocalServer.LocalServer
      const send = (input: string) => run(["invoke", "-e", "-", "--endpoint", `http://${address}`], { input })
      const broken = yield* send("{\"id\":")
      assert.strictEqual(broken.exitCode, 1)
      assert.match(broken.stderr, /^✘ the event was refused: .* \(InvalidRequestContentException\)\n$/)
      const large = yield* send(JSON.stringify("x".repeat(7_000_000)))
      assert.strictEqual(large.exitCode, 1)
      assert.match(large.stderr, /^✘ the event was refused: .* 6291456 bytes .* \(RequestTooLargeException\)\n$/)
    }).pipe(Effect.provide(layer)))

  it.live("says what to do where no functions are listed", () =>
    Effect.gen(function*() {
      const server = http.createServer((_, response) => response.end("<html>"))
      yield* Effect.acquireRelease(
        Effect.callback<void>((resume) => void server.listen(0, "127.0.0.1", () => resume(Effect.void))),
        () => Effect.sync(() => server.close().closeAllConnections())
      )
      const address = server.address()
      const port = address !== null && typeof address === "object" ? address.port : 0
      const { exitCode, stderr } = yield* run(["invoke", "--endpoint", `http://127.0.0.1:${port}`])
      assert.strictEqual(exitCode, 1)
      assert.match(
        stderr,
        /^✘ what listens at \S+ does not say which functions it has: name one, or .*--endpoint .*\n$/
      )
    }).pipe(Effect.scoped))
})

describe("effect-lambda events", () => {
  it.effect("has no sample that the schema of its name does not decode", () =>
    Effect.gen(function*() {
      const all = yield* samples.all
      const names = all.map(({ name }) => name)
      assert.includeMembers(names, ["cdk-provider", "cloud-watch-logs", "lex-v2"])
      // A part of an event is none.
      assert.notInclude(names, "cloud-watch-logs-compressed")
      assert.notInclude(names, "lex-v2-slot")
      for (const { event, module, name, schema } of all) {
        if (schema === undefined) continue
        const exports: Readonly<Record<string, unknown>> = yield* Effect.promise(() => import(module))
        const codec = exports[schema]
        if (!isCodec(codec)) return assert.fail(`${module} has no schema ${schema}, of ${name}`)
        yield* Schema.decodeUnknownEffect(Schema.toCodecJson(codec))(JSON.parse(JSON.stringify(event())))
      }
    }).pipe(Effect.provide(NodeServices.layer)))

  it.live("prints what invoke takes from standard input, and names what is like a name that there is not", () =>
    Effect.gen(function*() {
      const { stdout } = yield* run(["events", "api-gateway-v2"])
      const { event } = yield* invoke(["-e", "-"], succeed("null"), () => ({ input: stdout }))
      assert.deepStrictEqual(JSON.parse(event.text), JSON.parse(stdout))
      const misspelt = yield* run(["events", "api-gatway-v2"])
      assert.strictEqual(misspelt.exitCode, 1)
      assert.match(misspelt.stderr, /^✘ there is no sample event "api-gatway-v2"\. Did you mean api-gateway-v2 /)
      assert.match((yield* run(["events", "sqss"])).stderr, /Did you mean sqs\?/)
    }))

  it.live("lists the samples, and prints one", () =>
    Effect.gen(function*() {
      const list = yield* run(["events"])
      assert.match(list.stdout, /^sqs +effect-lambda-runtime\/events\/Sqs +Event$/m)
      assert.match(list.stdout, /^cognito-pre-sign-up +effect-lambda-runtime\/events\/Cognito +PreSignUpEvent$/m)
      const one = yield* run(["events", "sqs"])
      assert.deepStrictEqual(JSON.parse(one.stdout), Sqs.sample())
      const { result } = JSON.parse((yield* run(["events", "--json"])).stdout)
      assert.deepInclude(result, { name: "sns", module: "effect-lambda-runtime/events/Sns", schema: "Event" })
      assert.deepInclude(result, {
        name: "alb-health-check",
        module: "effect-lambda-runtime/events/Alb",
        schema: null
      })
    }))
})
