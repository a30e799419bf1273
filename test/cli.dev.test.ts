import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Schema from "effect/Schema"
import * as fs from "node:fs"
import * as path from "node:path"
import { turnOfEventLoop } from "../src/internal/turnOfEventLoop.ts"
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

/** What a debugger at this address makes of an expression, and when it is sent away. */
const debug = (address: string, expression: string) =>
  Effect.promise(async () => {
    const response = await fetch(`http://${address}/json/list`)
    const [{ webSocketDebuggerUrl }] = Schema.decodeUnknownSync(DebuggerTargets)(await response.json())
    assert.strictEqual(new URL(webSocketDebuggerUrl).host, address)
    const socket = new WebSocket(webSocketDebuggerUrl)
    const closed = new Promise((resolve) => socket.addEventListener("close", resolve, { once: true }))
    await new Promise((resolve) => socket.addEventListener("open", resolve, { once: true }))
    const answer = new Promise<string>((resolve) =>
      socket.addEventListener("message", ({ data }) => resolve(String(data)), { once: true })
    )
    socket.send(JSON.stringify({ id: 1, method: "Runtime.evaluate", params: { expression } }))
    const { result } = Schema.decodeUnknownSync(Evaluated)(await answer)
    return { value: result.result.value, closed: Effect.promise(() => closed) }
  })

const DebuggerTargets = Schema.NonEmptyArray(Schema.Struct({ webSocketDebuggerUrl: Schema.String }))

const Evaluated = Schema.fromJsonString(
  Schema.Struct({ result: Schema.Struct({ result: Schema.Struct({ value: Schema.Json }) }) })
)

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

  it.live("has a process find what it would on Managed Instances", () =>
    Effect.scoped(Effect.gen(function*() {
      const names = ["MAX_CONCURRENCY", "INITIALIZATION_TYPE", "LOG_FORMAT", "FUNCTION_MEMORY_SIZE"]
      const variables = program(`${JSON.stringify(names)}.map((name) => process.env["AWS_LAMBDA_" + name] ?? null)`)
      const environment = { AWS_LAMBDA_MAX_CONCURRENCY: "3" }
      const managed = yield* developing.start({
        files: { "hello.ts": variables },
        args: ["hello.ts", "--managed", "2"],
        environment
      })
      yield* managed.says(/✔ hello is ready/)
      assert.deepStrictEqual(
        (yield* managed.invoke("hello", {})).body,
        ["2", "lambda-managed-instances", "JSON", "2048"]
      )
      const ordinary = yield* developing.start({ files: { "hello.ts": variables }, args: ["hello.ts"], environment })
      yield* ordinary.says(/✔ hello is ready/)
      assert.deepStrictEqual((yield* ordinary.invoke("hello", {})).body, [null, "on-demand", null, "1024"])
    })), 60_000)

  it.live(
    "starts a function again when its .env files change, and takes no folder for one of them",
    () =>
      Effect.scoped(Effect.gen(function*() {
        const { folder, invoke, says, write } = yield* developing.start({
          files: { "hello.ts": program(`process.env.A ?? null`), ".env": `A=first` },
          args: ["hello.ts"]
        })
        fs.mkdirSync(path.join(folder, ".env.local"))
        yield* says(/✔ hello is ready/)
        assert.strictEqual((yield* invoke("hello", {})).body, "first")
        write(".env.hello", `A="second,\nof two lines"`)
        yield* says(/✔ hello is ready: started in/)
        assert.strictEqual((yield* invoke("hello", {})).body, "second,\nof two lines")
        fs.rmSync(path.join(folder, ".env.hello"))
        yield* says(/✔ hello is ready: started in/)
        assert.strictEqual((yield* invoke("hello", {})).body, "first")
      })),
    60_000
  )

  it.live(
    "takes what the shell has set to nothing as set, and Lambda's own variables from nobody",
    () =>
      Effect.scoped(Effect.gen(function*() {
        const { invoke, said, says } = yield* developing.start({
          files: {
            "hello.ts": program(`["A", "TZ", "AWS_LAMBDA_FUNCTION_NAME"].map((name) => process.env[name])`),
            ".env": "A=file\nTZ=Europe/Berlin"
          },
          args: ["hello.ts", "--env", "AWS_LAMBDA_FUNCTION_NAME=other"],
          environment: { A: "" }
        })
        yield* says(/✔ hello is ready/)
        assert.match(said(), /! --env AWS_LAMBDA_FUNCTION_NAME changes nothing, because Lambda itself sets it\n/)
        assert.deepStrictEqual((yield* invoke("hello", {})).body, ["", "Europe/Berlin", "hello"])
      })),
    60_000
  )

  it.live(
    "does not wait for a process that never polls when there is something newer",
    () =>
      Effect.scoped(Effect.gen(function*() {
        const { invoke, says, write } = yield* developing.start({
          files: { "hello.ts": `console.log("goes on"); process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)` },
          args: ["hello.ts"]
        })
        yield* says(/goes on/)
        write("hello.ts", program(`"ready"`))
        yield* says(/✔ hello is ready/)
        assert.deepStrictEqual(yield* invoke("hello", {}), { status: 200, body: "ready" })
      })),
    60_000
  )

  it.live(
    "ends up with the last of many changes, written in place or by a new file of the name",
    () =>
      Effect.scoped(Effect.gen(function*() {
        const { folder, invoke, says, write } = yield* developing.start({
          files: { "hello.ts": program(`0`) },
          args: ["hello.ts"]
        })
        yield* says(/✔ hello is ready/)
        for (let save = 1; save <= 20; save++) {
          write(save % 2 === 0 ? "hello.ts" : "hello.ts.tmp", program(`${save}`))
          if (save % 2 === 1) fs.renameSync(path.join(folder, "hello.ts.tmp"), path.join(folder, "hello.ts"))
          yield* turnOfEventLoop
        }
        const last: Effect.Effect<void> = Effect.gen(function*() {
          yield* says(/✔ hello is ready/)
          const { body } = yield* invoke("hello", {})
          return body === 20 ? undefined : yield* last
        })
        yield* last
      })),
    60_000
  )

  it.live(
    "lets debuggers in to the newest process of every function, at an address that stays",
    () =>
      Effect.scoped(Effect.gen(function*() {
        const gate = yield* developing.gate
        const { invoke, says, write } = yield* developing.start({
          files: { "hello.ts": gated("process.pid"), "site.ts": program("process.pid") },
          args: ["hello.ts", "site.ts", "--inspect=0"]
        })
        const [, hello = ""] = yield* says(/debuggers of hello connect to (\S+)\n/)
        const [, site = ""] = yield* says(/debuggers of site connect to (\S+)\n/)
        yield* says(/✔ (hello|site) is ready/)
        yield* says(/✔ (hello|site) is ready/)
        assert.strictEqual((yield* debug(site, "process.pid")).value, (yield* invoke("site", {})).body)
        const old = yield* debug(hello, "process.pid")
        const begun = yield* fork(invoke("hello", gate.url))
        yield* gate.wait(1)

        write("hello.ts", program("process.pid"))
        yield* says(/✔ hello is ready/)
        const { value } = yield* debug(hello, "process.pid")
        assert.notStrictEqual(value, old.value)
        assert.strictEqual(value, (yield* invoke("hello", {})).body)
        // Whoever debugs the old one may see it through.
        yield* gate.open
        assert.strictEqual((yield* Fiber.join(begun)).body, old.value)
        yield* old.closed
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
        files: { "hello.ts": program(`event.id === 8 ? Promise.reject(new Error("no 8")) : ["answer to", event]`) },
        args: ["hello.ts"],
        terminal: true
      })
      yield* says(/r: start the functions again/)
      yield* says(/hello is ready/)
      // Escape ends nothing.
      yield* type("\u001b")
      yield* says(/r: start the functions again/)
      yield* type("i")
      yield* says(/there was no event yet/)
      yield* invoke("hello", { id: 7 })
      yield* type("i")
      yield* says(/✔\S* \["answer to",\{"id":7\}\]/)
      yield* invoke("hello", { id: 8 })
      yield* type("i")
      yield* says(/!\S* \{"errorType":.*no 8/)
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

  it.live(
    "ends its functions when its terminal is closed, and says nothing of their end",
    () =>
      Effect.scoped(Effect.gen(function*() {
        const { exit, kill, said, says } = yield* developing.start({
          files: { "hello.ts": program("1"), "never.ts": `console.log("goes on"); setInterval(() => {}, 1000)` },
          args: ["hello.ts", "never.ts"]
        })
        yield* says(/goes on[^]*✔ hello is ready|✔ hello is ready[^]*goes on/)
        yield* kill("SIGHUP")
        assert.strictEqual(yield* exit, 0)
        assert.notMatch(said(), /ended/)
      })),
    60_000
  )

  it.live("names functions as it is told to", () =>
    Effect.scoped(Effect.gen(function*() {
      const { invoke, says } = yield* developing.start({
        files: { "a/handler.ts": program(`"a"`), "b/handler.ts": program(`"b"`) },
        args: ["orders=a/handler.ts", "b/handler.ts"]
      })
      yield* says(/✔ \S+ is ready/)
      yield* says(/✔ \S+ is ready/)
      assert.strictEqual((yield* invoke("orders", {})).body, "a")
      assert.strictEqual((yield* invoke("handler", {})).body, "b")
    })), 60_000)

  it.live("says by which signal a process has ended", () =>
    Effect.scoped(Effect.gen(function*() {
      const { says } = yield* developing.start({
        files: { "hello.ts": `process.kill(process.pid, "SIGKILL"); setInterval(() => {}, 1000)` },
        args: ["hello.ts"]
      })
      yield* says(/! hello was ended by SIGKILL before its first poll\n/)
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
      assert.strictEqual(
        yield* lineOf(main, main),
        `✘ two functions are called hello-json: name one of them, as in "other=${main}"`
      )
      assert.strictEqual(yield* lineOf("a=no/such.ts"), "✘ there is no file no/such.ts")
      assert.match(
        yield* lineOf(`two words=${main}`),
        /^✘ a function cannot be called "two words": name it with at most/
      )
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
      assert.match(stderr, /^✘ a function cannot be called "my fn": name it .*, as in "hello=my fn\.ts"\n$/)
    })), 60_000)
})
