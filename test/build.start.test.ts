import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { spawnSync } from "node:child_process"
import * as fs from "node:fs"
import * as path from "node:path"
import * as zlib from "node:zlib"
import { afterAll, beforeAll } from "vitest"
import { build, managedCommand, type Start, temporaryFolder, unzip } from "./support/builtFunction.ts"
import * as builtFunction from "./support/builtFunction.ts"

const fixtures = "test/fixtures/packaging"

const folder = temporaryFolder("build-start")
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }))

/** What the program `report` answers. */
const report = (options: Start) => Effect.map(builtFunction.answer(options, {}), ({ text }) => JSON.parse(text))

describe("a package", () => {
  /** Unzipped, with a Node of its own. */
  const unpacked = path.join(folder, "report")
  beforeAll(async () => {
    const { zip } = await Effect.runPromise(
      build({ entry: `${fixtures}/report.ts`, output: path.join(folder, "dist"), resources: ["texts"] })
    )
    unzip(zip, unpacked)
  })

  describe("as exec wrapper of a managed runtime", () => {
    it.live("runs with the Node and the heap limits that Lambda has chosen, and not its runtime", () =>
      Effect.gen(function*() {
        assert.deepStrictEqual(yield* report({ folder: unpacked, arguments: managedCommand }), {
          main: path.join(unpacked, "index.cjs"),
          flags: ["--max-semi-space-size=25", "--max-old-space-size=460"],
          arenas: "1",
          heapLimit: 556,
          greeting: "Hello from a file\n",
          strict: true
        })
      }))

    it("is refused by the runtime that it was to replace", () => {
      const { stderr } = spawnSync(process.execPath, ["-e", `require("${unpacked}/index.cjs")`], { encoding: "utf8" })
      assert.include(stderr, "set the environment variable AWS_LAMBDA_EXEC_WRAPPER to /var/task/bootstrap")
    })
  })

  describe("as entry point", () => {
    const own = path.join(folder, "own")
    beforeAll(() => {
      fs.cpSync(unpacked, own, { recursive: true })
      fs.symlinkSync(process.execPath, path.join(own, "node"))
    })

    it.live("runs with the Node in the package, in the memory of the function", () =>
      Effect.gen(function*() {
        const environment = { PATH: "/nowhere", AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "512" }
        // The arguments of an image are those of its CMD.
        const { flags, greeting, main } = yield* report({ folder: own, arguments: ["app.handler"], environment })
        assert.deepStrictEqual([flags, greeting], [["--max-old-space-size=461"], "Hello from a file\n"])
        assert.strictEqual(main, path.join(own, "index.cjs"))
      }))

    it.live("ends with 0 on SIGTERM, which reaches the function", () =>
      Effect.gen(function*() {
        const { exitCode, stderr } = yield* builtFunction.ended({ folder: own })
        assert.deepStrictEqual([exitCode, stderr], [0, ""])
      }))
  })

  describe("has a bootstrap", () => {
    /** Says how it was called. */
    const node = path.join(folder, "somewhere/node")
    const bootstrap = path.join(folder, "bootstrap")
    beforeAll(() => {
      fs.mkdirSync(path.dirname(node), { recursive: true })
      fs.writeFileSync(node, "#!/bin/sh\necho $MALLOC_ARENA_MAX $*", { mode: 0o755 })
      fs.copyFileSync(path.join(unpacked, "bootstrap"), bootstrap)
      hideOtherNodes(bootstrap)
    })

    const run = (rest: ReadonlyArray<string>, environment: Readonly<Record<string, string>>) => {
      const { status, stderr, stdout } = spawnSync(bootstrap, rest, { env: environment, encoding: "utf8" })
      return { status, stderr, command: stdout.trim().replace(`${folder}/`, "") }
    }

    const lambda = ["--expose-gc", "--max-semi-space-size=51", "--max-old-space-size=922", "/var/runtime/index.mjs"]
    const cases: ReadonlyArray<
      readonly [string, ReadonlyArray<string>, Readonly<Record<string, string>>, string]
    > = [
      ["keeps the heap limits of Lambda", lambda, {}, "1 --max-semi-space-size=51 --max-old-space-size=922 index.cjs"],
      [
        "leaves to the user what the user has set",
        lambda,
        { NODE_OPTIONS: "--inspect --max-old-space-size=300", MALLOC_ARENA_MAX: "4" },
        "4 --max-semi-space-size=51 index.cjs"
      ],
      [
        "knows that V8 takes another spelling",
        lambda,
        { NODE_OPTIONS: "--max_old_space_size=300" },
        "1 --max-semi-space-size=51 index.cjs"
      ],
      [
        "takes no other flag for one of its own",
        lambda,
        { NODE_OPTIONS: "--max-http-header-size=8192" },
        "1 --max-semi-space-size=51 --max-old-space-size=922 index.cjs"
      ],
      [
        "lets many invocations share the memory",
        lambda,
        { AWS_LAMBDA_MAX_CONCURRENCY: "64", AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "2048" },
        "2 --max-semi-space-size=51 --max-old-space-size=922 --max-semi-space-size=16 index.cjs"
      ],
      [
        "gives young objects some space where many invocations share little memory",
        lambda.slice(3),
        { AWS_LAMBDA_MAX_CONCURRENCY: "8", AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "512" },
        "1 --max-semi-space-size=8 index.cjs"
      ]
    ]
    it.each(cases)("that %s", (_, rest, environment, expected) => {
      assert.deepStrictEqual(run([node, ...rest], environment), { status: 0, stderr: "", command: expected })
    })

    // The sh of Amazon Linux is bash, that of Debian dash, that of Alpine busybox.
    it.each([["bash", "--posix"], ["dash"], ["busybox", "sh"], ["zsh", "--emulate", "sh"]])(
      "that every shell of this machine reads alike: %s",
      (shell, ...options) => {
        for (const [, rest, environment, expected] of cases) {
          const { error, stderr, stdout } = spawnSync(shell, [...options, bootstrap, node, ...rest], {
            env: { ...environment, PATH: process.env.PATH },
            encoding: "utf8"
          })
          if (error !== undefined && "code" in error && error.code === "ENOENT") return
          assert.deepStrictEqual([stdout.trim().replace(`${folder}/`, ""), stderr], [expected, ""])
        }
      }
    )

    it("that finds a Node in the path", () => {
      const environment = { PATH: path.dirname(node), AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "128" }
      const command = "1 --max-old-space-size=116 index.cjs"
      assert.deepStrictEqual(run(["app.handler"], environment), { status: 0, stderr: "", command })
    })

    it("that lets the function find packages in layers, as Lambda does", () => {
      const showing = path.join(folder, "showing/node")
      fs.mkdirSync(path.dirname(showing), { recursive: true })
      fs.writeFileSync(showing, "#!/bin/sh\necho $NODE_PATH", { mode: 0o755 })
      assert.strictEqual(run([showing], {}).command, "/opt/nodejs/node_modules")
      assert.strictEqual(
        run([showing], { NODE_PATH: "/opt/nodejs/node24/node_modules" }).command,
        "/opt/nodejs/node24/node_modules"
      )
    })

    it("that says in one line where there is no Node", () => {
      assert.deepStrictEqual(run([], { PATH: "/nowhere" }), {
        status: 1,
        stderr: "effect-lambda-runtime: there is no Node.js here: put its binary into the package as node, " +
          "or into a layer as bin/node\n",
        command: ""
      })
    })
  })

  describe("with a code cache", () => {
    const cacheFile = "program.cache"
    const taken = "the cache was taken"
    const refused = "the cache was refused"
    const without = "there was no cache"

    /** Prints what V8 does with a cache, and nothing of what it is. */
    const observer = path.join(folder, "observer.cjs")
    fs.writeFileSync(
      observer,
      `const vm = process.getBuiltinModule("node:vm")
vm.Script = class extends vm.Script {
  constructor(code, options) {
    super(code, options)
    const outcome = options.cachedData === undefined ? "${without}" : this.cachedDataRejected ? "${refused}" : "${taken}"
    process.stderr.write(outcome)
  }
}`
    )

    /** What becomes of a package whose files were tampered with. */
    const outcome = Effect.fnUntraced(function*(
      name: string,
      tamper: (folder: string, cache: Buffer) => Buffer | undefined,
      nodeOptions = ""
    ) {
      const copy = path.join(folder, name)
      fs.cpSync(unpacked, copy, { recursive: true })
      const cache = tamper(copy, fs.readFileSync(path.join(copy, cacheFile)))
      if (cache === undefined) fs.rmSync(path.join(copy, cacheFile))
      else fs.writeFileSync(path.join(copy, cacheFile), cache)
      const environment = { NODE_OPTIONS: `${nodeOptions} --require ${observer}` }
      const { stderr, text } = yield* builtFunction.answer({ folder: copy, arguments: managedCommand, environment }, {})
      assert.include(text, "Hello from a file")
      return stderr
    })

    it.live("uses it", () =>
      Effect.gen(function*() {
        assert.strictEqual(yield* outcome("whole", (_, cache) => cache), taken)
      }))

    const header = 8
    const tampering: ReadonlyArray<readonly [string, string, (folder: string, cache: Buffer) => Buffer | undefined]> = [
      ["is missing", without, () => undefined],
      ["is empty", without, () => Buffer.alloc(0)],
      ["is cut off", without, (_, cache) => cache.subarray(0, cache.length / 2)],
      ["is not one", without, (_, cache) => Buffer.alloc(cache.length, "x")],
      // V8 would take it, and crash.
      ["has a wrong byte", without, (_, cache) => flip(cache, cache.length / 2)],
      // V8 would take it, and run the old program.
      // V8 would take it, and run the other program.
      ["is of another program of the same length", without, (folder, cache) => {
        const file = path.join(folder, "program.cjs")
        fs.writeFileSync(file, fs.readFileSync(file, "utf8").replace("heapLimit:", "otherName:"))
        return cache
      }],
      ["is of another version of V8", refused, (_, cache) => checked(flip(cache, header + 4), header)]
    ]
    it.live.each(tampering)(
      "goes on without one that %s, and says nothing",
      ([name, expected, tamper]) =>
        Effect.gen(function*() {
          assert.strictEqual(yield* outcome(name.replaceAll(" ", "-"), tamper), expected)
        })
    )

    it.live("goes on without it where flags of V8 are set that the cache does not fit", () =>
      Effect.gen(function*() {
        assert.strictEqual(yield* outcome("flags", (_, cache) => cache, "--stack-trace-limit=20"), refused)
      }))
  })
})

describe("a package for provided.al2023 with a Node.js", () => {
  it.live("runs with it, where there is no other", () =>
    Effect.gen(function*() {
      const { manifest, notices, zip } = yield* build({
        entry: `${fixtures}/report.ts`,
        output: path.join(folder, "provided"),
        target: "provided.al2023",
        withNode: true,
        resources: ["texts"]
      })
      // The cache is for this very Node.
      assert.strictEqual(manifest.codeCache?.node, process.versions.node)
      assert.deepStrictEqual(notices, [])
      const own = path.join(folder, "provided/task")
      unzip(zip, own)
      hideOtherNodes(path.join(own, "bootstrap"))
      assert.isTrue(fs.readFileSync(path.join(own, "node")).equals(fs.readFileSync(process.execPath)))
      const { greeting, main } = yield* report({ folder: own, environment: { PATH: "/nowhere" } })
      assert.deepStrictEqual([greeting, main], ["Hello from a file\n", path.join(own, "index.cjs")])
    }))
})

describe("a package for an image", () => {
  it.live("runs from where its Dockerfile copies it to", () =>
    Effect.gen(function*() {
      const { dockerfile = "", folder: context } = yield* build({
        entry: `${fixtures}/report.ts`,
        output: path.join(folder, "image"),
        target: "image",
        resources: ["texts"]
      })
      const task = path.join(folder, "image/task")
      const ignored = fs.readFileSync(path.join(context, ".dockerignore"), "utf8").trim().split("\n")
      fs.cpSync(context, task, {
        recursive: true,
        filter: (file) => !ignored.includes(path.relative(context, file))
      })
      assert.deepStrictEqual(fs.readdirSync(task), ["bootstrap", "index.cjs", "program.cache", "program.cjs", "texts"])
      const entry = /^ENTRYPOINT \["\/var\/task\/(\w+)"\]$/m.exec(fs.readFileSync(dockerfile, "utf8"))?.[1] ?? ""
      assert.strictEqual(entry, "bootstrap")
      const { greeting, main } = yield* report({ folder: task })
      assert.deepStrictEqual([greeting, main], ["Hello from a file\n", path.join(task, "index.cjs")])
    }))
})

describe("a package of a module", () => {
  it.live("runs a program with top-level await", () =>
    Effect.gen(function*() {
      const { folder: package_, notices } = yield* build({
        entry: `${fixtures}/topLevelAwait.ts`,
        output: path.join(folder, "module")
      })
      assert.match(notices.join(), /^no code cache: \S+ or what it imports uses top-level await, /)
      const { text } = yield* builtFunction.answer({ folder: package_, arguments: managedCommand }, {})
      assert.strictEqual(text, "\"await\"")
      const link = path.join(folder, "link to module")
      fs.symlinkSync(package_, link)
      const linked = yield* builtFunction.answer({ folder: link, arguments: managedCommand }, {})
      assert.strictEqual(linked.text, "\"await\"")
    }))

  it.live("is refused by the runtime that it was to replace", () =>
    Effect.gen(function*() {
      const { folder: package_ } = yield* build({
        entry: `${fixtures}/neverPolls.ts`,
        output: path.join(folder, "imported"),
        codeCache: false,
        trial: false
      })
      const runtime = path.join(folder, "imported/index.mjs")
      fs.writeFileSync(runtime, `await import("${package_}/index.mjs")`)
      for (const args of [[runtime], ["-e", `import("${package_}/index.mjs")`]]) {
        const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" })
        assert.match(
          stderr,
          /^Error: .* set the environment variable AWS_LAMBDA_EXEC_WRAPPER to \/var\/task\/bootstrap$/m
        )
        assert.strictEqual(status, 1)
      }
      assert.strictEqual(spawnSync(process.execPath, [path.join(package_, "index.mjs")]).status, 0)
    }))
})

describe("a package of an entry that begins with #! and ends with a comment", () => {
  it.live.each([true, false])(
    "runs, and keeps what the law asks for (code cache: %j)",
    (codeCache) =>
      Effect.gen(function*() {
        const source = fs.readFileSync(`${fixtures}/topLevelAwait.ts`, "utf8").replace(/await /, "")
        const entry = path.join(folder, "entry.ts")
        fs.writeFileSync(
          entry,
          `#!/usr/bin/env node\n/*! MIT: the first */\n/** Not kept. */\n${source}//! MIT: the last`
        )
        const { folder: package_, manifest } = yield* build({
          entry,
          output: path.join(folder, `law-${codeCache}`),
          codeCache
        })
        const code = fs.readFileSync(path.join(package_, codeCache ? "program.cjs" : "index.mjs"), "utf8")
        assert.match(code, /MIT: the first[^]*MIT: the last/)
        assert.notInclude(code, "Not kept")
        assert.strictEqual(manifest.codeCache !== null, codeCache)
        const { status } = yield* builtFunction.answer({ folder: package_, arguments: managedCommand }, {})
        assert.strictEqual(status, 200)
      })
  )
})

describe("a package with a source map", () => {
  it.live.each([true, false])(
    "shows where in the sources an error comes from (code cache: %j)",
    (codeCache) =>
      Effect.gen(function*() {
        const { folder: package_ } = yield* build({
          entry: `${fixtures}/thrower.ts`,
          output: path.join(folder, `maps-${codeCache}`),
          sourceMap: true,
          codeCache
        })
        const { text } = yield* builtFunction.answer({ folder: package_, arguments: managedCommand }, {})
        assert.match(JSON.parse(text).stackTrace[0], /^at .*test\/fixtures\/packaging\/thrower\.ts:12:9\)?$/)
      })
  )
})

/** Leaves a bootstrap no place of this machine where a Node could be. */
const hideOtherNodes = (bootstrap: string): void => {
  const script = fs.readFileSync(bootstrap, "utf8")
  fs.writeFileSync(bootstrap, script.replaceAll(/\/(?:opt|var|usr)\S*\/node\b/g, "/nowhere/node"))
}

const flip = (bytes: Buffer, at: number): Buffer => {
  const flipped = Buffer.from(bytes)
  flipped.writeUInt8(bytes.readUInt8(Math.floor(at)) ^ 0xff, Math.floor(at))
  return flipped
}

/** With the checksum of what is there now. */
const checked = (bytes: Buffer, header: number): Buffer => {
  bytes.writeUInt32LE(zlib.crc32(bytes.subarray(header)), 4)
  return bytes
}
