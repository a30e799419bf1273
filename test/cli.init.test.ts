import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import { spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import * as fs from "node:fs"
import * as path from "node:path"
import { afterAll, vi } from "vitest"
import manifest from "../package.json" with { type: "json" }
import * as packageLock from "../src/cli/init/packageLock.ts"
import * as Template from "../src/cli/init/template.ts"
import * as ownPackage from "../src/cli/ownPackage.ts"
import { projectFolder } from "./doctest/docstrings.ts"
import * as builtFunction from "./support/builtFunction.ts"
import { run } from "./support/effectLambda.ts"

/** Below the project, so that what is in it finds the project's dependencies. */
const folder = builtFunction.temporaryFolder("cli-init")
fs.mkdirSync(path.join(folder, "node_modules"))
fs.symlinkSync(projectFolder, path.join(folder, "node_modules", manifest.name))
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }))

const cli = path.join(projectFolder, "src/cli/main.ts")

/** A development dependency of this project, run in another one. */
const tool = (name: string, project: string, ...args: ReadonlyArray<string>) => {
  const { status, stderr, stdout } = spawnSync(process.execPath, [
    path.join(projectFolder, "node_modules", name),
    ...args
  ], {
    cwd: project,
    env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined },
    encoding: "utf8"
  })
  assert.strictEqual(status, 0, `${stdout}\n${stderr}`)
  return stdout
}

/** Has `effect-lambda dev` serve projects on a free port, while something uses its address. */
const whileServed = <A, E, R>(
  projects: ReadonlyArray<string>,
  use: (address: string) => Effect.Effect<A, E, R>
) =>
  Effect.acquireUseRelease(
    Effect.sync(() =>
      spawn(process.execPath, [cli, "dev", ...projects.map((project) => `${project}/src/main.ts`), "--port", "0"], {
        cwd: folder,
        stdio: ["ignore", "pipe", "pipe"]
      })
    ),
    (child) =>
      Effect.callback<string>((resume) => {
        let said = ""
        for (const stream of [child.stdout, child.stderr]) {
          stream.setEncoding("utf8").on("data", (text: string) => {
            said += text
            const address = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0]
            if (address !== undefined && projects.every((project) => said.includes(`${project} is ready: `))) {
              resume(Effect.succeed(address))
            }
          })
        }
        child.once("close", () => resume(Effect.die(new Error(`dev ended:\n${said}`))))
      }).pipe(Effect.flatMap(use)),
    (child) => Effect.sync(() => child.kill("SIGKILL"))
  )

/** A folder for `PATH` with an npm that is this shell script, which says at a pipe that it has been started. */
const npmOf = (name: string, script: string) => {
  const bin = path.join(folder, `bin-${name}`)
  fs.mkdirSync(bin)
  fs.symlinkSync(process.execPath, path.join(bin, "node"))
  spawnSync("mkfifo", [path.join(bin, "started")])
  fs.writeFileSync(path.join(bin, "npm"), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  return { PATH: `${bin}:/usr/bin:/bin`, started: path.join(bin, "started") }
}

/** Waits until it is killed. */
const waitingNpm = (name: string) =>
  npmOf(name, `echo $$ > "${path.join(folder, `bin-${name}`, "started")}"\nexec sleep 1000`)

const isRunning = (processId: number) => {
  try {
    return process.kill(processId, 0)
  } catch {
    return false
  }
}

describe("a project that effect-lambda init makes", () => {
  // As when somebody clones it into another folder.
  const cloneOf = (template: Template.Name) => `clone-of-${template}`
  const clones = Template.names.map(cloneOf)

  it.live.each(Template.names)("of %s is as it is told", (template) =>
    Effect.gen(function*() {
      const { exitCode, stderr, stdout } = yield* run(["init", template, "--template", template, "--no-lock"], {
        folder
      })
      assert.strictEqual(exitCode, 0, stderr)
      assert.include(stderr, `Next: cd ${template} && npm install && npm test && npm run dev`)
      for (const line of stdout.trimEnd().split("\n")) assert.isTrue(fs.existsSync(path.join(folder, line)), line)
      const project = path.join(folder, cloneOf(template))
      fs.renameSync(path.join(folder, template), project)
      for (const file of fs.readdirSync(project, { recursive: true, encoding: "utf8" })) {
        if (!fs.statSync(path.join(project, file)).isFile()) continue
        assert.notMatch(fs.readFileSync(path.join(project, file), "utf8"), /\{\{/, file)
      }
    }))

  it("has no type errors", () => {
    // One compiler for all, by their own rules.
    const compilation = {
      extends: `./${clones[0]}/tsconfig.json`,
      include: clones.flatMap((clone) => [`${clone}/src`, `${clone}/test`])
    }
    fs.writeFileSync(path.join(folder, "tsconfig.json"), JSON.stringify(compilation))
    const listed = tool("typescript/bin/tsc", folder, "--noEmit", "--listFilesOnly")
    for (const clone of clones) assert.include(listed, `${clone}/test/handler.test.ts`)
    tool("typescript/bin/tsc", folder, "--noEmit")
  }, 60_000)

  it("passes its tests", () => {
    assert.match(tool("vitest/vitest.mjs", folder, "run", ...clones), /Test Files {2}6 passed/)
  }, 60_000)

  it.live(
    "serves its event here",
    () =>
      whileServed(clones, (address) =>
        Effect.forEach(clones, (name) =>
          Effect.gen(function*() {
            const event = `${name}/events/event.json`
            const { exitCode, stderr } = yield* run(["invoke", name, "--event", event, "--endpoint", address], {
              folder
            })
            assert.deepStrictEqual({ exitCode, stderr }, { exitCode: 0, stderr: "" }, name)
          }), { concurrency: 2 })),
    60_000
  )

  it.live.each(Template.names)("of %s can be built for what deploys it", (template) =>
    Effect.gen(function*() {
      const project = path.join(folder, cloneOf(template))
      const { scripts } = JSON.parse(fs.readFileSync(path.join(project, "package.json"), "utf8"))
      const [, ...args] = scripts.build.split(" ")
      const built = yield* run([...args, "--json"], { folder: project })
      assert.strictEqual(built.exitCode, 0, built.stdout)
      // The function has served its event: nothing is to be noticed.
      assert.notProperty(JSON.parse(built.stdout), "notices", built.stdout)
      assert.isTrue(fs.existsSync(path.join(project, `dist/${template}.zip`)))
      assert.include(fs.readFileSync(path.join(project, "template.yaml"), "utf8"), `dist/${template}.zip`)
      assert.include(scripts.deploy, ` ${template} `)
    }))
})

describe("effect-lambda init", () => {
  it.live("has npm write a lock file, which npm ci needs", () =>
    Effect.gen(function*() {
      const { PATH } = npmOf("writing", `echo "$@" > package-lock.json`)
      const { exitCode, stderr, stdout } = yield* run(["init", "locked"], { folder, environment: { PATH } })
      assert.strictEqual(exitCode, 0, stderr)
      assert.include(stdout.split("\n"), "locked/package-lock.json")
      assert.include(stderr, "Next: cd locked && npm ci && npm test && npm run dev\n")
      // Nothing of what it finds is installed or run.
      const said = fs.readFileSync(path.join(folder, "locked/package-lock.json"), "utf8")
      assert.match(said, /^install --package-lock-only --ignore-scripts /)
    }))

  it.live("overwrites no lock file that it is not told to", () =>
    Effect.gen(function*() {
      const project = path.join(folder, "relocked")
      fs.mkdirSync(project)
      fs.writeFileSync(path.join(project, "package-lock.json"), "mine")
      const { exitCode, stderr } = yield* run(["init", "relocked"], { folder })
      assert.deepStrictEqual({ exitCode, stderr }, {
        exitCode: 1,
        stderr: "✘ relocked has package-lock.json already: --force overwrites them\n"
      })
      assert.deepStrictEqual(fs.readdirSync(project), ["package-lock.json"])
    }))

  it.live("makes a project without a lock file when npm cannot write it, and says why", () =>
    Effect.gen(function*() {
      const refusal = JSON.stringify({ error: { code: "E404", summary: "Not Found\nat all", detail: "" } })
      const refusing = npmOf("refusing", `echo '${refusal.replaceAll("\\", "\\\\")}'; exit 1`)
      const missing = npmOf("missing", "")
      fs.rmSync(path.join(path.dirname(missing.started), "npm"))
      for (
        const [name, PATH, reason] of [
          ["refused", refusing.PATH, "npm says: Not Found"],
          ["alone", path.dirname(missing.started), "npm is not installed"]
        ] as const
      ) {
        const told = yield* run(["init", name, "--json"], { folder, environment: { PATH } })
        assert.strictEqual(told.exitCode, 0, told.stderr)
        const { notices, result } = JSON.parse(told.stdout)
        assert.strictEqual(notices.at(-1), `the project has no package-lock.json: ${reason}`)
        assert.deepInclude(result, { name, install: "npm install" })
        assert.notInclude(result.files, "package-lock.json")
        assert.isTrue(fs.existsSync(path.join(folder, name, "src/main.ts")))
      }
    }))

  it.effect("does not wait for npm for ever", () =>
    Effect.gen(function*() {
      const { PATH, started } = waitingNpm("waiting")
      vi.stubEnv("PATH", PATH)
      const making = yield* Effect.forkChild(Effect.flip(packageLock.make(folder)), { startImmediately: true })
      const processId = Number(yield* Effect.promise(() => fs.promises.readFile(started, "utf8")))
      assert.isTrue(isRunning(processId))
      yield* TestClock.adjust("1 minute")
      assert.strictEqual((yield* Fiber.join(making)).message, "npm took more than 1m")
      assert.isFalse(isRunning(processId))
    }).pipe(
      Effect.ensuring(Effect.sync(() => vi.unstubAllEnvs())),
      Effect.provide(NodeServices.layer)
    ))

  it("leaves a project without a lock file when it is interrupted meanwhile", async () => {
    const { PATH, started } = waitingNpm("interrupted")
    const child = spawn(process.execPath, [cli, "init", "interrupted"], { cwd: folder, env: { ...process.env, PATH } })
    let said = ""
    child.stderr.setEncoding("utf8").on("data", (text: string) => said += text)
    const processId = Number(await fs.promises.readFile(started, "utf8"))
    child.kill("SIGINT")
    assert.deepStrictEqual(await once(child, "close"), [130, null])
    assert.include(said, "the project has no package-lock.json, and is complete: npm install makes one\n")
    assert.isFalse(isRunning(processId))
    assert.isTrue(fs.existsSync(path.join(folder, "interrupted/test/handler.test.ts")))
  })

  it.live("leaves the lock file to another package manager, where there is one", () =>
    Effect.gen(function*() {
      const repository = path.join(folder, "it's a repository")
      fs.mkdirSync(path.join(repository, ".git"), { recursive: true })
      const next = (place: string, agent = "") =>
        Effect.map(
          run(["init", place, "--force"], { folder: repository, environment: { npm_config_user_agent: agent } }),
          ({ stderr }) => /^Next: cd (.*)$/m.exec(stderr)?.[1]
        )
      assert.strictEqual(
        yield* next("by-caller", "pnpm/10.4.1 npm/? node/v24.1.0 linux x64"),
        "by-caller && pnpm install && pnpm test && pnpm run dev"
      )
      fs.writeFileSync(path.join(repository, "bun.lock"), "")
      assert.strictEqual(
        yield* next("functions/by-lock", "npm/11.0.0 node/v24.1.0"),
        "functions/by-lock && bun install && bun run test && bun run dev"
      )
      fs.writeFileSync(path.join(repository, "functions/yarn.lock"), "")
      assert.strictEqual(
        yield* next("functions/by-nearest"),
        "functions/by-nearest && yarn install && yarn test && yarn run dev"
      )
      // What is above the repository is none of its business.
      fs.mkdirSync(path.join(repository, "other/.git"), { recursive: true })
      fs.writeFileSync(path.join(repository, "other/pnpm-lock.yaml"), "")
      fs.mkdirSync(path.join(repository, "other/inner/.git"), { recursive: true })
      assert.strictEqual(
        yield* next("other/inner/by-agent", "yarn/4.0.0 npm/? node/v24.1.0"),
        "other/inner/by-agent && yarn install && yarn test && yarn run dev"
      )
      assert.isFalse(fs.existsSync(path.join(repository, "by-caller/package-lock.json")))
    }))

  it.live("prints a way into the project that a shell understands", () =>
    Effect.gen(function*() {
      const { stderr } = yield* run(["init", "it's mine/hello", "--no-lock"], { folder })
      assert.include(stderr, String.raw`Next: cd 'it'\''s mine/hello' && npm install`)
    }))

  it.live("overwrites nothing that it is not told to", () =>
    Effect.gen(function*() {
      const project = path.join(folder, "taken")
      fs.mkdirSync(path.join(project, "src"), { recursive: true })
      fs.writeFileSync(path.join(project, "src/main.ts"), "mine")
      const refused = yield* run(["init", "taken"], { folder })
      assert.strictEqual(refused.exitCode, 1)
      assert.strictEqual(refused.stderr, "✘ taken has src/main.ts already: --force overwrites them\n")
      assert.deepStrictEqual(fs.readdirSync(project), ["src"])
      const forced = yield* run(["init", "taken", "--force", "--no-lock", "--json"], { folder })
      assert.deepInclude(JSON.parse(forced.stdout).result, { name: "taken", template: "hello" })
      assert.include(fs.readFileSync(path.join(project, "src/main.ts"), "utf8"), "NodeLambda.runMain")
    }))

  it.live("refuses a name that no function can have", () =>
    Effect.gen(function*() {
      const { exitCode, stderr } = yield* run(["init", "My Function"], { folder })
      assert.strictEqual(exitCode, 1)
      assert.match(stderr, /^✘ a function cannot be called "My Function": choose a folder/)
      assert.isFalse(fs.existsSync(path.join(folder, "My Function")))
    }))

  // The recursive mkdir of Node.js never ends below it.
  it.live.runIf(fs.existsSync("/proc"))("refuses a folder that cannot be made", () =>
    Effect.gen(function*() {
      const { exitCode, stderr } = yield* run(["init", "/proc/nowhere", "--template", "hello"], { folder })
      assert.strictEqual(exitCode, 1)
      assert.match(stderr, /^✘ \/proc\S*: [a-z -]+\n$/)
    }))

  it.each([
    ["is not answered", "unasked", "managed-instances", "\u0003", 130, "cancelled"],
    ["whether to overwrite is answered with no", "answered", "Overwrite", "n", 1, "nothing has been written"]
  ])("makes nothing, and says so, when the question %s", async (_, name, question, answer, code, problem) => {
    const project = path.join(folder, name)
    if (code === 1) {
      fs.mkdirSync(project)
      fs.writeFileSync(path.join(project, "README.md"), "mine")
    }
    const template = code === 1 ? ["--template", "hello"] : []
    const command = [process.execPath, cli, "init", name, ...template]
    // Of util-linux: runs a command on a terminal of its own.
    const child = spawn("script", ["-qefc", command.join(" "), "/dev/null"], { cwd: folder })
    let said = ""
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      if (!said.includes(question) && text.includes(question)) child.stdin.write(answer)
      said += text
    })
    const exitCode = await new Promise((resolve) => child.once("close", resolve))
    assert.strictEqual(exitCode, code, said)
    assert.match(said, new RegExp(`✘\\S* ${problem}\\r?\\n`))
    assert.deepStrictEqual(
      code === 1 ? fs.readdirSync(project) : fs.existsSync(project),
      code === 1 ? ["README.md"] : false
    )
  })

  it.effect("has a project take the package that the command line is of", () =>
    Effect.gen(function*() {
      const place = path.join(folder, "sources")
      const modules = path.join(place, "node_modules")
      const installed = path.join(modules, manifest.name)
      fs.mkdirSync(installed, { recursive: true })
      const published = `^${manifest.version}`
      // By another package manager.
      assert.deepStrictEqual(yield* ownPackage.dependencyOn(installed), { range: published, notice: undefined })
      for (
        const [resolved, range] of [
          [`https://registry.npmjs.org/${manifest.name}/-/${manifest.name}-1.0.0.tgz`, published],
          [undefined, published],
          ["file:../some.tgz", `file:${path.join(folder, "some.tgz")}`]
        ] as const
      ) {
        const packages = { [`node_modules/${manifest.name}`]: { resolved } }
        fs.writeFileSync(path.join(modules, ".package-lock.json"), JSON.stringify({ packages }))
        const dependency = yield* ownPackage.dependencyOn(installed)
        assert.strictEqual(dependency.range, range)
        assert.strictEqual(dependency.notice !== undefined, range !== published)
      }
      const { notice, range } = yield* ownPackage.dependencyOn(place)
      assert.strictEqual(range, published)
      assert.include(notice, `"npm run build && npm pack ./dist" in ${place}`)
      const packed = path.join(place, `${manifest.name}-${manifest.version}.tgz`)
      fs.writeFileSync(packed, "")
      assert.strictEqual((yield* ownPackage.dependencyOn(place)).range, `file:${packed}`)
    }).pipe(Effect.provide(NodeServices.layer)))

  it("depends on what this project is developed with", () => {
    const template = JSON.parse(
      fs.readFileSync(path.join(projectFolder, "src/cli/templates/common/package.json"), "utf8")
    )
    const here: Readonly<Record<string, string>> = manifest.devDependencies
    const ranges: Readonly<Record<string, string>> = { ...template.dependencies, ...template.devDependencies }
    for (const [name, range] of Object.entries(ranges)) {
      if (name === manifest.name) continue
      const major = (version: string) => version.replace(/^\^/, "").split(".")[0]
      assert.strictEqual(major(range), major(here[name] ?? ""), name)
    }
  })
})
