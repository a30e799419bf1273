import { type Engine, RegoEngine, TemplateFile } from "@aws/cloudformation-validate"
import { spawnSync } from "node:child_process"
import * as fs from "node:fs"
import { stripTypeScriptTypes } from "node:module"
import * as os from "node:os"
import * as path from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import * as infrastructure from "../src/cli/deploy/infrastructure.ts"
import { Manifest } from "../src/cli/packaging/manifest.ts"
import * as samTemplate from "./support/samTemplate.ts"

const manifest = (name: string, target: Manifest["target"], architecture: Manifest["architecture"]) =>
  new Manifest({
    name,
    target,
    node: target === "node22" ? "22" : "24",
    architecture,
    bootstrap: "bootstrap",
    zip: { size: 1, sha256: "0" },
    contentSha256: "0",
    codeCache: null,
    files: []
  })

const targets = ["node22", "node24", "provided.al2023", "image"] as const

const all = targets.flatMap((target) => (["x64", "arm64"] as const).map((architecture) => ({ target, architecture })))

/** Names that YAML, HCL or TypeScript could take for something else. */
const names = ["orders", "1st-orders", "1e5", "null", "on", "a_b-c"]

const runtimes = { node22: "nodejs22.x", node24: "nodejs24.x", "provided.al2023": "provided.al2023", image: undefined }

const lambdaArchitecture = (architecture: Manifest["architecture"]) => architecture === "x64" ? "x86_64" : "arm64"

const variables = (target: Manifest["target"]) =>
  target === "node22" || target === "node24" ? { AWS_LAMBDA_EXEC_WRAPPER: "/var/task/bootstrap" } : undefined

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "iac-"))
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }))

describe("iac sam", () => {
  let engine: Engine
  beforeAll(() => {
    engine = new RegoEngine()
  }, 60_000)
  afterAll(() => engine.free())

  it.each(all)("for $target on $architecture is right to AWS and SAM", ({ architecture, target }) => {
    const file = path.join(folder, `${target}-${architecture}.yaml`)
    fs.writeFileSync(
      file,
      infrastructure.describe("sam", { manifest: manifest("orders", target, architecture), output: "my: dist #1" })
    )
    const { diagnostics } = engine.validateStandard(new TemplateFile(file), {
      severityLevel: "WARN",
      // It does not know what SAM makes by itself.
      exclude: { ids: ["F6101"] }
    })
    assert.deepStrictEqual(diagnostics.map(({ message, ruleId }) => `${ruleId}: ${message}`), [])
    assert.deepStrictEqual(samTemplate.problemsOf(samTemplate.read(file)), [])
    const properties = "Resources.OrdersFunction.Properties"
    assert.nestedPropertyVal(samTemplate.read(file), `${properties}.Architectures[0]`, lambdaArchitecture(architecture))
    if (target === "image") {
      assert.nestedPropertyVal(
        samTemplate.read(file),
        "Resources.OrdersFunction.Metadata.DockerContext",
        "my: dist #1/orders"
      )
      return
    }
    assert.nestedPropertyVal(samTemplate.read(file), `${properties}.CodeUri`, "my: dist #1/orders.zip")
    assert.nestedPropertyVal(samTemplate.read(file), `${properties}.Runtime`, runtimes[target])
  })

  it.each(names)("has %s as a string", (name) => {
    const file = path.join(folder, "name.yaml")
    fs.writeFileSync(
      file,
      infrastructure.describe("sam", { manifest: manifest(name, "node24", "x64"), output: "dist" })
    )
    const [resource] = Object.values(samTemplate.read(file)["Resources"] as Record<string, object>)
    assert.nestedPropertyVal(resource, "Properties.FunctionName", name)
    assert.nestedPropertyVal(resource, "Properties.CodeUri", `dist/${name}.zip`)
  })
})

/** What the CDK would be told. */
const cdkStub = `data:text/javascript,${
  encodeURIComponent(`
    class Resource {
      constructor(scope, id, props) { scope[id] = props }
    }
    export const Duration = { seconds: (seconds) => ({ seconds }) }
    export const aws_ecr_assets = { Platform: { LINUX_ARM64: "linux/arm64", LINUX_AMD64: "linux/amd64" } }
    export const aws_lambda = {
      Function: Resource,
      DockerImageFunction: Resource,
      Code: { fromAsset: (zip) => ({ zip }) },
      DockerImageCode: { fromImageAsset: (folder, { platform }) => ({ folder, platform }) },
      Architecture: { ARM_64: "arm64", X86_64: "x86_64" },
      Runtime: { NODEJS_22_X: "nodejs22.x", NODEJS_24_X: "nodejs24.x", PROVIDED_AL2023: "provided.al2023" }
    }`)
}`

const resourcesOf = async (source: string, exported: string): Promise<Record<string, object>> => {
  const program = stripTypeScriptTypes(source).replace(`"aws-cdk-lib"`, JSON.stringify(cdkStub))
  const module = await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(program)}`)
  const scope: Record<string, object> = {}
  module[exported](scope)
  return scope
}

describe("iac cdk", () => {
  it.each(all)(
    "for $target on $architecture is a function that adds it to a stack",
    async ({ architecture, target }) => {
      const source = infrastructure.describe("cdk", {
        manifest: manifest("orders", target, architecture),
        output: `my "dist"`
      })
      const isArm = architecture === "arm64"
      const { Orders } = await resourcesOf(source, "ordersFunction")
      assert.deepStrictEqual({ environment: undefined, runtime: undefined, handler: undefined, ...Orders }, {
        functionName: "orders",
        code: target === "image"
          ? { folder: `my "dist"/orders`, platform: isArm ? "linux/arm64" : "linux/amd64" }
          : { zip: `my "dist"/orders.zip` },
        runtime: runtimes[target],
        handler: target === "image" ? undefined : target === "provided.al2023" ? "bootstrap" : "index.handler",
        architecture: lambdaArchitecture(architecture),
        memorySize: 512,
        timeout: { seconds: 10 },
        environment: variables(target)
      })
    }
  )

  it.each(names)("exports %s by a name that TypeScript takes", async (name) => {
    const source = infrastructure.describe("cdk", { manifest: manifest(name, "node24", "x64"), output: "dist" })
    assert.lengthOf(Object.keys(await resourcesOf(source, infrastructure.cdkName(name))), 1)
  })
})

const terraform = (...args: ReadonlyArray<string>) => spawnSync("terraform", args, { cwd: folder, encoding: "utf8" })

describe("iac terraform", () => {
  it.each(names)("names %s as HCL does", (name) => {
    const source = infrastructure.describe("terraform", { manifest: manifest(name, "image", "x64"), output: "dist" })
    const identifiers = Array.from(source.matchAll(/^(?:resource "\w+"|variable) "(.*)" \{$/gm), ([_, id = ""]) => id)
    assert.lengthOf(identifiers, 4)
    for (const identifier of identifiers) assert.match(identifier, /^[a-z_][\w-]*$/i)
  })

  it("does not take a folder for a template of its own", () => {
    const source = infrastructure.describe("terraform", {
      manifest: manifest("orders", "node24", "x64"),
      output: "${a}"
    })
    assert.include(source, `filename         = "$\${a}/orders.zip"`)
  })

  describe.runIf(terraform("version").status === 0)("where Terraform is installed", () => {
    it.each(all)("for $target on $architecture is as terraform fmt has it", ({ architecture, target }) => {
      const source = infrastructure.describe("terraform", {
        manifest: manifest("1st-orders", target, architecture),
        output: "dist"
      })
      const file = path.join(folder, `${target}-${architecture}.tf`)
      fs.writeFileSync(file, source)
      const { status, stdout } = terraform("fmt", "-check", "-diff", file)
      assert.deepStrictEqual({ status, stdout }, { status: 0, stdout: "" })
    })
  })
})
