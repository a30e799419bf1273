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
import * as apiIntegration from "./support/apiIntegration.ts"
import * as exampleReadme from "./support/exampleReadme.ts"
import * as samTemplate from "./support/samTemplate.ts"

const path = Effect.runSync(Effect.provide(Path.Path, Path.layer))

const templateOf = (name: string) => samTemplate.read(path.join(exampleReadme.folder, name, "template.yaml"))

const examples = exampleReadme.names

const Value = Schema.Record(Schema.String, Schema.Unknown)

const decodeResources = Schema.decodeUnknownSync(
  Schema.Record(
    Schema.String,
    Schema.Struct({ Type: Schema.String, Properties: Schema.optional(Value), Metadata: Schema.optional(Value) })
  )
)

const resourcesOf = (name: string) => decodeResources(templateOf(name)["Resources"])

/** The functions that are built, and not written into the template itself. */
const functionsOf = (name: string) =>
  Object.values(resourcesOf(name)).flatMap(({ Metadata = {}, Properties = {}, Type }) =>
    Type === "AWS::Serverless::Function" && !("InlineCode" in Properties) ? [{ ...Metadata, ...Properties }] : []
  )

/** The statements of all policies. */
const statementsOf = (value: unknown): ReadonlyArray<Record<string, unknown>> =>
  Array.isArray(value)
    ? value.flatMap(statementsOf)
    : typeof value !== "object" || value === null
    ? []
    : "Effect" in value && "Action" in value
    ? [{ ...value }]
    : Object.values(value).flatMap(statementsOf)

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
    ...samTemplate.problemsOf(samTemplate.read(file)),
    ...apiIntegration.problemsOf(samTemplate.read(file))
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
    for (const { Architectures, Environment, Handler, MemorySize, PackageType, Runtime, Timeout } of functions) {
      assert.deepStrictEqual(Architectures, ["arm64"])
      assert.isAtLeast(Number(MemorySize), 512)
      assert.isAtMost(Number(Timeout), 60)
      if (PackageType === "Image") continue
      assert.strictEqual(Runtime, "nodejs24.x")
      assert.strictEqual(Handler, "index.handler")
      assert.nestedPropertyVal({ Environment }, "Environment.Variables.AWS_LAMBDA_EXEC_WRAPPER", "/var/task/bootstrap")
    }
  })

  it.each(examples)("of %s keeps the log of each function for a time", (name) => {
    const resources = Object.values(resourcesOf(name))
    for (const { Properties = {}, Type } of resources) {
      if (Type !== "AWS::Serverless::Function") continue
      assert.nestedPropertyVal(Properties, "LoggingConfig.LogGroup.Ref", "Logs")
    }
    const logs = resources.filter(({ Type }) => Type === "AWS::Logs::LogGroup").map(({ Properties }) => Properties)
    assert.deepStrictEqual(logs, [{ RetentionInDays: 30 }])
  })

  it.each(examples)("of %s permits nothing that it need not", (name) => {
    const allowed = statementsOf(templateOf(name)).filter(({ Effect }) => Effect === "Allow")
    const wide = allowed.flatMap(({ Action, Resource }) =>
      [Action].flat().filter((action) => Resource === "*" || String(action).includes("*"))
    )
    assert.deepStrictEqual(wide, name === "s3-aws-sdk" ? ["s3:ListAllMyBuckets"] : [])
    for (const { Properties = {}, Type } of Object.values(resourcesOf(name))) {
      if (Type === "AWS::Lambda::Permission") assert.isTrue("SourceArn" in Properties || "SourceAccount" in Properties)
      // Whose URL is open says so.
      if (samTemplate.record(Properties["FunctionUrlConfig"])["AuthType"] === "NONE") {
        assert.match(exampleReadme.read(name), /^The function URL is open to everybody/m)
      }
    }
  })

  it.each(examples)("of %s has what the README's commands name", (name) => {
    const folder = path.join(exampleReadme.folder, name)
    const readme = exampleReadme.read(name)
    const named = (pattern: RegExp) => Array.from(readme.matchAll(pattern), ([_, word = ""]) => word)
    assert.includeMembers(Object.keys(resourcesOf(name)), named(/^sam remote invoke (\w+) /gm))
    for (const file of named(/^(?:sam remote|npx effect-lambda) invoke .*--event(?:-file)? ([\w./-]+)/gm)) {
      assert.isTrue(fs.existsSync(path.join(folder, file)), file)
    }
    const entries = exampleReadme.entriesOf(name).map((entry) => path.relative(`examples/${name}`, entry))
    assert.sameMembers(
      named(/^npx effect-lambda build ([\w/]+\.ts|(?=-))/gm).map((entry) => entry || "main.ts"),
      entries
    )
    assert.deepStrictEqual(named(/^sam (?:deploy|delete) .*--stack-name (\S+)$/gm), [name, name])
    const built = exampleReadme.entriesOf(name).map((entry) => functionName.ofEntry(path, path.resolve(entry)))
    assert.includeMembers(built, named(/^npx effect-lambda (?:deploy|invoke) ([\w-]+) /gm))
    assert.sameMembers(named(/^npx effect-lambda deploy (\S+) --delete$/gm), built)
  })

  it.each(examples)("of %s has a README whose commands have no flags that there are not", (name) => {
    for (const command of exampleReadme.commandsOf(name, "npx effect-lambda")) {
      const [, verb = ""] = /^npx effect-lambda (\w+)/.exec(command) ?? []
      const page = fs.readFileSync(`docs/cli/${verb}.md`, "utf8")
      for (const [_, flag = ""] of command.matchAll(/ --(?:no-)?([\w-]+)/g)) {
        assert.include(page, `| \`--${flag}\``, command)
      }
    }
  })
})

describe("the stack of examples/cdk", () => {
  it("deploys what is built, with the settings that it needs", () => {
    const stack = fs.readFileSync(path.join(exampleReadme.folder, "cdk/infra/app.ts"), "utf8")
    for (
      const part of [
        `new URL("../dist/cdk.zip", import.meta.url)`,
        "Runtime.NODEJS_24_X",
        "Architecture.ARM_64",
        `AWS_LAMBDA_EXEC_WRAPPER: "/var/task/bootstrap"`,
        "RetentionDays.ONE_MONTH"
      ]
    ) assert.include(stack, part)
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
