/**
 * `effect-lambda iac`.
 */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as builtFunction from "../deploy/builtFunction.ts"
import * as infrastructure from "../deploy/infrastructure.ts"
import { reported, Reporter } from "../Reporter.ts"

const next = { sam: "sam deploy --guided", cdk: "cdk deploy", terraform: "terraform apply" } as const

/** Only Terraform leaves the image to somebody else. */
const beforeImage = { sam: "sam build && ", cdk: "", terraform: "push the image to ECR, then " } as const

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
    const push = manifest.target === "image" ? beforeImage[tool] : ""
    yield* result({ json: { tool, source }, text: source.trimEnd(), next: `${push}${next[tool]}` })
  }))
).pipe(
  Command.withDescription("Print a built function as a resource of SAM, the CDK or Terraform"),
  Command.withExamples([
    { command: "effect-lambda iac sam orders > template.yaml", description: "A template for sam deploy" },
    { command: "effect-lambda iac terraform orders > orders.tf", description: "Resources for terraform apply" }
  ])
)
