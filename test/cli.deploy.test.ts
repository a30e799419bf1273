import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { createHash } from "node:crypto"
import * as fs from "node:fs"
import * as path from "node:path"
import { afterAll, beforeAll } from "vitest"
import { projectFolder } from "./doctest/docstrings.ts"
import * as awsStub from "./support/awsStub.ts"
import * as builtFunction from "./support/builtFunction.ts"
import { run } from "./support/effectLambda.ts"

const folder = builtFunction.temporaryFolder("cli-deploy")
const output = path.relative(projectFolder, folder)

beforeAll(() =>
  Effect.runPromise(Effect.forEach(
    [
      { name: "orders", target: "node24" },
      { name: "own-node", target: "provided.al2023" },
      { name: "pictured", target: "image" }
    ] as const,
    (options) =>
      builtFunction.build({
        ...options,
        entry: "examples/hello-json/main.ts",
        output: folder,
        architecture: "arm64",
        trial: false,
        codeCache: false
      })
  ))
)
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }))

const deploy = (stub: awsStub.AwsStub, ...args: ReadonlyArray<string>) =>
  run(["deploy", "orders", "--output", output, ...args], { environment: stub.environment })

const reads = /^(GET |IAM Get)/

const writes = ({ requests }: awsStub.AwsStub) => requests.filter(({ operation }) => !reads.test(operation))

const zip = () => fs.readFileSync(path.join(folder, "orders.zip"))

/** As `deploy` would have left it. */
const deployed = () => ({
  FunctionName: "orders",
  Runtime: "nodejs24.x",
  Handler: "index.handler",
  Architectures: ["arm64"],
  MemorySize: 128,
  Timeout: 3,
  Role: "arn:aws:iam::123456789012:role/orders-role",
  Environment: { Variables: { AWS_LAMBDA_EXEC_WRAPPER: "/var/task/bootstrap", TABLE: "orders" } },
  CodeSha256: createHash("sha256").update(zip()).digest("base64")
})

describe("effect-lambda deploy", () => {
  it.live("creates a role, the function and its URL, and says where they are", () =>
    Effect.scoped(Effect.gen(function*() {
      const stub = yield* awsStub.make
      stub.unassumable = 1
      const told = yield* deploy(
        ...[stub, "--memory", "512", "--timeout", "20", "--env", "STAGE=prod", "--url", "none", "--streaming"] as const
      )
      assert.strictEqual(told.exitCode, 0, told.stderr)
      assert.deepStrictEqual(writes(stub).map(({ operation }) => operation), [
        "IAM CreateRole",
        "IAM AttachRolePolicy",
        // A new role cannot be assumed at once.
        "POST /2015-03-31/functions",
        "POST /2015-03-31/functions",
        "POST /2021-10-31/functions/orders/url",
        "POST /2015-03-31/functions/orders/policy",
        "POST /2015-03-31/functions/orders/policy"
      ])
      const [createRole, attach, , create, url, permitUrl, permitInvoke] = writes(stub).map(({ body }) => body)
      assert.deepInclude(createRole, { RoleName: "orders-role" })
      assert.deepStrictEqual(JSON.parse(String(createRole?.["AssumeRolePolicyDocument"])).Statement, [
        { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }
      ])
      assert.deepInclude(attach, {
        RoleName: "orders-role",
        PolicyArn: "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
      })
      assert.deepStrictEqual(create, {
        FunctionName: "orders",
        Runtime: "nodejs24.x",
        Handler: "index.handler",
        Architectures: ["arm64"],
        MemorySize: 512,
        Timeout: 20,
        Role: "arn:aws:iam::123456789012:role/orders-role",
        Environment: { Variables: { AWS_LAMBDA_EXEC_WRAPPER: "/var/task/bootstrap", STAGE: "prod" } },
        Code: { ZipFile: zip().toString("base64") }
      })
      assert.deepStrictEqual(url, { AuthType: "NONE", InvokeMode: "RESPONSE_STREAM" })
      assert.deepInclude(permitUrl, { Action: "lambda:InvokeFunctionUrl", Principal: "*", FunctionUrlAuthType: "NONE" })
      assert.deepInclude(permitInvoke, { Action: "lambda:InvokeFunction", Principal: "*", InvokedViaFunctionUrl: true })
      assert.strictEqual(
        told.stdout,
        "arn:aws:lambda:eu-central-1:123456789012:function:orders\nhttps://abc.lambda-url.eu-central-1.on.aws/\n"
      )
      assert.match(told.stderr, /^✔ create the function orders [\d.]+ s$/m)
      assert.include(told.stderr, "Next: curl https://abc.lambda-url.eu-central-1.on.aws/")
    })))

  it.live("needs no IAM where a role is given", () =>
    Effect.scoped(Effect.gen(function*() {
      const stub = yield* awsStub.make
      const told = yield* deploy(stub, "--role", "arn:aws:iam::123456789012:role/mine", "--json")
      assert.strictEqual(told.exitCode, 0, told.stdout)
      assert.deepStrictEqual(stub.requests.filter(({ operation }) => operation.startsWith("IAM")), [])
      assert.strictEqual(stub.function?.["Role"], "arn:aws:iam::123456789012:role/mine")
      assert.deepStrictEqual(JSON.parse(told.stdout).result, {
        dryRun: false,
        steps: ["create the function orders"],
        functionArn: "arn:aws:lambda:eu-central-1:123456789012:function:orders",
        url: null
      })
    })))

  it.live("changes nothing where all is as it should be", () =>
    Effect.scoped(Effect.gen(function*() {
      const stub = yield* awsStub.make
      stub.function = deployed()
      const told = yield* deploy(stub)
      assert.deepStrictEqual(writes(stub), [])
      assert.match(told.stdout, /^Nothing was to be done\.\narn:/)
    })))

  it.live("updates code, architecture and settings, and keeps the variables that the function has", () =>
    Effect.scoped(Effect.gen(function*() {
      const stub = yield* awsStub.make
      stub.function = { ...deployed(), CodeSha256: "other", Architectures: ["x86_64"], Runtime: "nodejs22.x" }
      const told = yield* deploy(stub, "--timeout", "9", "--env", "STAGE=prod")
      assert.strictEqual(told.exitCode, 0, told.stderr)
      assert.deepStrictEqual(writes(stub), [
        {
          operation: "PUT /2015-03-31/functions/orders/code",
          body: { ZipFile: zip().toString("base64"), Architectures: ["arm64"] }
        },
        {
          operation: "PUT /2015-03-31/functions/orders/configuration",
          body: {
            Runtime: "nodejs24.x",
            Handler: "index.handler",
            Timeout: 9,
            Environment: {
              Variables: { AWS_LAMBDA_EXEC_WRAPPER: "/var/task/bootstrap", TABLE: "orders", STAGE: "prod" }
            }
          }
        }
      ])
    })))

  describe("a function with a Node.js of its own", () => {
    const deployOwn = (stub: awsStub.AwsStub) =>
      run(["deploy", "own-node", "--output", output, "--role", deployed().Role], { environment: stub.environment })

    it.live("gets the runtime without one, and no wrapper", () =>
      Effect.scoped(Effect.gen(function*() {
        const stub = yield* awsStub.make
        const told = yield* deployOwn(stub)
        assert.strictEqual(told.exitCode, 0, told.stderr)
        const [create] = writes(stub).map(({ body }) => body)
        assert.deepInclude(create, {
          Runtime: "provided.al2023",
          Handler: "bootstrap",
          Environment: { Variables: {} }
        })
      })))

    it.live("loses the wrapper that it had with a managed runtime, and keeps its other variables", () =>
      Effect.scoped(Effect.gen(function*() {
        const stub = yield* awsStub.make
        stub.function = deployed()
        const told = yield* deployOwn(stub)
        assert.include(told.stderr, "handler index.handler → bootstrap, variables AWS_LAMBDA_EXEC_WRAPPER")
        // Its code is the same.
        const [configuration] = writes(stub).map(({ body }) => body)
        assert.deepInclude(configuration, {
          Runtime: "provided.al2023",
          Environment: { Variables: { TABLE: "orders" } }
        })
      })))
  })

  it.live("takes no image, and says what does", () =>
    Effect.scoped(Effect.gen(function*() {
      const stub = yield* awsStub.make
      const told = yield* run(["deploy", "pictured", "--output", output], { environment: stub.environment })
      assert.strictEqual(told.exitCode, 1)
      assert.include(
        told.stderr,
        "✘ pictured was built for an image, and only zip files are deployed from here: " +
          "use effect-lambda iac sam pictured, or build it with --target node24\n"
      )
      assert.deepStrictEqual(stub.requests, [])
    })))

  it.live("only says what it would do, without the values of variables", () =>
    Effect.scoped(Effect.gen(function*() {
      const stub = yield* awsStub.make
      stub.function = { ...deployed(), CodeSha256: "other" }
      stub.functionUrl = { AuthType: "NONE", InvokeMode: "BUFFERED" }
      const told = yield* deploy(stub, "--dry-run", "--memory", "256", "--env", "KEY=secret", "--url", "iam")
      assert.deepStrictEqual(writes(stub), [])
      assert.deepStrictEqual(told.stdout.trimEnd().split("\n"), [
        "  update the code of orders",
        "  update the configuration of orders: memory 128 → 256, variables KEY",
        "  update the function URL for who may by IAM, BUFFERED"
      ])
      assert.notInclude(told.stderr, "secret")
    })))

  it.live("says in one line what AWS refuses, and what has not been built", () =>
    Effect.scoped(Effect.gen(function*() {
      const stub = yield* awsStub.make
      const unbuilt = yield* run(["deploy", "nothing", "--output", output], { environment: stub.environment })
      assert.strictEqual(unbuilt.exitCode, 1)
      assert.match(
        unbuilt.stderr,
        /✘ there is no .*nothing\.manifest\.json: build the function first, as with effect-lambda build src\/main\.ts --name nothing --output \S+\n$/
      )
      stub.unassumable = 0
      const unreachable = yield* run(["deploy", "orders", "--output", output], {
        environment: { ...stub.environment, AWS_ENDPOINT_URL: "http://127.0.0.1:9", AWS_MAX_ATTEMPTS: "1" }
      })
      assert.strictEqual(unreachable.exitCode, 1)
      assert.match(unreachable.stderr, /✘ .*ECONNREFUSED.*\n$/)
    })))

  it.live("refuses a zip file that is not the built one", () =>
    Effect.scoped(Effect.gen(function*() {
      const stub = yield* awsStub.make
      const changed = builtFunction.temporaryFolder("cli-deploy-changed")
      yield* Effect.addFinalizer(() => Effect.sync(() => fs.rmSync(changed, { recursive: true })))
      fs.copyFileSync(path.join(folder, "orders.manifest.json"), path.join(changed, "orders.manifest.json"))
      fs.writeFileSync(path.join(changed, "orders.zip"), "something else")
      const told = yield* run(["deploy", "orders", "--output", changed], { environment: stub.environment })
      assert.match(
        told.stderr,
        /✘ .*orders\.manifest\.json tells of another .*orders\.zip: build the function again\n$/
      )
      assert.deepStrictEqual(stub.requests, [])
    })))
})

describe("effect-lambda iac", () => {
  it.live("prints a resource for each tool, with the zip file, the runtime and the wrapper", () =>
    Effect.forEach(["sam", "cdk", "terraform"], (tool) =>
      Effect.gen(function*() {
        const { exitCode, stdout } = yield* run(["iac", tool, "orders", "--output", output])
        assert.strictEqual(exitCode, 0)
        assert.include(stdout, `${output}/orders.zip`)
        assert.match(stdout, /nodejs24\.x|NODEJS_24_X/)
        assert.match(stdout, /arm64|ARM_64/)
        assert.match(stdout, /AWS_LAMBDA_EXEC_WRAPPER\W+\/var\/task\/bootstrap/)
      })))

  it.live("prints one for a Node.js of its own without a wrapper", () =>
    Effect.forEach(["sam", "cdk", "terraform"], (tool) =>
      Effect.gen(function*() {
        const { stdout } = yield* run(["iac", tool, "own-node", "--output", output])
        assert.match(stdout, /provided\.al2023|PROVIDED_AL2023/)
        assert.match(stdout, /handler\W+"?bootstrap/i)
        assert.notMatch(stdout, /environment/i)
      })))

  it.live("prints one for an image, and how it comes to AWS", () =>
    Effect.forEach([
      ["sam", `DockerContext: ${output}/pictured`, "sam build && sam deploy --guided"],
      ["cdk", `DockerImageCode.fromImageAsset("${output}/pictured"`, "cdk deploy"],
      ["terraform", "image_uri     = var.pictured_image", "push the image to ECR, then terraform apply"]
    ], ([tool = "", code = "", next = ""]) =>
      Effect.gen(function*() {
        const { stderr, stdout } = yield* run(["iac", tool, "pictured", "--output", output])
        assert.include(stdout, code)
        assert.include(stderr, `Next: ${next}\n`)
        assert.notMatch(stdout, /runtime|handler|environment/i)
      })))
})
