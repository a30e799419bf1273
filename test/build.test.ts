import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { spawn } from "node:child_process"
import * as crypto from "node:crypto"
import { once } from "node:events"
import * as fs from "node:fs"
import * as path from "node:path"
import { afterAll, beforeAll } from "vitest"
import type { Built } from "../src/cli/packaging/build.ts"
import type { BuildOptions } from "../src/cli/packaging/settings.ts"
import { projectFolder } from "./doctest/docstrings.ts"
import * as builtFunction from "./support/builtFunction.ts"

const hello = "examples/hello-json/main.ts"
const fixtures = "test/fixtures/packaging"

const folder = builtFunction.temporaryFolder("build")
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }))

let outputs = 0
/** Builds into a folder of its own. */
const build = (options: BuildOptions) =>
  builtFunction.build({ output: path.join(folder, `output-${outputs++}`), ...options })

/** Writes a program, and tells its path. */
const write = (name: string, source: string): string => {
  const file = path.join(folder, name)
  fs.writeFileSync(file, source)
  return file
}

describe("build", () => {
  describe("a package", () => {
    let built: Built
    beforeAll(async () => {
      built = await Effect.runPromise(build({ entry: hello }))
    })

    it("is a folder and a zip file of the same files, of which one can be executed", () => {
      const unzipped = path.join(folder, "unzipped")
      builtFunction.unzip(built.zip, unzipped)
      assert.deepStrictEqual(describeFiles(unzipped), describeFiles(built.folder))
      assert.deepStrictEqual(describeFiles(unzipped).map(({ mode, name }) => `${mode} ${name}`), [
        "755 bootstrap",
        "644 index.cjs",
        "644 program.cache",
        "644 program.cjs"
      ])
      assert.deepStrictEqual(built.notices, [])
    })

    it("has a manifest of what is in it", () => {
      const manifest = JSON.parse(fs.readFileSync(built.manifestFile, "utf8"))
      const files = describeFiles(built.folder)
      assert.deepStrictEqual(
        manifest.files,
        files.map(({ bytes, mode, name }) => ({
          path: name,
          size: bytes.length,
          sha256: sha256(bytes),
          executable: mode === "755"
        }))
      )
      const zip = fs.readFileSync(built.zip)
      assert.deepStrictEqual(manifest.zip, { size: zip.length, sha256: sha256(zip) })
      assert.strictEqual(
        manifest.contentSha256,
        sha256(
          files.map(({ bytes, mode, name }) => `${mode === "755" ? "x" : "-"} ${sha256(bytes)} ${name}\n`).join("")
        )
      )
      assert.deepStrictEqual(manifest.codeCache.node, process.versions.node)
      assert.deepInclude(manifest, { name: "hello-json", target: "node24", architecture: process.arch })
      assert.strictEqual(
        path.resolve(path.dirname(built.manifestFile), manifest.entry),
        path.resolve(projectFolder, hello)
      )
    })

    it("is as small with the barrel of effect as with its modules", () =>
      Effect.runPromise(Effect.gen(function*() {
        const barrel = yield* build({ entry: `${fixtures}/barrel.ts`, trial: false })
        const size = (of: Built) => of.manifest.files.find(({ path }) => path === "program.cjs")?.size ?? Number.NaN
        assert.isAtMost(size(barrel), size(built) * 1.02)
      })))
  })

  it("makes the same bytes of the same sources, wherever and whenever it runs", async () => {
    const [here, elsewhere] = await Promise.all([
      buildElsewhere("here", new Date(2001, 1, 1), "UTC", "022"),
      buildElsewhere("somewhere/else", new Date(2031, 6, 1), "Asia/Kathmandu", "077")
    ])
    // It names the file that differs.
    assert.deepStrictEqual(here.manifest, elsewhere.manifest)
    assert.isTrue(here.zip.equals(elsewhere.zip))
    // Whoever runs the function may read its files, which COPY takes into an image as they are here.
    assert.deepStrictEqual([here.folderMode, elsewhere.folderMode], ["755", "755"])
  })

  it.live("leaves a code cache out where another Node runs the function", () =>
    Effect.gen(function*() {
      const { folder, manifest, notices } = yield* build({ entry: hello, target: "node22" })
      assert.isNull(manifest.codeCache)
      assert.deepStrictEqual(fs.readdirSync(folder), ["bootstrap", "index.mjs"])
      assert.match(notices.join(), /^no code cache: the function runs on node22 for linux-\w+, and .* node24 /)
    }))

  describe("for a runtime without a Node.js", () => {
    const target = "provided.al2023"

    it.live("says what a layer has to bring, and for which Node.js it is", () =>
      Effect.gen(function*() {
        const { folder, manifest, notices } = yield* build({ entry: hello, target, nodeMajor: "22", trial: false })
        assert.deepInclude(manifest, { target, node: "22", codeCache: null })
        assert.deepStrictEqual(fs.readdirSync(folder), ["bootstrap", "index.mjs"])
        assert.deepStrictEqual(notices.slice(1), [
          "there is no Node.js in the package: add a layer that has bin/node, or build with --with-node"
        ])
      }))

    it.live("says nothing of a layer where a resource brings one", () =>
      Effect.gen(function*() {
        fs.mkdirSync(path.join(folder, "bin"), { recursive: true })
        write("bin/node", "#!/bin/sh\n")
        const entry = write("own.ts", "console.log(1)\n")
        const { notices } = yield* build({ entry, target, resources: ["bin"], trial: false, codeCache: false })
        assert.deepStrictEqual(notices, [])
      }))

    it.live("refuses a Node.js that could not run there, and says what to do", () =>
      Effect.gen(function*() {
        const node = {
          path: "/nowhere/node",
          version: "24.1.0",
          architecture: "x64",
          platform: "linux",
          selfContained: true
        }
        const wanted = "the package needs Node.js"
        const refused: ReadonlyArray<readonly [Partial<BuildOptions>, string]> = [
          [{ node, nodeMajor: "22" }, `${wanted} 22 for linux-x64, and this is 24.1.0 for linux-x64`],
          [{ node, architecture: "arm64" }, `${wanted} 24 for linux-arm64, and this is 24.1.0 for linux-x64`],
          [
            { node: { ...node, platform: "darwin" } },
            `${wanted} 24 for linux-x64, and this is 24.1.0 for darwin-x64`
          ]
        ]
        for (const [options, obstacle] of refused) {
          const { message } = yield* Effect.flip(build({ entry: hello, target, withNode: true, ...options }))
          assert.strictEqual(
            message,
            `${obstacle}: build with that one, or leave out --with-node and add a layer that has bin/node`
          )
        }
        const shared = build({ entry: hello, target, withNode: true, node: { ...node, selfContained: false } })
        assert.strictEqual(
          (yield* Effect.flip(shared)).message,
          "Node.js 24.1.0 for linux-x64 here needs shared libraries of this machine: " +
            "build with one from nodejs.org, or leave out --with-node and add a layer that has bin/node"
        )
      }))
  })

  it.live("puts beside the files of an image what makes it", () =>
    Effect.gen(function*() {
      const { dockerfile = "", folder: image, manifest, notices, zip } = yield* build({
        entry: hello,
        target: "image",
        nodeMajor: "22",
        trial: false,
        codeCache: false
      })
      assert.deepStrictEqual(notices, [])
      assert.deepStrictEqual(fs.readdirSync(image), [".dockerignore", "Dockerfile", "bootstrap", "index.mjs"])
      assert.strictEqual(dockerfile, path.join(image, "Dockerfile"))
      assert.strictEqual(
        fs.readFileSync(dockerfile, "utf8"),
        `FROM public.ecr.aws/lambda/nodejs:22
COPY . \${LAMBDA_TASK_ROOT}/
ENTRYPOINT ["/var/task/bootstrap"]
`
      )
      assert.deepStrictEqual(manifest.files.map(({ path }) => path), ["bootstrap", "index.mjs"])
      const unzipped = path.join(folder, "image")
      builtFunction.unzip(zip, unzipped)
      assert.deepStrictEqual(fs.readdirSync(unzipped), ["bootstrap", "index.mjs"])
    }))

  it.live("leaves a code cache out where nobody wants it, and is small", () =>
    Effect.gen(function*() {
      const { folder, manifest, notices } = yield* build({ entry: hello, codeCache: false })
      assert.deepStrictEqual(fs.readdirSync(folder), ["bootstrap", "index.mjs"])
      assert.deepStrictEqual(notices, [])
      assert.isBelow(manifest.zip.size, 60_000)
    }))

  it.live("says so when the function cannot start here, and builds it all the same", () =>
    Effect.gen(function*() {
      const entry = `${fixtures}/needsVariable.ts`
      const failed = yield* build({ entry })
      assert.match(
        failed.notices.join(),
        /^the function ended with exit code 1 when it was started: .*TABLE_NAME.*; the code/
      )
      assert.isNotNull(failed.manifest.codeCache)
      const started = yield* build({ entry, environment: { TABLE_NAME: "teapots" } })
      assert.deepStrictEqual(started.notices, [])
    }))

  it.live("says what nobody has caught, and which signal it was", () =>
    Effect.gen(function*() {
      const notice = (source: string) =>
        Effect.map(build({ entry: write("ending.ts", source) }), ({ notices }) => notices.join())
      const thrown = yield* notice("throw new RangeError('no tables')\n")
      assert.match(thrown, /^the function ended with exit code 1 when it was started: RangeError: no tables; the code /)
      const killed = yield* notice("process.kill(process.pid, 'SIGKILL')\nsetInterval(() => {}, 1000)\n")
      assert.match(killed, /^the function ended by SIGKILL when it was started; the code cache /)
      const silent = yield* notice("process.exit(3)\n")
      assert.match(silent, /^the function ended with exit code 3 when it was started; the code cache /)
    }))

  it.live("says what a package misses, unless it can do without", () =>
    Effect.gen(function*() {
      const package_ = path.join(folder, "node_modules/missing")
      fs.mkdirSync(package_, { recursive: true })
      fs.writeFileSync(
        path.join(package_, "index.js"),
        "try { require('not-here') } catch {}\nexports.load = () => import('nor-here')\nrequire('nowhere/at-all')\n"
      )
      const entry = write("missing.ts", "import 'missing'\nexport const load = () => import('optional')\n")
      for (const codeCache of [true, false]) {
        const { notices } = yield* build({ entry, codeCache, trial: false })
        assert.deepStrictEqual(notices, [
          `${package_}/index.js:3:9: there is no package nowhere: install it, or leave it out with --external nowhere`
        ])
        const told = yield* build({ entry, codeCache, external: ["nowhere"], resources: ["node_modules/nowhere"] })
          .pipe(Effect.flip)
        assert.strictEqual(told.message, "the resource node_modules/nowhere does not exist")
      }
    }))

  it.live("says that the function has ended on the event", () =>
    Effect.gen(function*() {
      const source = fs.readFileSync(path.join(projectFolder, `${fixtures}/topLevelAwait.ts`), "utf8")
      for (const code of [0, 7]) {
        const entry = write(
          `exit${code}.ts`,
          source.replace("LambdaResponse.json(name)", `(process.exit(${code}), name)`)
        )
        const { notices } = yield* build({ entry, event: "{}", codeCache: false })
        assert.deepStrictEqual(notices, [`the function ended with exit code ${code} on the event`])
      }
    }))

  it.live("says that a module finds no package in a layer", () =>
    Effect.gen(function*() {
      const external = ["effect"]
      const module = yield* build({ entry: hello, external, codeCache: false, trial: false })
      assert.deepStrictEqual(module.notices, [
        "this program is a module, and no module finds a package in a layer: " +
        "copy what is external, as with --resource node_modules/effect"
      ])
      const script = yield* build({ entry: hello, external, trial: false })
      assert.deepStrictEqual(script.notices, [])
    }))

  it.live("takes the code of an invocation into the cache when there is an event", () =>
    Effect.gen(function*() {
      const size = ({ manifest }: Built) => manifest.codeCache?.size ?? Number.NaN
      const without = yield* build({ entry: hello })
      const served = yield* build({ entry: hello, event: "{\"name\":\"Ada\",\"age\":36}" })
      assert.deepStrictEqual(served.notices, [])
      assert.isAbove(size(served), size(without))
      const failed = yield* build({ entry: hello, event: "{\"name\":\"Ada\"}" })
      assert.match(
        failed.notices.join(),
        /^the function answered the event with an error: EventError: the event .*; age: Missing key; the code cache /
      )
    }))

  it.live("starts no function where nobody wants it", () =>
    Effect.gen(function*() {
      const { manifest, notices } = yield* build({ entry: `${fixtures}/neverPolls.ts`, trial: false })
      assert.deepStrictEqual(notices, [])
      assert.isNotNull(manifest.codeCache)
    }))

  it.live("copies resources with their paths", () =>
    Effect.gen(function*() {
      const { folder } = yield* build({ entry: `${fixtures}/report.ts`, resources: ["texts", "./*.md"], trial: false })
      assert.deepStrictEqual(
        describeFiles(folder).map(({ name }) => name).filter((name) => /\.(md|txt)$/.test(name)),
        ["notes.md", "texts/greeting.txt"]
      )
    }))

  it.live("takes a resource by its name where that looks like a glob, and follows links", () =>
    Effect.gen(function*() {
      const pages = path.join(folder, "pages")
      fs.mkdirSync(pages)
      fs.writeFileSync(path.join(pages, "[id].html"), "")
      fs.symlinkSync(pages, path.join(folder, "linked"))
      const entry = write("pages.ts", "console.log(1)\n")
      const resources = ["pages/[id].html", "linked"]
      const { manifest } = yield* build({ entry, resources, codeCache: false, trial: false })
      assert.deepStrictEqual(
        manifest.files.map(({ path }) => path),
        ["bootstrap", "index.mjs", "linked/[id].html", "pages/[id].html"]
      )
    }))

  it.live("copies a package of the project, and all of a folder, without the folders that led there", () =>
    Effect.gen(function*() {
      const source = path.join(folder, "project/src")
      const package_ = path.join(folder, "project/node_modules/outside")
      for (const made of [source, package_]) fs.mkdirSync(made, { recursive: true })
      fs.writeFileSync(path.join(package_, "index.js"), "module.exports = 1\n")
      const entry = write("project/src/main.ts", "import 'outside'\n")
      write("project/src/page.html", "")
      const packaged = (...resources: ReadonlyArray<string>) =>
        Effect.map(
          build({ entry, name: "project", external: ["outside"], resources, codeCache: false, trial: false }),
          ({ manifest }) => manifest.files.map(({ path }) => path)
        )
      const own = ["bootstrap", "index.mjs"]
      assert.deepStrictEqual(yield* packaged("node_modules/outside/"), [...own, "node_modules/outside/index.js"])
      assert.deepStrictEqual(yield* packaged("."), [...own, "main.ts", "page.html"])
      assert.deepStrictEqual(yield* packaged(".//./page.html"), [...own, "page.html"])
    }))

  it.live("says which other function of the same name it replaces", () =>
    Effect.gen(function*() {
      const options = { output: path.join(folder, "shared"), name: "shared", codeCache: false, trial: false }
      const other = write("other.ts", "console.log(1)\n")
      const notices = (entry: string) => Effect.map(build({ ...options, entry }), ({ notices }) => notices)
      assert.deepStrictEqual(yield* notices(other), [])
      assert.deepStrictEqual(yield* notices(other), [])
      assert.deepStrictEqual(yield* notices(hello), [
        `this replaces what was built from ${path.relative("", other)}: for both to stay, choose another --name`
      ])
    }))

  it.live("keeps what an earlier build has made when it fails", () =>
    Effect.gen(function*() {
      const output = path.join(folder, "kept")
      const { zip } = yield* build({ entry: hello, output, codeCache: false, trial: false })
      const before = fs.readFileSync(zip)
      yield* Effect.flip(build({ entry: hello, output, maxSize: 1000 }))
      assert.isTrue(fs.readFileSync(zip).equals(before))
      assert.deepStrictEqual(fs.readdirSync(output), ["hello-json", "hello-json.manifest.json", "hello-json.zip"])
    }))

  const failures: ReadonlyArray<readonly [string, () => BuildOptions, RegExp]> = [
    ["an entry that is not there", () => ({ entry: "src/gone.ts" }), /^there is no file .*src\/gone\.ts$/],
    ["an entry that is a folder", () => ({ entry: "src" }), /^there is no file .*src$/],
    [
      "a syntax error",
      () => ({ entry: write("syntax.ts", "const a = 1\nconst const\n") }),
      /^\/\S+\/syntax\.ts:2:7: Identifier expected\..*$/
    ],
    [
      "an import that leads nowhere",
      () => ({ entry: write("import.ts", "import \"./gone.ts\"\n") }),
      /^\/\S+\/import\.ts:1:8: Could not resolve '\.\/gone\.ts' in .*$/
    ],
    [
      "a program that never asks for an event",
      () => ({ entry: `${fixtures}/neverPolls.ts` }),
      /^\S+neverPolls\.ts ended without asking for an event: pass its layer to NodeLambda\.runMain$/
    ],
    [
      "a module that never asks for an event",
      () => ({ entry: `${fixtures}/neverPolls.ts`, codeCache: false }),
      /^\S+neverPolls\.ts ended without asking for an event/
    ],
    [
      "a resource that is not there",
      () => ({ entry: hello, resources: ["gone"] }),
      /^the resource gone does not exist$/
    ],
    [
      "a resource from outside",
      () => ({ entry: hello, resources: ["texts/../../main.ts"] }),
      /^the resource texts\/\.\.\/\.\.\/main\.ts is not below the folder of the entry$/
    ],
    [
      "a resource that would replace a file of the package",
      () => {
        write("bootstrap", "")
        return { entry: write("main.ts", "console.log(1)\n"), name: "main", resources: ["bootstrap"] }
      },
      /^the resource bootstrap has the name of a file that the build writes$/
    ],
    [
      "a resource without an end",
      () => {
        fs.mkdirSync(path.join(folder, "endless"))
        fs.symlinkSync("../endless", path.join(folder, "endless/again"))
        return { entry: write("main.ts", "console.log(1)\n"), resources: ["endless"] }
      },
      /^the resource endless\/again is a link to a folder that it is in itself$/
    ],
    [
      "a package that nobody has installed",
      () => ({ entry: write("uninstalled.ts", "import '@no/package/module'\nimport 'no-other'\n"), trial: false }),
      /^\/\S+\/uninstalled\.ts:1:8: there is no package @no\/package: install it, or leave it out with --external @no\/package\n\S+:2:8: there is no package no-other: .*$/
    ],
    [
      "a native addon",
      () => {
        const addon = path.join(folder, "node_modules/@native/addon")
        fs.mkdirSync(addon, { recursive: true })
        fs.writeFileSync(path.join(addon, "index.js"), "module.exports = require('./addon.node')\n")
        fs.writeFileSync(path.join(addon, "addon.node"), "\x7fELF")
        return { entry: write("native.ts", "import '@native/addon'\n") }
      },
      /^\/\S+\/addon\.node: a native addon cannot be bundled: copy its package, as with --external @native\/addon --resource node_modules\/@native\/addon$/
    ],
    // The recursive mkdir of Node.js never ends there.
    ["an output where no folder can be", () => ({
      entry: write("main.ts", "console.log(1)\n"),
      output: "/proc/nowhere/dist",
      codeCache: false,
      trial: false
    }), /^\/proc(?:\/nowhere)?: [a-z -]+$/],
    ["a name that Lambda does not take", () => ({ entry: hello, name: "a b" }), /^name is "a b": it must be 1 to 64 /],
    [
      "a package that is too large",
      () => ({ entry: `${fixtures}/report.ts`, resources: ["texts"], maxSize: 1000, trial: false }),
      /^the zip file has \d+ bytes, and may have 1000\. The largest of what .* small:(\n {2}[\w./@-]+\.\w+ +[\d.]+ KB){10}$/
    ],
    [
      "two versions of Node.js",
      () => ({ entry: hello, target: "node24", nodeMajor: "22" }),
      /^node is "22": it must be 24, or left out, with the target node24$/
    ],
    [
      "a Node.js where there is one",
      () => ({ entry: hello, target: "image", withNode: true }),
      /^with-node is "true": it must be left out with the target image, which brings a Node\.js$/
    ],
    [
      "a resource that would replace a file of the image",
      () => {
        write("Dockerfile", "")
        return { entry: write("main.ts", "console.log(1)\n"), name: "main", target: "image", resources: ["Dockerfile"] }
      },
      /^the resource Dockerfile has the name of a file that the build writes$/
    ]
  ]
  it.live.each(failures)("refuses %s in one line", ([_, options, expected]) =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(build(options()))
      assert.strictEqual(error._tag, "BuildError")
      assert.match(error.message, expected)
    }))
})

const sha256 = (data: Uint8Array | string) => crypto.createHash("sha256").update(data).digest("hex")

/** All files below a folder, in order. */
const describeFiles = (folder: string) =>
  fs.readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => fs.statSync(path.join(folder, name)).isFile())
    .toSorted()
    .map((name) => ({
      name,
      bytes: fs.readFileSync(path.join(folder, name)),
      mode: (fs.statSync(path.join(folder, name)).mode & 0o777).toString(8)
    }))

/** What is made of hello-json, built where all is different that could make a difference. */
const buildElsewhere = async (place: string, modifiedAt: Date, zone: string, umask: string) => {
  const sources = path.join(folder, place, "hello-json")
  fs.cpSync(path.join(projectFolder, "examples/hello-json"), sources, { recursive: true })
  for (const file of fs.readdirSync(sources)) fs.utimesSync(path.join(sources, file), modifiedAt, modifiedAt)
  const script = path.join(projectFolder, "test/fixtures/packaging/buildHere.ts")
  const child = spawn("/bin/sh", ["-c", `umask ${umask}; exec "$0" "$1"`, process.execPath, script], {
    cwd: sources,
    env: { PATH: path.dirname(process.execPath), TZ: zone, HOME: sources, SECRET: "not for the function" },
    stdio: ["ignore", "ignore", "inherit"]
  })
  const [code] = await once(child, "exit")
  assert.strictEqual(code, 0)
  const output = path.join(sources, "dist/hello-json")
  const manifest: unknown = JSON.parse(fs.readFileSync(`${output}.manifest.json`, "utf8"))
  const folderMode = (fs.statSync(output).mode & 0o777).toString(8)
  return { manifest, zip: fs.readFileSync(`${output}.zip`), folderMode }
}
