import { assert, describe, it } from "@effect/vitest"
import * as fs from "node:fs"
import * as path from "node:path"
import { afterAll } from "vitest"
import manifest from "../package.json" with { type: "json" }
import { projectFolder } from "./doctest/docstrings.ts"
import * as builtFunction from "./support/builtFunction.ts"
import { effectLambda, runIn, withoutRolldown } from "./support/effectLambda.ts"
import { interruptFunction } from "./support/interrupted.ts"

const folder = builtFunction.temporaryFolder("cli-build")
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }))

const hello = "examples/hello-json/main.ts"

describe("effect-lambda", () => {
  it("tells its version, and its commands", async () => {
    const version = await effectLambda("--version")
    assert.include(version.stdout, manifest.version)
    const help = await effectLambda("--help")
    assert.strictEqual(help.exitCode, 0)
    assert.match(help.stdout, /SUBCOMMANDS\n(?:.*\n)* +build /)
  })

  it("says what it might have been, and fails, when there is no such command", async () => {
    const { exitCode, stderr } = await effectLambda("bild")
    assert.strictEqual(exitCode, 1)
    assert.match(stderr, /Did you mean this\?\s+build/)
  })
})

describe("flags and arguments that make no sense", () => {
  it("are told in one line each, and leave standard output to the result", async () => {
    assert.deepStrictEqual(await effectLambda("build", "--tarrget", "image"), {
      exitCode: 1,
      stdout: "",
      stderr: "✘ Unrecognized flag: --tarrget in command effect-lambda build. Did you mean this? --target\n\n" +
        "Next: effect-lambda build --help\n"
    })
  })

  it("are one document for programs", async () => {
    const { exitCode, stderr, stdout } = await effectLambda("build", "--target", "image2", "--json")
    assert.strictEqual(exitCode, 1)
    assert.strictEqual(stderr, "")
    const { error } = JSON.parse(stdout)
    assert.strictEqual(error.type, "InvalidValue")
    assert.match(error.message, /^Invalid value for flag --target: "image2"\. Expected: "node22" \|/)
  })
})

describe("effect-lambda build", () => {
  it("never replaces a folder that no build has made, such as that of the sources", async () => {
    const sources = path.join(folder, "precious")
    fs.cpSync(path.join(projectFolder, "examples/hello-json"), sources, { recursive: true })
    const before = fs.readdirSync(sources)
    const quick = ["--output", folder, "--no-trial", "--no-code-cache"]
    const taken = await effectLambda("build", path.join(sources, "main.ts"), ...quick)
    assert.strictEqual(taken.exitCode, 1)
    assert.match(
      taken.stderr,
      /✘ the build would replace \S+precious, which is none of its own: choose another --output/
    )
    const other = await effectLambda("build", hello, "--name", "precious", ...quick)
    assert.strictEqual(other.exitCode, 1)
    assert.deepStrictEqual(fs.readdirSync(sources), before)
    const again = ["build", hello, "--name", "mine", ...quick]
    assert.strictEqual((await effectLambda(...again)).exitCode, 0)
    assert.strictEqual((await effectLambda(...again)).exitCode, 0)
  })

  it("leaves out all of an external package", async () => {
    const quick = ["--output", folder, "--name", "outside", "--no-trial", "--no-code-cache", "--no-minify"]
    const { stdout } = await effectLambda("build", hello, "--external", "effect", "--analyze", "--json", ...quick)
    const { result } = JSON.parse(stdout)
    const bundled: ReadonlyArray<string> = result.modules.map(({ file }: { readonly file: string }) => file)
    assert.isTrue(bundled.some((file) => file.endsWith("hello-json/main.ts")))
    assert.deepStrictEqual(bundled.filter((file) => file.includes("node_modules/effect/")), [])
    const code = fs.readFileSync(path.join(projectFolder, result.folder, "index.mjs"), "utf8")
    assert.match(code, /from "effect\/Effect"/)
  })

  it("says in words what the operating system refuses", async () => {
    const { exitCode, stderr } = await effectLambda("build", hello, "--output", "package.json")
    assert.strictEqual(exitCode, 1)
    assert.match(stderr, /\n✘ package\.json\/\S+: not a directory\n$/)
    const missing = await effectLambda("build", hello, "--event", "no/such.json")
    assert.strictEqual(missing.stderr, "✘ no/such.json: no such file or directory\n")
  })

  it("says what to install, and how to name the entry", async () => {
    const unbundled = await runIn({ environment: withoutRolldown }, ["build", hello, "--output", folder])
    assert.strictEqual(unbundled.exitCode, 1)
    assert.match(unbundled.stderr, /✘ .* rolldown, which is not installed: npm install --save-dev rolldown\n$/)
    const unnamed = await runIn({ folder }, ["build"])
    assert.match(unnamed.stderr, /✘ there is no file main\.ts: name the one .*, as in src\/main\.ts\n$/)
  })

  it("says what it has made, and what comes next", async () => {
    const { exitCode, stderr, stdout } = await effectLambda("build", hello, "--output", folder, "--name", "told")
    assert.strictEqual(exitCode, 0, stderr)
    const zip = path.relative(projectFolder, path.join(folder, "told.zip"))
    assert.match(stdout, /^ {2}bootstrap +[\d.]+ KB$/m)
    assert.include(stdout, zip)
    assert.match(stderr, /^✔ Build examples\/hello-json\/main\.ts [\d.]+ s$/m)
    assert.include(stderr, `Next: effect-lambda deploy told --output ${folder}\n`)
  })

  it("tells the next step so that a shell understands it", async () => {
    const output = path.join(folder, "it's here")
    const quick = ["--output", output, "--name", "quoted", "--no-trial", "--no-code-cache"]
    const quoted = `'${folder}/it'\\''s here'`
    const zipped = await effectLambda("build", hello, ...quick)
    assert.include(zipped.stderr, `Next: effect-lambda deploy quoted --output ${quoted}\n`)
    const image = await effectLambda("build", hello, "--target", "image", ...quick)
    const context = path.relative(projectFolder, path.join(output, "quoted")).replace("'", "'\\''")
    assert.include(image.stderr, ` --provenance=false --tag quoted '${context}'\n`)
  })

  it("leaves no process and no file when it is interrupted", async () => {
    const output = path.join(folder, "interrupted")
    const args = ["build", "test/fixtures/packaging/calls.ts", "--output", output]
    const { exitCode, stdout } = await interruptFunction(args)
    assert.deepStrictEqual([exitCode, stdout], [130, ""])
    assert.deepStrictEqual(fs.readdirSync(output), [])
  })

  it("prints one document for programs, with what is in the bundle", async () => {
    const quick = ["--output", folder, "--name", "document", "--no-trial", "--no-code-cache"]
    const { stderr, stdout } = await effectLambda("build", hello, "--analyze", "--json", ...quick)
    const { result } = JSON.parse(stdout)
    assert.strictEqual(stderr, "")
    const written = JSON.parse(fs.readFileSync(path.join(projectFolder, result.manifestFile), "utf8"))
    assert.strictEqual(result.sha256, written.zip.sha256)
    assert.strictEqual(result.size, fs.statSync(path.join(projectFolder, result.zip)).size)
    assert.include(result.modules.map(({ file }: { readonly file: string }) => file), "src/Handler.ts")
  })

  it("ends with the command that makes an image", async () => {
    const quick = ["--output", folder, "--name", "Pictured", "--no-trial", "--no-code-cache"]
    const told = await effectLambda("build", hello, "--target", "image", "--arch", "arm64", "--node", "22", ...quick)
    assert.strictEqual(told.exitCode, 0, told.stderr)
    const context = path.relative(projectFolder, path.join(folder, "Pictured"))
    assert.include(told.stdout, `${context}/Dockerfile`)
    assert.include(
      told.stderr,
      `Next: docker buildx build --platform linux/arm64 --provenance=false --tag pictured ${context}\n`
    )
  })

  it("fails with one line, and with one document for programs", async () => {
    const told = await effectLambda("build", "no/such.ts")
    assert.strictEqual(told.exitCode, 1)
    assert.match(told.stderr, /^✘ Build no\/such\.ts [\d.]+ s\n✘ there is no file no\/such\.ts\n$/)
    assert.strictEqual(told.stdout, "")
    const document = await effectLambda("build", "no/such.ts", "--json")
    assert.strictEqual(document.exitCode, 1)
    assert.strictEqual(document.stderr, "")
    assert.deepStrictEqual(JSON.parse(document.stdout), {
      error: { type: "BuildError", message: "there is no file no/such.ts" }
    })
  })

  it("refuses a size that no package can have", async () => {
    const { exitCode, stderr } = await effectLambda("build", hello, "--max-size", "0")
    assert.strictEqual(exitCode, 1)
    assert.match(stderr, /^✘ --max-size is 0: it must be above 0\n/)
  })

  it("fails when the package is larger than it may be", async () => {
    const quick = ["--output", folder, "--name", "large", "--no-trial", "--no-code-cache"]
    const { exitCode, stderr } = await effectLambda("build", hello, "--max-size", "1000", ...quick)
    assert.strictEqual(exitCode, 1)
    assert.match(stderr, /✘ the zip file has \d+ bytes, and may have 1000\. .*:\n {2}\S+effect\S+ +[\d.]+ KB\n/)
  })
})
