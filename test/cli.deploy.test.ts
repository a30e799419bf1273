import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { createHash } from "node:crypto"
import * as fs from "node:fs"
import * as path from "node:path"
import { afterAll, beforeAll } from "vitest"
import { projectFolder } from "./doctest/docstrings.ts"
import * as awsStub from "./support/awsStub.ts"
import * as builtFunction from "./support/builtFunction.ts"
import { run, without } from "./support/effectLambda.ts"

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
      assert.match(
        told.stderr,
        /^✔ create the function orders: nodejs24\.x, arm64, 512 MB, 20 s, variables \S+ STAGE [\d.]+ s$/m
      )
      assert.include(told.stderr, "Next: curl --no-buffer https://abc.lambda-url.eu-central-1.on.aws/")
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
        region: "eu-central-1",
        steps: ["create the function orders: nodejs24.x, arm64, 128 MB, 3 s, variables AWS_LAMBDA_EXEC_WRAPPER"],
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

  describe("a role", () => {
    it.live("that there is already is used for a new function, and may write logs", () =>
      Effect.scoped(Effect.gen(function*() {
        const stub = yield* awsStub.make
        stub.role = "orders-role"
        const told = yield* deploy(stub)
        assert.strictEqual(told.exitCode, 0, told.stderr)
        assert.deepStrictEqual(writes(stub).map(({ operation }) => operation), [
          // The deployment that has created it may not have come to this.
          "IAM AttachRolePolicy",
          "POST /2015-03-31/functions"
        ])
        assert.strictEqual(stub.function?.["Role"], "arn:aws:iam::123456789012:role/orders-role")
      })))

    it.live("that is for something else is left alone", () =>
      Effect.scoped(Effect.gen(function*() {
        const stub = yield* awsStub.make
        stub.role = "orders-role"
        stub.trusted = "ec2.amazonaws.com"
        const told = yield* deploy(stub)
        assert.strictEqual(told.exitCode, 1)
        assert.include(told.stderr, "✘ the role orders-role is there already, and does not let Lambda assume it")
        assert.deepStrictEqual(writes(stub), [])
      })))

    it.live("is known from the answer that created it, before IAM finds it", () =>
      Effect.scoped(Effect.gen(function*() {
        const stub = yield* awsStub.make
        const missing = { status: 404, type: "NoSuchEntity", message: "none" }
        stub.refusals.set("IAM GetRole", [missing, missing, missing])
        const told = yield* deploy(stub)
        assert.strictEqual(told.exitCode, 0, told.stderr)
        assert.strictEqual(stub.function?.["Role"], "arn:aws:iam::123456789012:role/orders-role")
      })))
  })

  describe("variables", () => {
    it.live("are removed by their names, but for the wrapper", () =>
      Effect.scoped(Effect.gen(function*() {
        const stub = yield* awsStub.make
        stub.function = deployed()
        const told = yield* deploy(stub, "--remove-env", "TABLE", "--remove-env", "AWS_LAMBDA_EXEC_WRAPPER")
        assert.strictEqual(told.exitCode, 0, told.stderr)
        assert.deepStrictEqual(writes(stub).map(({ body }) => body["Environment"]), [
          { Variables: { AWS_LAMBDA_EXEC_WRAPPER: "/var/task/bootstrap" } }
        ])
      })))

    it.live("are not sent where none changes", () =>
      Effect.scoped(Effect.gen(function*() {
        const stub = yield* awsStub.make
        stub.function = deployed()
        yield* deploy(stub, "--memory", "256")
        assert.deepStrictEqual(writes(stub).map(({ body }) => body), [
          { Runtime: "nodejs24.x", Handler: "index.handler", MemorySize: 256 }
        ])
      })))

    it.live("that cannot be read are not replaced", () =>
      Effect.scoped(Effect.gen(function*() {
        const stub = yield* awsStub.make
        const Error = { ErrorCode: "AccessDeniedException", Message: "Lambda was unable to decrypt them" }
        stub.function = { ...deployed(), CodeSha256: "other", Environment: { Error } }
        const told = yield* deploy(stub)
        assert.strictEqual(told.exitCode, 1)
        assert.include(
          told.stderr,
          "✘ the variables of orders cannot be read, and would be lost: Lambda was unable to decrypt them\n"
        )
        assert.deepStrictEqual(writes(stub), [])
      })))
  })

  describe("an update", () => {
    const busy = {
      status: 409,
      type: "ResourceConflictException",
      message: "The operation cannot be performed at this time. An update is in progress for resource: orders"
    }

    it.live("waits for another one, and for its own", () =>
      Effect.scoped(Effect.gen(function*() {
        const stub = yield* awsStub.make
        stub.function = { ...deployed(), CodeSha256: "other" }
        stub.refusals.set("PUT /2015-03-31/functions/orders/code", [busy])
        // What is looked at first, what is answered, and what is looked at afterwards.
        stub.states.push({}, {}, { LastUpdateStatus: "InProgress" })
        const told = yield* deploy(stub, "--memory", "256")
        assert.strictEqual(told.exitCode, 0, told.stderr)
        assert.deepStrictEqual(stub.requests.map(({ operation }) => operation.replace("/2015-03-31/functions/", "")), [
          "GET orders/configuration",
          "PUT orders/code",
          "PUT orders/code",
          "GET orders/configuration",
          "GET orders/configuration",
          "PUT orders/configuration",
          "GET orders/configuration",
          "GET orders/configuration",
          "GET /2021-10-31/functions/orders/url"
        ])
      })), 20_000)

    it.live("that Lambda could not make is told in one line, without the variables", () =>
      Effect.scoped(Effect.gen(function*() {
        const stub = yield* awsStub.make
        stub.function = { ...deployed(), CodeSha256: "other", Environment: { Variables: { KEY: "secret" } } }
        stub.states.push({}, {}, { LastUpdateStatus: "Failed", LastUpdateStatusReason: "The zip file is broken" })
        const told = yield* deploy(stub)
        assert.strictEqual(told.exitCode, 1)
        assert.match(told.stderr, /\n✘ orders: Lambda could not update it: The zip file is broken\n$/)
        assert.notInclude(told.stderr, "secret")
      })))

    it.live("does not replace an image", () =>
      Effect.scoped(Effect.gen(function*() {
        const stub = yield* awsStub.make
        stub.function = { ...deployed(), PackageType: "Image" }
        const told = yield* deploy(stub)
        assert.strictEqual(told.exitCode, 1)
        assert.include(told.stderr, "✘ orders is an image on AWS, which a zip file cannot replace")
        assert.deepStrictEqual(writes(stub), [])
      })))
  })

  describe("after a deployment that did not come to its end", () => {
    it.live("waits for what is under way", () =>
      Effect.scoped(Effect.gen(function*() {
        const stub = yield* awsStub.make
        stub.function = deployed()
        stub.states.push({ State: "Pending" }, { State: "Pending" })
        const told = yield* deploy(stub)
        assert.match(told.stderr, /✔ wait for what Lambda does with orders already [\d.]+ s\n/)
        assert.deepStrictEqual(writes(stub), [])
      })))

    it.live("updates again what Lambda could not update", () =>
      Effect.scoped(Effect.gen(function*() {
        const stub = yield* awsStub.make
        stub.function = deployed()
        stub.states.push({ LastUpdateStatus: "Failed" })
        const told = yield* deploy(stub)
        assert.strictEqual(told.exitCode, 0, told.stderr)
        assert.deepStrictEqual(writes(stub).map(({ operation }) => operation), [
          "PUT /2015-03-31/functions/orders/code"
        ])
      })))

    it.live("says that a function which could not be created can only be deleted", () =>
      Effect.scoped(Effect.gen(function*() {
        const stub = yield* awsStub.make
        stub.function = deployed()
        stub.states.push({ State: "Failed", StateReason: "The role went away" })
        const told = yield* deploy(stub)
        assert.strictEqual(told.exitCode, 1)
        assert.include(
          told.stderr,
          "✘ orders: Lambda could not create it: The role went away: " +
            "delete it, as with effect-lambda deploy orders --delete, and deploy it again\n"
        )
      })))
  })

  describe("--delete", () => {
    it.live(
      "deletes the function and the role that was made for it, and says so before",
      () =>
        Effect.scoped(Effect.gen(function*() {
          const stub = yield* awsStub.make
          yield* deploy(stub)
          stub.requests.length = 0
          const planned = yield* deploy(stub, "--delete", "--dry-run")
          assert.strictEqual(
            planned.stdout,
            "To be done in eu-central-1:\n  delete the function orders\n  delete the role orders-role\n"
          )
          assert.deepStrictEqual(writes(stub), [])
          const told = yield* deploy(stub, "--delete")
          assert.strictEqual(told.exitCode, 0, told.stderr)
          assert.deepStrictEqual(writes(stub).map(({ operation }) => operation), [
            "DELETE /2015-03-31/functions/orders",
            "IAM DetachRolePolicy",
            "IAM DeleteRole"
          ])
          assert.deepStrictEqual([stub.function, stub.role], [undefined, undefined])
          const again = yield* deploy(stub, "--delete")
          assert.deepStrictEqual(again, {
            exitCode: 0,
            stdout: "There is no function orders in eu-central-1.\n",
            stderr: again.stderr
          })
        })),
      20_000
    )

    it.live("leaves a role that somebody else has made", () =>
      Effect.scoped(Effect.gen(function*() {
        const stub = yield* awsStub.make
        stub.function = deployed()
        stub.role = "orders-role"
        stub.roleDescription = "For orders and invoices"
        yield* deploy(stub, "--delete")
        assert.deepStrictEqual(writes(stub).map(({ operation }) => operation), ["DELETE /2015-03-31/functions/orders"])
        stub.requests.length = 0
        yield* deploy(stub, "--delete", "--role", deployed().Role)
        assert.notInclude(stub.requests.map(({ operation }) => operation), "IAM GetRole")
      })), 20_000)
  })

  it.live("says what became of a function that could not be created", () =>
    Effect.scoped(Effect.gen(function*() {
      const stub = yield* awsStub.make
      stub.states.push({}, { State: "Pending" }, { State: "Failed", StateReason: "The role went away" })
      const told = yield* deploy(stub, "--role", deployed().Role, "--json")
      assert.strictEqual(told.exitCode, 1)
      assert.deepStrictEqual(JSON.parse(told.stdout), {
        error: {
          type: "DeployError",
          message: "orders: Lambda could not create it: The role went away: " +
            "delete it, as with effect-lambda deploy orders --delete, and deploy it again"
        }
      })
    })))

  describe("a URL for everybody", () => {
    const publicUrl = { AuthType: "NONE", InvokeMode: "BUFFERED" }
    const urlPermission = { StatementId: "site", Action: "lambda:InvokeFunctionUrl", FunctionUrlAuthType: "NONE" }

    it.live("gets the permission that it lacks, whoever gave it the other", () =>
      Effect.scoped(Effect.gen(function*() {
        const stub = yield* awsStub.make
        stub.function = deployed()
        stub.functionUrl = publicUrl
        stub.policy.push(
          awsStub.statement({ ...urlPermission, Principal: "*" }),
          // A service may invoke it, which is not everybody.
          awsStub.statement({ StatementId: "sns", Action: "lambda:InvokeFunction", Principal: { Service: "sns" } })
        )
        const told = yield* deploy(stub, "--url", "none")
        assert.strictEqual(told.exitCode, 0, told.stderr)
        assert.deepStrictEqual(writes(stub).map(({ body }) => body["Action"]), ["lambda:InvokeFunction"])
        const again = yield* deploy(stub, "--url", "none")
        assert.match(again.stdout, /^Nothing was to be done\./)
      })))

    it.live("lets nobody in any more when it becomes one for IAM", () =>
      Effect.scoped(Effect.gen(function*() {
        const stub = yield* awsStub.make
        stub.function = deployed()
        yield* deploy(stub, "--url", "none")
        assert.lengthOf(stub.policy, 2)
        const told = yield* deploy(stub, "--url", "iam")
        assert.strictEqual(told.exitCode, 0, told.stderr)
        assert.strictEqual(stub.functionUrl?.["AuthType"], "AWS_IAM")
        assert.deepStrictEqual(stub.policy, [])
      })))
  })

  it.live("refuses what makes no sense before it asks AWS", () =>
    Effect.scoped(Effect.gen(function*() {
      const stub = yield* awsStub.make
      const refused: ReadonlyArray<readonly [ReadonlyArray<string>, string]> = [
        [["--streaming"], "✘ --streaming is about the function's URL: give it one, as with --url iam\n"],
        [["--role", "orders-role"], `✘ --role is "orders-role": it must be an ARN, as in arn:aws:iam::`],
        [["--memory", "64"], "✘ --memory is 64: it must be from 128 to 32768 MB\n"],
        [["--timeout", "901"], "✘ --timeout is 901: it must be from 1 to 900 seconds\n"],
        [["--env", "STAGE"], `✘ --env is "STAGE": it must be NAME=value, and neither is empty\n`]
      ]
      for (const [args, line] of refused) {
        const told = yield* deploy(stub, ...args)
        assert.strictEqual(told.exitCode, 1)
        assert.isTrue(told.stderr.startsWith(line), told.stderr)
      }
      assert.deepStrictEqual(stub.requests, [])
    })), 20_000)

  it.live("says what to do where AWS does not let one in", () =>
    Effect.scoped(Effect.gen(function*() {
      const stub = yield* awsStub.make
      const look = "GET /2015-03-31/functions/orders/configuration"
      const said: ReadonlyArray<readonly [awsStub.Refusal, string]> = [
        [
          {
            status: 403,
            type: "ExpiredTokenException",
            message: "The security token included in the request is expired"
          },
          "✘ The security token included in the request is expired: sign in again, as with aws sso login or aws login " +
          "(ExpiredTokenException)\n"
        ],
        [
          {
            status: 403,
            type: "AccessDeniedException",
            message: "User: me is not authorized to perform: lambda:GetFunctionConfiguration"
          },
          "✘ User: me is not authorized to perform: lambda:GetFunctionConfiguration: " +
          "whoever you are signed in as needs that permission (AccessDeniedException)\n"
        ]
      ]
      for (const [refusal, line] of said) {
        stub.refusals.set(look, [refusal])
        const told = yield* deploy(stub)
        assert.strictEqual(told.exitCode, 1)
        assert.isTrue(told.stderr.endsWith(line), told.stderr)
      }
      const nowhere = yield* run(["deploy", "orders", "--output", output], {
        environment: { ...stub.environment, AWS_REGION: undefined, AWS_CONFIG_FILE: "/nowhere" }
      })
      assert.include(nowhere.stderr, "✘ Region is missing: name it with --region, or in AWS_REGION")
      const nobody = yield* run(["deploy", "orders", "--output", output], {
        environment: {
          ...stub.environment,
          AWS_ACCESS_KEY_ID: undefined,
          AWS_EC2_METADATA_DISABLED: "true",
          AWS_CONFIG_FILE: "/nowhere",
          AWS_SHARED_CREDENTIALS_FILE: "/nowhere"
        }
      })
      assert.include(nobody.stderr, "✘ Could not load credentials from any providers: name a profile with --profile")
    })), 20_000)

  it.live("names the packages of the AWS SDK where they are not installed", () =>
    Effect.scoped(Effect.gen(function*() {
      const stub = yield* awsStub.make
      const told = yield* run(["deploy", "orders", "--output", output], {
        environment: { ...stub.environment, ...without("@aws-sdk/client-lambda") }
      })
      assert.strictEqual(told.exitCode, 1)
      assert.include(
        told.stderr,
        "✘ functions are deployed with the AWS SDK, and there is no @aws-sdk/client-lambda: " +
          "npm install --save-dev @aws-sdk/client-lambda @aws-sdk/client-iam\n"
      )
    })))

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
        "To be done in eu-central-1:",
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
        /✘ there is no .*nothing\.manifest\.json, but there is orders, own-node, pictured: build the function first, as with effect-lambda build src\/main\.ts --name nothing --output \S+\n$/
      )
      stub.unassumable = 0
      const unreachable = yield* run(["deploy", "orders", "--output", output], {
        environment: { ...stub.environment, AWS_ENDPOINT_URL: "http://127.0.0.1:9", AWS_MAX_ATTEMPTS: "1" }
      })
      assert.strictEqual(unreachable.exitCode, 1)
      assert.match(unreachable.stderr, /✘ .*ECONNREFUSED.*\n$/)
    })))

  it.live("refuses what Lambda would not take in a request", () =>
    Effect.scoped(Effect.gen(function*() {
      const stub = yield* awsStub.make
      const large = builtFunction.temporaryFolder("cli-deploy-large")
      yield* Effect.addFinalizer(() => Effect.sync(() => fs.rmSync(large, { recursive: true })))
      const bytes = Buffer.alloc(52_428_801)
      const sha256 = createHash("sha256").update(bytes).digest("hex")
      const manifest = JSON.parse(fs.readFileSync(path.join(folder, "orders.manifest.json"), "utf8"))
      fs.writeFileSync(path.join(large, "orders.zip"), bytes)
      fs.writeFileSync(
        path.join(large, "orders.manifest.json"),
        JSON.stringify({ ...manifest, zip: { size: bytes.length, sha256 } })
      )
      const told = yield* run(["deploy", "orders", "--output", large], { environment: stub.environment })
      assert.strictEqual(told.exitCode, 1)
      assert.match(
        told.stderr,
        /✘ .*orders\.zip has 52428801 bytes, and Lambda takes 52428800 directly: deploy it through S3, as with effect-lambda iac sam\n$/
      )
      assert.deepStrictEqual(stub.requests, [])
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
      [
        "cdk",
        `DockerImageCode.fromImageAsset("${output}/pictured"`,
        "picturedFunction(this) in a stack of yours, then cdk deploy"
      ],
      [
        "terraform",
        "image_uri     = var.pictured_image",
        "push the image to ECR, then terraform init && terraform apply"
      ]
    ], ([tool = "", code = "", next = ""]) =>
      Effect.gen(function*() {
        const { stderr, stdout } = yield* run(["iac", tool, "pictured", "--output", output])
        assert.include(stdout, code)
        assert.include(stderr, `Next: ${next}\n`)
        assert.notMatch(stdout, /runtime|handler|environment/i)
      })))
})
