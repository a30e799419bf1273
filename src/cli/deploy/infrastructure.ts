/**
 * A built function in the words of the tools that deploy whole stacks.
 */
import type { Manifest } from "../packaging/manifest.ts"
import * as builtFunction from "./builtFunction.ts"

export type Tool = "sam" | "cdk" | "terraform"

export interface Described {
  readonly manifest: Manifest
  /** The folder that it was built into, relative to the file that is printed. */
  readonly output: string
}

export const describe = (tool: Tool, described: Described): string => {
  switch (tool) {
    case "sam":
      return sam(described)
    case "cdk":
      return cdk(described)
    case "terraform":
      return terraform(described)
  }
}

/** `hello-json` is `HelloJson`: CloudFormation wants letters and digits. */
const pascal = (name: string): string =>
  name.split(/[^a-zA-Z0-9]+/).map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("")

/** An identifier of TypeScript, as in `helloJsonFunction`. */
export const cdkName = (name: string): string => {
  const words = pascal(name)
  return `${/^[a-z]/i.test(words) ? words.charAt(0).toLowerCase() : `_${words.charAt(0)}`}${words.slice(1)}Function`
}

/** Plain where YAML takes it for a string in any case. */
const yamlString = (text: string): string =>
  /^[a-z.][\w./-]*$/i.test(text) && !/^(?:true|false|yes|no|on|off|y|n|null|\.inf|\.nan)$/i.test(text)
    ? text
    : JSON.stringify(text)

/** In HCL `${` and `%{` begin a template. */
const hclString = (text: string): string => JSON.stringify(text).replace(/[$%](?=\{)/g, "$&$&")

/** https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html */
const sam = ({ manifest, output }: Described): string => {
  const id = `${pascal(manifest.name)}Function`
  const architecture = builtFunction.architecture(manifest)
  const runtime = builtFunction.runtime(manifest)
  // sam build makes the image of an image's folder, and sam deploy pushes it.
  const code = runtime === undefined
    ? `    Metadata:
      DockerContext: ${yamlString(`${output}/${manifest.name}`)}
      Dockerfile: Dockerfile
    Properties:
      FunctionName: ${yamlString(manifest.name)}
      PackageType: Image`
    : `    Properties:
      FunctionName: ${yamlString(manifest.name)}
      CodeUri: ${yamlString(`${output}/${manifest.name}.zip`)}
      Runtime: ${runtime}
      Handler: ${builtFunction.handler(manifest)}`
  return `AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31

Resources:
  ${id}:
    Type: AWS::Serverless::Function
${code}
      Architectures: [${architecture}]
      MemorySize: 512
      Timeout: 10
${
    variables(
      manifest,
      (lines) => `      Environment:\n        Variables:\n${lines.join("\n")}\n`,
      (name, value) => `          ${name}: ${value}`
    )
  }
Outputs:
  FunctionArn:
    Value: !GetAtt ${id}.Arn
`
}

const cdkRuntimes = {
  "nodejs22.x": "NODEJS_22_X",
  "nodejs24.x": "NODEJS_24_X",
  "provided.al2023": "PROVIDED_AL2023"
} as const

/**
 * https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_lambda.Function.html and
 * https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_lambda.DockerImageFunction.html
 */
const cdk = ({ manifest, output }: Described): string => {
  const runtime = builtFunction.runtime(manifest)
  const isArm = manifest.architecture === "arm64"
  const imports = runtime === undefined ? "aws_ecr_assets as assets, aws_lambda as lambda" : "aws_lambda as lambda"
  const code = runtime === undefined
    ? `    code: lambda.DockerImageCode.fromImageAsset(${JSON.stringify(`${output}/${manifest.name}`)}, {
      platform: assets.Platform.LINUX_${isArm ? "ARM64" : "AMD64"}
    }),`
    : `    code: lambda.Code.fromAsset(${JSON.stringify(`${output}/${manifest.name}.zip`)}),
    runtime: lambda.Runtime.${cdkRuntimes[runtime]},
    handler: "${builtFunction.handler(manifest)}",`
  return `import { Duration, ${imports} } from "aws-cdk-lib"
import type { Construct } from "constructs"

export const ${cdkName(manifest.name)} = (scope: Construct) =>
  new lambda.${runtime === undefined ? "DockerImageFunction" : "Function"}(scope, "${pascal(manifest.name)}", {
    functionName: "${manifest.name}",
${code}
    architecture: lambda.Architecture.${isArm ? "ARM_64" : "X86_64"},
    memorySize: 512,
    timeout: Duration.seconds(10)${
    variables(
      manifest,
      (lines) => `,\n    environment: {\n${lines.join(",\n")}\n    }`,
      (name, value) => `      ${name}: "${value}"`
    )
  }
  })
`
}

/** https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lambda_function */
const terraform = ({ manifest, output }: Described): string => {
  // It begins with no digit.
  const name = manifest.name.replaceAll("-", "_").replace(/^(?=\d)/, "_")
  const runtime = builtFunction.runtime(manifest)
  const image = `variable "${name}_image" {
  description = "The URI of the image in ECR, by its digest"
  type        = string
}

`
  const zip = hclString(`${output}/${manifest.name}.zip`)
  const settings = [
    ["function_name", `"${manifest.name}"`],
    ["role", `aws_iam_role.${name}.arn`],
    ...runtime === undefined
      ? [["package_type", `"Image"`], ["image_uri", `var.${name}_image`]]
      : [
        ["filename", zip],
        ["source_code_hash", `filebase64sha256(${zip})`],
        ["runtime", `"${runtime}"`],
        ["handler", `"${builtFunction.handler(manifest)}"`]
      ],
    ["architectures", `["${builtFunction.architecture(manifest)}"]`],
    ["memory_size", "512"],
    ["timeout", "10"]
  ]
  // As terraform fmt would have them.
  const width = Math.max(...settings.map(([setting = ""]) => setting.length))
  return `${runtime === undefined ? image : ""}resource "aws_iam_role" "${name}" {
  name = "${manifest.name}-role"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy_attachment" "${name}" {
  role       = aws_iam_role.${name}.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

resource "aws_lambda_function" "${name}" {
${settings.map(([setting = "", value]) => `  ${setting.padEnd(width)} = ${value}`).join("\n")}
${
    variables(
      manifest,
      (lines) => `\n  environment {\n    variables = {\n${lines.join("\n")}\n    }\n  }\n`,
      (name, value) => `      ${name} = "${value}"`
    )
  }}
`
}

/** Nothing where there are none. */
const variables = (
  manifest: Manifest,
  block: (lines: ReadonlyArray<string>) => string,
  line: (name: string, value: string) => string
): string => {
  const lines = Object.entries(builtFunction.variables(manifest)).map(([name, value]) => line(name, value))
  return lines.length === 0 ? "" : block(lines)
}
