import { assert, describe, it } from "@effect/vitest"
import { spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import * as fs from "node:fs"
import * as path from "node:path"
import { text } from "node:stream/consumers"
import { stripVTControlCharacters } from "node:util"
import { projectFolder } from "./doctest/docstrings.ts"
import { runIn, type Told } from "./support/effectLambda.ts"

const main = path.join(projectFolder, "src/cli/main.ts")

const commands = ["init", "dev", "invoke", "events", "build", "bench", "deploy", "iac"]

/** As in a terminal without anything of a person's own. */
const environment = { PATH: process.env.PATH, TERM: "xterm", HOME: "/nowhere" }

/** A command whose work is what is said here, in `effect/Effect`. */
const reported = (work: string, ...flags: ReadonlyArray<string>) => [
  "--input-type=module",
  "--eval",
  `
    import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
    import * as NodeServices from "@effect/platform-node/NodeServices"
    import * as Command from "effect/cli/Command"
    import * as Effect from "effect/Effect"
    import { Json, reported, Reporter } from ${JSON.stringify(path.join(projectFolder, "src/cli/Reporter.ts"))}
    const command = Command.make("program", {}, reported(() => ${work})).pipe(Command.withGlobalFlags([Json]))
    NodeRuntime.runMain(
      Effect.provide(Command.runWith(command, { version: "1" })(${JSON.stringify(flags)}), NodeServices.layer),
      { disableErrorReporting: true }
    )`
]

const node = async (args: ReadonlyArray<string>): Promise<Told> => {
  const child = spawn(process.execPath, args, {
    cwd: projectFolder,
    env: environment,
    stdio: ["ignore", "pipe", "pipe"]
  })
  const exited = new Promise<number | null>((resolve) => child.once("exit", resolve))
  const [stdout, stderr, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), exited])
  return { exitCode, stdout, stderr }
}

/** https://man7.org/linux/man-pages/man1/script.1.html */
const hasTerminal = spawnSync("script", ["-qec", "true", "/dev/null"]).status === 0

/** In a terminal, where a person presses keys when there is a certain text. */
const inTerminal = async (
  args: ReadonlyArray<string>,
  { columns = 80, keys = [] }: { readonly columns?: number; readonly keys?: ReadonlyArray<readonly [string, string]> } =
    {}
) => {
  const words = [process.execPath, ...args].map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ")
  const child = spawn("script", ["-qec", `stty cols ${columns}; exec ${words}`, "/dev/null"], {
    cwd: projectFolder,
    env: environment,
    stdio: ["pipe", "pipe", "inherit"]
  })
  const waiting = [...keys]
  let output = ""
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    output += chunk
    const [next] = waiting
    if (next === undefined || !stripVTControlCharacters(output).includes(next[0])) return
    waiting.shift()
    child.stdin.write(next[1])
  })
  const [exitCode] = await once(child, "close")
  return { exitCode, output }
}

const escape = "\u001b"

describe("what a command says", () => {
  it("of a fault of its own is one line, and the whole with --log-level debug", async () => {
    const work = `Effect.die(new TypeError("x is not a function\\nof any kind"))`
    assert.deepStrictEqual(await node(reported(work)), {
      exitCode: 1,
      stdout: "",
      stderr: "✘ this is a fault of effect-lambda: x is not a function\n\n" +
        "Next: the same with --log-level debug, which says where it is\n"
    })
    const debug = await node(reported(work, "--log-level", "debug"))
    assert.match(debug.stderr, /^✘ this is a fault of effect-lambda: x is not a function\n.*TypeError: [^]*\n {4}at /)
    const json = await node(reported(work, "--json"))
    assert.deepStrictEqual(JSON.parse(json.stdout), {
      error: { type: "Error", message: "this is a fault of effect-lambda: x is not a function" }
    })
    assert.strictEqual(json.stderr, "")
  })

  it("of an interruption is nothing to a person, and one document to a program", async () => {
    const work = `Effect.andThen(Effect.sync(() => process.kill(process.pid, "SIGINT")), Effect.never)`
    assert.deepStrictEqual(await node(reported(work)), { exitCode: 130, stdout: "", stderr: "" })
    const { exitCode, stdout } = await node(reported(work, "--json"))
    assert.deepStrictEqual({ exitCode, ...JSON.parse(stdout) }, {
      exitCode: 130,
      error: { type: "Interrupted", message: "interrupted" }
    })
  })

  it("of a failure that has no message is its name", async () => {
    const { stderr } = await node(reported(`Effect.fail(new RangeError())`))
    assert.strictEqual(stderr, "✘ RangeError\n")
  })

  it("has no escape codes where nobody looks", async () => {
    for (const args of [["--help"], ["deploy", "--help"], ["deploy", "nothing"], ["deplyo"], ["events"]]) {
      const { stderr, stdout } = await runIn({ environment: { FORCE_COLOR: undefined, NO_COLOR: undefined } }, args)
      assert.notInclude(stdout + stderr, escape)
    }
  }, 20_000)

  it("of a wrong command or flag is one line with what is like it", async () => {
    const cases = [
      [["deplyo"], `✘ Unknown subcommand "deplyo" for "effect-lambda". Did you mean this? deploy\n`],
      [
        ["deploy", "x", "--memry", "1"],
        "✘ Unrecognized flag: --memry in command effect-lambda deploy. Did you mean this? --memory\n"
      ]
    ] as const
    for (const [args, line] of cases) {
      const { exitCode, stderr, stdout } = await runIn({}, args)
      assert.strictEqual(exitCode, 1)
      assert.isTrue(stderr.startsWith(line), stderr)
      assert.match(stderr, /\nNext: effect-lambda .*--help\n$/)
      assert.strictEqual(stdout, "")
    }
  })

  it("of what comes next can be typed where npm has brought the command", async () => {
    const environment = { npm_config_user_agent: "npm/11.0.0 node/v24.0.0 linux x64" }
    const wrong = await runIn({ environment }, ["bulid"])
    assert.match(wrong.stderr, /\nNext: npx effect-lambda --help\n$/)
    const sample = await runIn({ environment }, ["events", "sqs"])
    assert.match(sample.stderr, /^\nNext: npx effect-lambda invoke --sample sqs\n$/)
  })

  it("of a Node.js that is too old is one line, with the one that the package needs", async () => {
    const { engines } = JSON.parse(fs.readFileSync(path.join(projectFolder, "package.json"), "utf8"))
    const [, major, minor] = /^>=(\d+)\.(\d+)$/.exec(engines.node) ?? []
    const as = (version: string) =>
      node([
        `--import=data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"${version}"}})`,
        main,
        "--version"
      ])
    const { exitCode, stderr, stdout } = await as(`${major}.${Number(minor) - 1}.0`)
    assert.strictEqual(exitCode, 1)
    assert.match(
      stderr,
      new RegExp(`^✘ effect-lambda needs Node\\.js ${major}\\.${minor} or newer, and this is v\\S+\n$`)
    )
    assert.strictEqual(stdout, "")
    for (const version of [`${major}.${minor}.0`, `${Number(major) + 1}.0.0`]) {
      assert.strictEqual((await as(version)).exitCode, 0)
    }
  })

  it("with --json is one document, whatever is wrong", async () => {
    const cases = [
      ["deplyo"],
      ["deploy"],
      ["deploy", "nothing"],
      ["deploy", "x", "--memory", "much"],
      ["iac", "sam", "nothing"],
      ["events", "nothing"],
      ["invoke", "--event", "/nowhere.json"],
      ["build", "nothing.ts"],
      ["bench", "nothing"],
      ["init", "IN CAPITALS"],
      ["deploy", "--wizard"]
    ]
    for (const args of cases) {
      const { exitCode, stderr, stdout } = await runIn({}, [...args, "--json"])
      assert.strictEqual(exitCode, 1, args.join(" "))
      assert.hasAllKeys(JSON.parse(stdout), ["error"])
      assert.strictEqual(stderr, "", args.join(" "))
    }
  }, 30_000)

  it("of each command has its flags and examples", async () => {
    for (const command of commands) {
      const { exitCode, stdout } = await runIn({}, [command, "--help"])
      assert.strictEqual(exitCode, 0)
      assert.include(stdout, `effect-lambda ${command} `)
      assert.include(stdout, "EXAMPLES")
    }
  }, 20_000)
})

describe("where nobody reads", () => {
  const ended = async (
    args: ReadonlyArray<string>,
    stdio: Array<"ignore" | "pipe" | number>,
    close: "stdout" | "stderr"
  ) => {
    const child = spawn(process.execPath, [main, ...args], { cwd: projectFolder, env: environment, stdio })
    child[close]?.destroy()
    const [stderr, [exitCode]] = await Promise.all([
      close === "stdout" && child.stderr !== null ? text(child.stderr) : "",
      once(child, "exit")
    ])
    return { exitCode, stderr }
  }

  it("a command ends as ever", async () => {
    const { exitCode, stderr } = await ended(["events"], ["ignore", "pipe", "pipe"], "stdout")
    assert.strictEqual(exitCode, 0)
    assert.strictEqual(stderr, "\nNext: effect-lambda events sqs > event.json\n")
    assert.strictEqual((await ended(["events"], ["ignore", "ignore", "pipe"], "stderr")).exitCode, 0)
    assert.strictEqual((await ended(["deploy", "nothing"], ["ignore", "ignore", "pipe"], "stderr")).exitCode, 1)
  })

  it.runIf(fs.existsSync("/dev/full"))("it is a failure that what was asked for is lost", async () => {
    const full = fs.openSync("/dev/full", "w")
    const { exitCode, stderr } = await ended(["events", "sqs"], ["ignore", full, "pipe"], "stdout")
    fs.closeSync(full)
    assert.strictEqual(exitCode, 1)
    assert.match(stderr, /✘ standard output: ENOSPC: no space left on device, write\n/)
  })
})

describe.runIf(hasTerminal)("in a terminal", () => {
  it("the wizard that is cancelled is no success", async () => {
    const { exitCode, output } = await inTerminal([main, "--wizard"], { keys: [["Command", "\u0003"]] })
    assert.strictEqual(exitCode, 130)
    assert.match(output, /✘\S* cancelled\r\n$/)
  })

  it("the wizard runs what it has asked for", async () => {
    const { exitCode, output } = await inTerminal([main, "events", "--wizard"], {
      keys: [["Set Name?", "y"], ["Name ›", "sqs\r"], ["Run it?", "\r"]]
    })
    assert.strictEqual(exitCode, 0, output)
    assert.include(output, "effect-lambda events sqs")
    assert.include(output, `"aws:sqs"`)
  })

  it("a step stands in one line, however long it is, and leaves nothing of it", async () => {
    const title = "x".repeat(100)
    const work = `Effect.flatMap(Reporter, ({ notice, step }) => step("${title}", notice("by the way")))`
    const { output } = await inTerminal(reported(work), { columns: 40 })
    const [drawn = "", said = ""] = output.split("\r\u001b[2K")
    assert.include(drawn, `… ${"x".repeat(36)}…`)
    assert.notInclude(drawn, "x".repeat(37))
    assert.match(said, /! ?\S* by the way\r\n/)
    assert.include(output, `${title} `)
  })

  it.each(["bash", "zsh", "fish"])("the completions of %s are those of all commands", async (shell) => {
    const { stdout } = await runIn({}, ["--completions", shell])
    for (const command of commands) assert.include(stdout, command)
  })
})

describe("in bash", () => {
  it("commands, flags and choices are completed", async () => {
    const { stdout: completions } = await runIn({}, ["--completions", "bash"])
    const complete = (...words: ReadonlyArray<string>) => {
      const line = words.map((word) => `'${word}'`).join(" ")
      const script = `${completions}
        complete -p effect-lambda > /dev/null || exit 1
        COMP_WORDS=(${line}); COMP_CWORD=${words.length - 1}; COMP_LINE='${words.join(" ")}'; COMP_POINT=\${#COMP_LINE}
        _effect_lambda effect-lambda '${words.at(-1)}' '${words.at(-2)}'
        echo "\${COMPREPLY[*]}"`
      const { stderr, stdout } = spawnSync("bash", ["--norc"], { input: script, env: environment, encoding: "utf8" })
      assert.strictEqual(stderr, "")
      return stdout.trim().split(" ")
    }
    assert.deepStrictEqual(complete("effect-lambda", "dep"), ["deploy"])
    assert.deepStrictEqual(complete("effect-lambda", "deploy", "--dr"), ["--dry-run"])
    assert.deepStrictEqual(complete("effect-lambda", "build", "--target", "n"), ["node22", "node24"])
    assert.deepStrictEqual(complete("effect-lambda", "iac", "t"), ["terraform"])
    // These are of every command.
    assert.deepStrictEqual(complete("effect-lambda", "deploy", "--j"), ["--json"])
    assert.deepStrictEqual(complete("effect-lambda", "events", "--log-level", "de"), ["debug"])
    assert.deepStrictEqual(complete("effect-lambda", "--comp"), ["--completions"])
    assert.deepStrictEqual(complete("effect-lambda", "build", "--he"), ["--help"])
  })
})
