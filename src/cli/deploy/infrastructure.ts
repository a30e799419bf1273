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

/** https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html */
const sam = ({ manifest, output }: Described): string =>
  `AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31

Resources:
  ${pascal(manifest.name)}Function:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: ${manifest.name}
      CodeUri: ${output}/${manifest.name}.zip
      Runtime: ${builtFunction.runtime(manifest)}
      Handler: ${builtFunction.handler}
      Architectures: [${builtFunction.architecture(manifest)}]
      MemorySize: 512
      Timeout: 10
      Environment:
        Variables:
${entries(manifest).map(([name, value]) => `          ${name}: ${value}`).join("\n")}

Outputs:
  FunctionArn:
    Value: !GetAtt ${pascal(manifest.name)}Function.Arn
`

/** https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_lambda.Function.html */
const cdk = ({ manifest, output }: Described): string => {
  const runtime = builtFunction.runtime(manifest) === "nodejs22.x" ? "NODEJS_22_X" : "NODEJS_24_X"
  return `import { Duration, aws_lambda as lambda } from "aws-cdk-lib"

new lambda.Function(this, "${pascal(manifest.name)}", {
  functionName: "${manifest.name}",
  code: lambda.Code.fromAsset("${output}/${manifest.name}.zip"),
  runtime: lambda.Runtime.${runtime},
  handler: "${builtFunction.handler}",
  architecture: lambda.Architecture.${manifest.architecture === "x64" ? "X86_64" : "ARM_64"},
  memorySize: 512,
  timeout: Duration.seconds(10),
  environment: {
${entries(manifest).map(([name, value]) => `    ${name}: "${value}"`).join(",\n")}
  }
})
`
}

/** https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lambda_function */
const terraform = ({ manifest, output }: Described): string => {
  const name = manifest.name.replaceAll("-", "_")
  return `resource "aws_iam_role" "${name}" {
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
  function_name    = "${manifest.name}"
  filename         = "${output}/${manifest.name}.zip"
  source_code_hash = filebase64sha256("${output}/${manifest.name}.zip")
  role             = aws_iam_role.${name}.arn
  runtime          = "${builtFunction.runtime(manifest)}"
  handler          = "${builtFunction.handler}"
  architectures    = ["${builtFunction.architecture(manifest)}"]
  memory_size      = 512
  timeout          = 10

  environment {
    variables = {
${entries(manifest).map(([name, value]) => `      ${name} = "${value}"`).join("\n")}
    }
  }
}
`
}

const entries = (manifest: Manifest) => Object.entries(builtFunction.variables(manifest))
