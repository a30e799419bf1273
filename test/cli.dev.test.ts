import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as developing from "./support/developing.ts"
import { run, withoutRolldown } from "./support/effectLambda.ts"

const fork = Effect.forkChild({ startImmediately: true })

/** A function that answers with the value of an expression, in which `event` is its event. */
const program = (expression: string) => `
import * as Handler from "effect-lambda-runtime/Handler"
import * as Lambda from "effect-lambda-runtime/Lambda"
import * as NodeLambda from "effect-lambda-runtime/NodeLambda"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

const handler = Handler.make(
  { event: Schema.Json, result: Schema.Json },
  (event) => Effect.promise(async () => (${expression}))
)

NodeLambda.runMain(Lambda.serve(handler))
`

/** A function that answers when the gate whose address is its event is opened. */
const gated = (value: string) => program(`await fetch(event).then(() => ${value})`)

describe("effect-lambda dev", () => {
  it.live(
    "replaces a function after a change, and keeps the old one while the new one cannot be built or started",
    () =>
      Effect.scoped(Effect.gen(function*() {
        const { invoke, says, write } = yield* developing.start({
          files: { "hello.ts": program(`"one"`) },
          args: ["hello.ts"]
        })
        yield* says(/✔ hello is ready: built in \d+ ms, started in \d+ ms\n/)
        assert.deepStrictEqual(yield* invoke("hello", {}), { status: 200, body: "one" })

        write("hello.ts", program(`"two"`))
        yield* says(/✔ hello is ready/)
        assert.deepStrictEqual(yield* invoke("hello", {}), { status: 200, body: "two" })

        write("hello.ts", `${program(`"three"`)} const const`)
        yield* says(/! hello is not built; what was built before goes on\n\S*hello\.ts:\d+:\d+: \S+/)
        assert.deepStrictEqual(yield* invoke("hello", {}), { status: 200, body: "two" })

        write("hello.ts", `throw new Error("not today")`)
        yield* says(/! hello ended with exit code 1 before its first poll; what was built before goes on\n/)
        assert.deepStrictEqual(yield* invoke("hello", {}), { status: 200, body: "two" })

        write("hello.ts", program(`"four"`))
        yield* says(/✔ hello is ready/)
        assert.deepStrictEqual(yield* invoke("hello", {}), { status: 200, body: "four" })
      })),
    60_000
  )

  it.live("lets the old one finish what it has begun", () =>
    Effect.scoped(Effect.gen(function*() {
      const gate = yield* developing.gate
      const { invoke, says, write } = yield* developing.start({
        files: { "slow.ts": gated(`"old"`) },
        args: ["slow.ts", "--timeout", "60"]
      })
      yield* says(/✔ slow is ready/)
      const begun = yield* fork(invoke("slow", gate.url))
      yield* gate.wait(1)
      write("slow.ts", program(`"new"`))
      yield* says(/✔ slow is ready/)
      assert.deepStrictEqual(yield* invoke("slow", {}), { status: 200, body: "new" })
      yield* gate.open
      assert.deepStrictEqual(yield* Fiber.join(begun), { status: 200, body: "old" })
    })), 60_000)

  it.live(
    "runs several functions, with the variables of .env files, the command line, and the shell",
    () =>
      Effect.scoped(Effect.gen(function*() {
        const variables =
          `["A", "B", "C", "D", "E", "F", "AWS_LAMBDA_FUNCTION_NAME"].map((name) => process.env[name] ?? null)`
        const { invoke, says } = yield* developing.start({
          files: {
            "orders.ts": program(variables),
            "site.ts": program(variables),
            ".env": `A=env\nB=env\nC=env\nE=env\nF=env`,
            ".env.local": `B=local\nC=local`,
            ".env.orders": `C=orders`
          },
          args: ["orders.ts", "site.ts", "--env", "D=flag", "--env", "E=flag"],
          environment: { E: "shell", F: "shell" }
        })
        yield* says(/✔ (orders|site) is ready/)
        yield* says(/✔ (orders|site) is ready/)
        const orders = yield* invoke("orders", {})
        assert.deepStrictEqual(orders.body, ["env", "local", "orders", "flag", "flag", "shell", "orders"])
        const site = yield* invoke("site", {})
        assert.deepStrictEqual(site.body, ["env", "local", "local", "flag", "flag", "shell", "site"])
      })),
    60_000
  )

  it.live(
    "serves several invocations at a time in one process, as Managed Instances do",
    () =>
      Effect.scoped(Effect.gen(function*() {
        const gate = yield* developing.gate
        const { invoke, says } = yield* developing.start({
          files: { "main.ts": gated("process.pid") },
          args: ["--managed", "2", "--timeout", "60"]
        })
        const [, name = ""] = yield* says(/✔ (\S+) is ready/)
        const both = yield* Effect.forEach([1, 2], () => fork(invoke(name, gate.url)))
        yield* gate.wait(2)
        yield* gate.open
        const [first, second] = yield* Effect.forEach(both, Fiber.join)
        assert.deepStrictEqual(first, second)
      })),
    60_000
  )

  it.live("starts a function again that has ended", () =>
    Effect.scoped(Effect.gen(function*() {
      const { invoke, says } = yield* developing.start({
        files: { "main.ts": program(`event === "exit" ? process.exit(3) : process.pid`) }
      })
      const [, name = ""] = yield* says(/✔ (\S+) is ready/)
      const { body: pid } = yield* invoke(name, {})
      // One that ends at once would do so for ever.
      yield* Effect.sleep("1 second")
      assert.strictEqual((yield* invoke(name, "exit")).status, 500)
      yield* says(/! \S+ ended with exit code 3: it is started again\n/)
      yield* says(/✔ \S+ is ready: started in/)
      assert.notStrictEqual((yield* invoke(name, {})).body, pid)
    })), 60_000)

  it.live("takes keys: the functions again, the last event again, the end", () =>
    Effect.scoped(Effect.gen(function*() {
      const { exit, invoke, says, type } = yield* developing.start({
        files: { "hello.ts": program(`["answer to", event]`) },
        args: ["hello.ts"],
        terminal: true
      })
      yield* says(/r: start the functions again/)
      yield* says(/hello is ready/)
      yield* type("i")
      yield* says(/there was no event yet/)
      yield* invoke("hello", { id: 7 })
      yield* type("i")
      yield* says(/\["answer to",\{"id":7\}\]/)
      yield* type("r")
      yield* says(/hello is ready: started in/)
      yield* type("q")
      assert.strictEqual(yield* exit, 0)
    })), 60_000)

  it.live("ends its functions when it is ended", () =>
    Effect.scoped(Effect.gen(function*() {
      const { exit, invoke, kill, says } = yield* developing.start({ files: { "main.ts": program("process.pid") } })
      const [, name = ""] = yield* says(/✔ (\S+) is ready/)
      const { body: pid } = yield* invoke(name, {})
      yield* kill("SIGTERM")
      yield* exit
      assert.throws(() => process.kill(Number(pid), 0))
    })), 60_000)

  it.live("says in one line what cannot be developed", () =>
    Effect.gen(function*() {
      const { exitCode, stderr } = yield* run(["dev", "no/such.ts", "--port", "0"])
      assert.strictEqual(exitCode, 1)
      assert.strictEqual(stderr, "✘ there is no file no/such.ts\n")
      const lineOf = (...args: ReadonlyArray<string>) =>
        Effect.map(run(["dev", ...args]), ({ exitCode, stderr }) => {
          assert.strictEqual(exitCode, 1)
          return stderr.split("\n", 1)[0] ?? ""
        })
      const main = "examples/hello-json/main.ts"
      assert.strictEqual(yield* lineOf("examples"), "✘ there is no file examples")
      assert.match(yield* lineOf(), /^✘ there is no file main\.ts: name the one .*, as in src\/main\.ts$/)
      assert.match(yield* lineOf(main, main), /^✘ two functions are called hello-json: /)
      assert.strictEqual(yield* lineOf(main, "--port", "70000"), "✘ --port is 70000: it must be from 0 to 65535")
      assert.strictEqual(yield* lineOf(main, "--managed", "0"), "✘ --managed is 0: it must be above 0")
      assert.strictEqual(yield* lineOf(main, "--timeout", "901"), "✘ --timeout is 901: it must be from 1 to 900")
      assert.match(yield* lineOf(main, "--inspect=here"), /^✘ --inspect is "here": it must be \[host:\]port/)
    }), 60_000)

  it.live(
    "ends where nothing can be built, or the port is taken, and says what to do",
    () =>
      Effect.scoped(Effect.gen(function*() {
        const main = "examples/hello-json/main.ts"
        const unbundled = yield* run(["dev", main, "--port", "0"], { environment: withoutRolldown })
        assert.strictEqual(unbundled.exitCode, 1)
        assert.match(unbundled.stderr, /✘ .* rolldown, which is not installed: npm install --save-dev rolldown\n$/)
        const { address } = yield* developing.start({ files: { "main.ts": program("1") } })
        const port = address.split(":")[1] ?? ""
        const second = yield* run(["dev", main, "--port", port])
        assert.strictEqual(second.exitCode, 1)
        assert.match(second.stderr, /^✘ port \d+ of 127\.0\.0\.1 is in use: .*, or choose another one with --port\n$/)
      })),
    60_000
  )

  it.live(
    "prints one document in each line for programs, and nothing else",
    () =>
      Effect.scoped(Effect.gen(function*() {
        const { address, invoke, printed, says } = yield* developing.start({
          files: { "hello.ts": program(`(console.log("from the function"), "one")`) },
          args: ["hello.ts", "--json"]
        })
        yield* says(/"_tag":"Ready"/)
        assert.deepStrictEqual(yield* invoke("hello", {}), { status: 200, body: "one" })
        // Two pipes: either may be first.
        yield* says(/from the function[^]*REPORT RequestId|REPORT RequestId[^]*from the function/)
        const news = printed().trimEnd().split("\n").map((line) => JSON.parse(line))
        assert.deepStrictEqual(news.map(({ _tag }) => _tag), ["Listening", "Ready"])
        assert.strictEqual(news[0].url, `http://${address}`)
      })),
    60_000
  )

  it.live("says what a file lacks that ends before its first poll", () =>
    Effect.scoped(Effect.gen(function*() {
      const { folder, says, write } = yield* developing.start({
        files: { "handler.ts": "export {}" },
        args: ["handler.ts"]
      })
      yield* says(
        /! handler ended with exit code 0 before its first poll\nIts file has to pass .* NodeLambda\.runMain\n/
      )
      write("my fn.ts", "export {}")
      const { stderr } = yield* run(["dev", "my fn.ts"], { folder })
      assert.match(stderr, /^✘ a function cannot be called "my fn": name its file, .*\n$/)
    })), 60_000)
})
