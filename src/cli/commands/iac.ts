/**
 * `effect-lambda iac`.
 */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as builtFunction from "../deploy/builtFunction.ts"
import * as infrastructure from "../deploy/infrastructure.ts"
import type { Manifest } from "../packaging/manifest.ts"
import { reported, Reporter } from "../Reporter.ts"

const nextOf = (tool: infrastructure.Tool, { name, target }: Manifest): string => {
  const isImage = target === "image"
  switch (tool) {
    case "sam":
      return isImage ? "sam build && sam deploy --guided" : "sam deploy --guided"
    case "cdk":
      return `${infrastructure.cdkName(name)}(this) in a stack of yours, then cdk deploy`
    case "terraform":
      // It leaves the image to somebody else.
      return `${isImage ? "push the image to ECR, then " : ""}terraform init && terraform apply`
  }
}

export const iac = Command.make(
  "iac",
  {
    tool: Argument.Literals("tool", ["sam", "cdk", "terraform"]).pipe(
      Argument.withDescription("What deploys your infrastructure: sam, cdk or terraform")
    ),
    name: Argument.String("function").pipe(Argument.withDescription("The name that the function was built with")),
    output: Flag.String("output").pipe(
      Flag.withAlias("o"),
      Flag.withDescription("The folder that it was built into; without it, dist"),
      Flag.withDefault("dist")
    )
  },
  reported(Effect.fnUntraced(function*({ name, output, tool }) {
    const { result } = yield* Reporter
    const { manifest } = yield* builtFunction.read(name, output)
    const source = infrastructure.describe(tool, { manifest, output })
    yield* result({ json: { tool, source }, text: source.trimEnd(), next: nextOf(tool, manifest) })
  }))
).pipe(
  Command.withDescription("Print a built function as a resource of SAM, the CDK or Terraform"),
  Command.withExamples([
    { command: "effect-lambda iac sam orders > template.yaml", description: "A template for sam deploy" },
    { command: "effect-lambda iac cdk orders > orders.ts", description: "A function to call in a stack" },
    { command: "effect-lambda iac terraform orders > orders.tf", description: "Resources for terraform apply" }
  ])
)
