import { type Engine, RegoEngine, TemplateFile } from "@aws/cloudformation-validate"
import * as Effect from "effect/Effect"
import * as Path from "effect/Path"
import * as Schema from "effect/Schema"
import * as fs from "node:fs"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import * as functionName from "../src/cli/functionName.ts"
import * as exampleReadme from "./support/exampleReadme.ts"
import * as samTemplate from "./support/samTemplate.ts"

const path = Effect.runSync(Effect.provide(Path.Path, Path.layer))

const templateOf = (name: string) => samTemplate.read(path.join(exampleReadme.folder, name, "template.yaml"))

/** Those that another tool deploys. */
const withoutTemplate: ReadonlySet<string> = new Set(["cdk"])

const examples = exampleReadme.names.filter((name) => !withoutTemplate.has(name))

const decodeResources = Schema.decodeUnknownSync(
  Schema.Record(
    Schema.String,
    Schema.Struct({ Type: Schema.String, Properties: Schema.optional(Schema.Record(Schema.String, Schema.Unknown)) })
  )
)

const functionsOf = (name: string) =>
  Object.values(decodeResources(templateOf(name)["Resources"]))
    .flatMap(({ Properties = {}, Type }) =>
      Type === "AWS::Serverless::Function" && "CodeUri" in Properties ? [Properties] : []
    )

describe("the template of an example", () => {
  let engine: Engine
  beforeAll(() => {
    engine = new RegoEngine()
  }, 60_000)
  afterAll(() => engine.free())

  it.each(examples)("of %s is valid to AWS", (name) => {
    const file = path.join(exampleReadme.folder, name, "template.yaml")
    const { diagnostics } = engine.validateStandard(new TemplateFile(file), {
      severityLevel: "WARN",
      // It does not know what SAM makes by itself; references are checked below.
      exclude: { ids: ["F6101"] }
    })
    assert.deepStrictEqual(diagnostics.map(({ message, ruleId }) => `${ruleId}: ${message}`), [])
  })

  it.each(examples)("of %s has only what SAM knows, and refers to what there is", (name) => {
    assert.deepStrictEqual(samTemplate.problemsOf(templateOf(name)), [])
  })

  it.each(examples)("of %s deploys each function as it is built", (name) => {
    const functions = functionsOf(name)
    if (functions.length === 0) return assert.isTrue(fs.existsSync(path.join(exampleReadme.folder, name, "Dockerfile")))
    assert.sameMembers(
      functions.map(({ CodeUri }) => CodeUri),
      exampleReadme.entriesOf(name).map((entry) => `dist/${functionName.ofEntry(path, path.resolve(entry))}.zip`)
    )
    for (const { Architectures, Environment, Runtime } of functions) {
      assert.deepStrictEqual([Runtime, Architectures], ["nodejs24.x", ["arm64"]])
      assert.nestedPropertyVal({ Environment }, "Environment.Variables.AWS_LAMBDA_EXEC_WRAPPER", "/var/task/bootstrap")
    }
  })
})
