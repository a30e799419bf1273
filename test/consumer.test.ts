import { assert, describe, it } from "@effect/vitest"
import { spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import * as fs from "node:fs"
import * as http from "node:http"
import type { AddressInfo } from "node:net"
import * as os from "node:os"
import * as path from "node:path"
import { afterAll, beforeAll } from "vitest"
import manifest from "../package.json" with { type: "json" }
import { build } from "../scripts/build.ts"
import { projectFolder, publicModules } from "./doctest/docstrings.ts"

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "consumer-"))
const app = path.join(folder, "app")

const main = `
import * as Handler from "effect-lambda-runtime/Handler"
import * as Lambda from "effect-lambda-runtime/Lambda"
import * as NodeLambda from "effect-lambda-runtime/NodeLambda"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

const hello = Handler.make({
  event: Schema.Struct({ name: Schema.String }),
  result: Schema.Struct({ greeting: Schema.String })
}, ({ name }) => Effect.succeed({ greeting: \`Hello \${name}\` }))

NodeLambda.runMain(Lambda.serve(hello))
`

const subpaths = publicModules().map((file) => `effect-lambda-runtime/${file.slice("src/".length, -".ts".length)}`)

const refused = [
  "effect-lambda-runtime/internal/transport",
  "effect-lambda-runtime/internal/events/nullish",
  "effect-lambda-runtime/index"
]

/** Imports what can be imported, and prints one line for each specifier. */
const imports = `
const specifiers = ${JSON.stringify(["effect-lambda-runtime", ...subpaths, ...refused])}
for (const specifier of specifiers) {
  const outcome = await import(specifier).then(
    (module) => Object.keys(module).length > 0 ? "ok" : "empty",
    (error) => error.code
  )
  console.log(\`\${specifier} \${outcome}\`)
}
`

const run = (command: string, args: ReadonlyArray<string>, cwd: string): string => {
  const { output, status, stdout } = spawnSync(command, args, { cwd, encoding: "utf8" })
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed\n${output?.join("\n")}`)
  return stdout
}

const installedVersion = (name: string): string =>
  JSON.parse(fs.readFileSync(path.join(projectFolder, "node_modules", name, "package.json"), "utf8")).version

beforeAll(() => {
  build(path.join(folder, "dist"))
  const [packed] = JSON.parse(run("npm", ["pack", "--json", "--pack-destination", folder, "./dist"], folder))
  fs.mkdirSync(app)
  fs.writeFileSync(path.join(app, "package.json"), JSON.stringify({ private: true, type: "module" }))
  fs.writeFileSync(path.join(app, "main.ts"), main)
  fs.writeFileSync(path.join(app, "imports.js"), imports)
  run("npm", [
    "install",
    "--prefer-offline",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
    path.join(folder, packed.filename),
    `effect@${installedVersion("effect")}`,
    `@effect/platform-node@${installedVersion("@effect/platform-node")}`,
    `rolldown@${installedVersion("rolldown")}`
  ], app)
}, 180_000)

afterAll(() => fs.rmSync(folder, { recursive: true, force: true }))

describe("the package, installed in an empty folder", () => {
  it("gives a program its types, without skipLibCheck", () => {
    fs.writeFileSync(
      path.join(app, "tsconfig.json"),
      JSON.stringify({
        compilerOptions: { module: "NodeNext", target: "ES2023", strict: true, noEmit: true, skipLibCheck: false },
        include: ["main.ts"]
      })
    )
    run(process.execPath, [path.join(projectFolder, "node_modules/typescript/bin/tsc"), "--project", app], app)
  })

  it("can be imported by every public name and no other", () => {
    assert.deepStrictEqual(run(process.execPath, ["imports.js"], app).trim().split("\n"), [
      ...["effect-lambda-runtime", ...subpaths].map((specifier) => `${specifier} ok`),
      ...refused.map((specifier) => `${specifier} ERR_PACKAGE_PATH_NOT_EXPORTED`)
    ])
  })

  it("leads from its code to its sources", () => {
    const installed = path.join(app, "node_modules/effect-lambda-runtime")
    const maps = fs.readdirSync(installed, { recursive: true, encoding: "utf8" }).filter((file) =>
      file.endsWith(".map")
    )
    assert.isNotEmpty(maps)
    for (const map of maps) {
      const { sources }: { readonly sources: ReadonlyArray<string> } = JSON.parse(
        fs.readFileSync(path.join(installed, map), "utf8")
      )
      const [source = ""] = sources.map((source) => path.join(path.dirname(map), source))
      assert.strictEqual(source, path.join("src", map.replace(/(\.d\.ts|\.js)\.map$/, ".ts")))
      assert.isTrue(fs.existsSync(path.join(installed, source)), source)
    }
  })

  it("has the command line, which builds a function", () => {
    const command = path.join(app, "node_modules/.bin/effect-lambda")
    assert.include(run(command, ["--version"], app), manifest.version)
    const { result } = JSON.parse(run(command, ["build", "--name", "hello", "--json"], app))
    assert.deepInclude(result, { folder: "dist/hello", zip: "dist/hello.zip" })
    assert.isTrue(fs.existsSync(path.join(app, "dist/hello/program.cache")))
  })

  it("has the command line, which begins a project and says what comes next, to the letter", async () => {
    const { status, stderr } = spawnSync(
      path.join(app, "node_modules/.bin/effect-lambda"),
      ["init", "greeter", "--template", "hello"],
      { cwd: app, env: npmEnvironment, encoding: "utf8" }
    )
    assert.strictEqual(status, 0, stderr)
    assert.notInclude(stderr, "package-lock.json")
    const [, next = ""] = /^Next: (.*)$/m.exec(stderr) ?? []
    const [enter = "", ...commands] = next.split(" && ")
    assert.deepStrictEqual([enter, ...commands], ["cd greeter", "npm ci", "npm test", "npm run dev"])
    const project = path.join(app, enter.slice("cd ".length))
    const serve = commands.pop() ?? ""
    for (const command of commands) {
      const { output, status } = spawnSync(command, {
        cwd: project,
        env: npmEnvironment,
        encoding: "utf8",
        shell: true
      })
      assert.strictEqual(status, 0, `${command}\n${output.join("\n")}`)
    }
    await using dev = start("/bin/sh", ["-c", serve], {
      cwd: project,
      env: { ...npmEnvironment, LOCAL_LAMBDA_PORT: "0" },
      // npm does not pass signals on to what it runs.
      detached: true
    })
    const [address = ""] = await Promise.race([dev.prints(/http:\/\/127\.0\.0\.1:\d+/), dev.failed])
    await Promise.race([dev.prints(/greeter is ready/), dev.failed])
    const invoke = ["run", "--silent", "invoke", "--", "--endpoint", address]
    assert.deepStrictEqual(JSON.parse(run("npm", invoke, project)), { greeting: "Hello Ada" })
  }, 180_000)

  it("answers an invocation from a source file that Node runs as it is, and leaves on SIGTERM", async () => {
    await using runtimeApi = await serveOneEvent({ name: "World" })
    await using program = startMain({ AWS_LAMBDA_RUNTIME_API: runtimeApi.address })
    assert.deepStrictEqual(await Promise.race([runtimeApi.answer, program.failed]), {
      path: "/2018-06-01/runtime/invocation/1/response",
      body: `{"greeting":"Hello World"}`
    })
    assert.deepStrictEqual(await program.end(), [0, null])
  })

  it("starts the local server where there is no Lambda", async () => {
    await using program = startMain({ AWS_LAMBDA_RUNTIME_API: "", LOCAL_LAMBDA_PORT: "0" })
    const [url = ""] = await Promise.race([program.prints(/http:\/\/127\.0\.0\.1:\d+\/invoke/), program.failed])
    const response = await fetch(url, { method: "POST", body: `{"name":"World"}` })
    assert.deepStrictEqual(await response.json(), { greeting: "Hello World" })
    assert.deepStrictEqual(await program.end(), [0, null])
  })
})

/** Where npm finds the same Node, and takes what it has fetched before. */
const npmEnvironment = {
  ...process.env,
  PATH: `${path.dirname(process.execPath)}:${process.env["PATH"]}`,
  npm_config_prefer_offline: "true",
  npm_config_update_notifier: "false"
}

const startMain = (environment: Record<string, string>) =>
  start(process.execPath, ["main.ts"], { cwd: app, env: { ...process.env, ...environment } })

/** A process, or a group of them, that is killed at the end if it still runs. */
const start = (
  command: string,
  args: ReadonlyArray<string>,
  { detached = false, ...options }: {
    readonly cwd: string
    readonly env: Readonly<Record<string, string | undefined>>
    readonly detached?: boolean
  }
) => {
  const child = spawn(command, args, { ...options, detached, stdio: ["ignore", "pipe", "pipe"] })
  const exited = once(child, "exit")
  let printed = ""
  const prints = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve) => {
      const look = () => {
        const found = pattern.exec(printed)
        if (found !== null) resolve(found)
      }
      child.stdout.on("data", look)
      child.stderr.on("data", look)
      look()
    })
  child.stdout.on("data", (data) => printed += data)
  child.stderr.on("data", (data) => printed += data)
  return {
    prints,
    /** Rejects when the program ends by itself. */
    failed: exited.then(() => Promise.reject(new Error(`the program ended:\n${printed}`))),
    /** Its exit code and signal after SIGTERM. */
    end: async () => {
      child.kill("SIGTERM")
      return await exited
    },
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        if (detached && child.pid !== undefined) process.kill(-child.pid, "SIGKILL")
        else child.kill("SIGKILL")
      }
      await exited
    }
  }
}

interface Answer {
  readonly path: string
  readonly body: string
}

/** A Runtime API that has one event, and keeps every poll after it waiting. */
const serveOneEvent = async (event: unknown) => {
  const { promise: answer, resolve } = Promise.withResolvers<Answer>()
  let polls = 0
  const server = http.createServer((request, response) => {
    const { method, url = "" } = request
    if (method === "GET" && url.endsWith("/invocation/next")) {
      if (++polls > 1) return
      response.writeHead(200, {
        "Content-Type": "application/json",
        "Lambda-Runtime-Aws-Request-Id": "1",
        "Lambda-Runtime-Deadline-Ms": "4102444800000",
        "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:us-east-1:123456789012:function:hello"
      }).end(JSON.stringify(event))
      return
    }
    let body = ""
    request.setEncoding("utf8").on("data", (data) => body += data).on("end", () => {
      response.writeHead(202).end()
      if (url.includes("/runtime/invocation/")) resolve({ path: url, body })
    })
  }).listen(0, "127.0.0.1")
  await once(server, "listening")
  const { port } = server.address() as AddressInfo
  return {
    address: `127.0.0.1:${port}`,
    answer,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, "close")
    }
  }
}
