import { type Engine, RegoEngine, TemplateFile } from "@aws/cloudformation-validate"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Path from "effect/Path"
import * as Schema from "effect/Schema"
import * as fs from "node:fs"
import * as os from "node:os"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import * as infrastructure from "../src/cli/deploy/infrastructure.ts"
import * as functionName from "../src/cli/functionName.ts"
import * as NewProject from "../src/cli/init/template.ts"
import { Manifest } from "../src/cli/packaging/manifest.ts"
import * as exampleReadme from "./support/exampleReadme.ts"
import * as samTemplate from "./support/samTemplate.ts"

const path = Effect.runSync(Effect.provide(Path.Path, Path.layer))

const templateOf = (name: string) => samTemplate.read(path.join(exampleReadme.folder, name, "template.yaml"))

/** Those that another tool deploys. */
const withoutTemplate: ReadonlySet<string> = new Set(["cdk"])

const examples = exampleReadme.names.filter((name) => !withoutTemplate.has(name))

const Value = Schema.Record(Schema.String, Schema.Unknown)

const decodeResources = Schema.decodeUnknownSync(
  Schema.Record(
    Schema.String,
    Schema.Struct({ Type: Schema.String, Properties: Schema.optional(Value), Metadata: Schema.optional(Value) })
  )
)

/** The functions that are built, and not written into the template itself. */
const functionsOf = (name: string) =>
  Object.values(decodeResources(templateOf(name)["Resources"])).flatMap(({ Metadata = {}, Properties = {}, Type }) =>
    Type === "AWS::Serverless::Function" && !("InlineCode" in Properties) ? [{ ...Metadata, ...Properties }] : []
  )

let engine: Engine
beforeAll(() => {
  engine = new RegoEngine()
}, 60_000)
afterAll(() => engine.free())

/** What is wrong with a template, to AWS and to us. */
const problemsOf = (file: string): ReadonlyArray<string> => {
  const { diagnostics } = engine.validateStandard(new TemplateFile(file), {
    severityLevel: "WARN",
    // It does not know what SAM makes by itself; references are checked by ourselves.
    exclude: { ids: ["F6101"] }
  })
  return [
    ...diagnostics.map(({ message, ruleId }) => `${ruleId}: ${message}`),
    ...samTemplate.problemsOf(samTemplate.read(file))
  ]
}

describe("the template of an example", () => {
  it.each(examples)("of %s is right to AWS and SAM", (name) => {
    assert.deepStrictEqual(problemsOf(path.join(exampleReadme.folder, name, "template.yaml")), [])
  })

  it.each(examples)("of %s deploys each function as it is built", (name) => {
    const functions = functionsOf(name)
    assert.sameMembers(
      functions.map(({ CodeUri, DockerContext }) => CodeUri ?? `${DockerContext}.zip`),
      exampleReadme.entriesOf(name).map((entry) => `dist/${functionName.ofEntry(path, path.resolve(entry))}.zip`)
    )
    for (const { Architectures, Environment, PackageType, Runtime } of functions) {
      assert.deepStrictEqual(Architectures, ["arm64"])
      if (PackageType === "Image") continue
      assert.strictEqual(Runtime, "nodejs24.x")
      assert.nestedPropertyVal({ Environment }, "Environment.Variables.AWS_LAMBDA_EXEC_WRAPPER", "/var/task/bootstrap")
    }
  })

  it.each(examples)("of %s has what the README's commands name", (name) => {
    const folder = path.join(exampleReadme.folder, name)
    const readme = fs.readFileSync(path.join(folder, "README.md"), "utf8")
    const named = (pattern: RegExp) => Array.from(readme.matchAll(pattern), ([_, word = ""]) => word)
    const resources = Object.keys(decodeResources(templateOf(name)["Resources"]))
    assert.includeMembers(resources, named(/^sam remote invoke (\w+) /gm))
    for (const file of named(/^(?:sam remote|npx effect-lambda) invoke .*--event(?:-file)? ([\w./-]+)/gm)) {
      assert.isTrue(fs.existsSync(path.join(folder, file)), file)
    }
    const entries = exampleReadme.entriesOf(name).map((entry) => path.relative(`examples/${name}`, entry))
    assert.sameMembers(
      named(/^npx effect-lambda build ([\w/]+\.ts|(?=-))/gm).map((entry) => entry || "main.ts"),
      entries
    )
    assert.deepStrictEqual(named(/^sam (?:deploy|delete) .*--stack-name (\S+)$/gm), [name, name])
  })
})

describe("a template that the command line makes", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "templates-"))
  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }))

  it.each(NewProject.names)("for a new project of %s is right to AWS and SAM", async (name) => {
    const files = await Effect.runPromise(Effect.provide(NewProject.files(name, "orders"), NodeServices.layer))
    const file = path.join(folder, `${name}.yaml`)
    fs.writeFileSync(file, files.find(({ path }) => path === "template.yaml")?.content ?? "")
    assert.deepStrictEqual(problemsOf(file), [])
  })

  it.each(["node24", "provided.al2023", "image"] as const)(
    "for a function built for %s is right to AWS and SAM",
    (target) => {
      const manifest = new Manifest({
        name: "orders",
        target,
        node: "24",
        architecture: "arm64",
        bootstrap: "bootstrap",
        zip: { size: 1, sha256: "0" },
        contentSha256: "0",
        codeCache: null,
        files: []
      })
      const file = path.join(folder, `${target}.yaml`)
      fs.writeFileSync(file, infrastructure.describe("sam", { manifest, output: "dist" }))
      assert.deepStrictEqual(problemsOf(file), [])
    }
  )
})
