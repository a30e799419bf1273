/**
 * The URL of a function.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Aws from "./Aws.ts"
import type { DeployError } from "./DeployError.ts"
import type { Step } from "./plan.ts"

export interface Authorization {
  /** `none` lets everybody in. */
  readonly type: "none" | "iam"
  /** Whether the answer is sent as it is made. */
  readonly streaming: boolean
}

export const find = Effect.fnUntraced(function*(FunctionName: string) {
  const aws = yield* Aws.Aws
  return yield* Aws.orUndefined(
    aws.lambda((client, sdk) => client.send(new sdk.GetFunctionUrlConfigCommand({ FunctionName })))
  )
})

export const plan = Effect.fnUntraced(function*(
  FunctionName: string,
  { streaming, type }: Authorization,
  functionExists: boolean
): Effect.fn.Return<ReadonlyArray<Step>, DeployError, Aws.Aws> {
  const aws = yield* Aws.Aws
  const found = functionExists ? yield* find(FunctionName) : undefined
  const statements = functionExists ? yield* statementsOf(FunctionName) : []
  const config = {
    FunctionName,
    AuthType: type === "none" ? "NONE" : "AWS_IAM",
    InvokeMode: streaming ? "RESPONSE_STREAM" : "BUFFERED"
  } as const
  const steps: Array<Step> = []
  const whom = type === "none" ? "for everybody" : "for who may by IAM"
  if (found === undefined) {
    steps.push({
      title: `create a function URL ${whom}, ${config.InvokeMode}`,
      run: Effect.asVoid(aws.lambda((client, sdk) => client.send(new sdk.CreateFunctionUrlConfigCommand(config))))
    })
  } else if (found.AuthType !== config.AuthType || (found.InvokeMode ?? "BUFFERED") !== config.InvokeMode) {
    steps.push({
      title: `update the function URL ${whom}, ${config.InvokeMode}`,
      run: Effect.asVoid(aws.lambda((client, sdk) => client.send(new sdk.UpdateFunctionUrlConfigCommand(config))))
    })
  }
  if (type === "none") {
    const missing = permissions.filter(({ Action }) => !statements.some((statement) => permits(statement, Action)))
    if (missing.length > 0) {
      steps.push({
        title: "let everybody invoke the function through its URL",
        run: Effect.forEach(
          missing,
          (permission) =>
            aws.lambda((client, sdk) =>
              client.send(new sdk.AddPermissionCommand({ FunctionName, Principal: "*", ...permission }))
            ),
          { discard: true }
        )
      })
    }
    return steps
  }
  const own = permissions.filter(({ StatementId }) => statements.some(({ Sid }) => Sid === StatementId))
  if (own.length > 0) {
    steps.push({
      title: "let nobody invoke the function without IAM",
      run: Effect.forEach(
        own,
        ({ StatementId }) =>
          aws.lambda((client, sdk) => client.send(new sdk.RemovePermissionCommand({ FunctionName, StatementId }))),
        { discard: true }
      )
    })
  }
  return steps
})

/** Since October 2025 both are needed. */
const permissions = [
  { StatementId: "FunctionURLAllowPublicAccess", Action: "lambda:InvokeFunctionUrl", FunctionUrlAuthType: "NONE" },
  { StatementId: "FunctionURLAllowInvokeAction", Action: "lambda:InvokeFunction", InvokedViaFunctionUrl: true }
] as const

/** What they may depend on; another condition lets in fewer than everybody. */
const conditions: ReadonlySet<string> = new Set(["lambda:FunctionUrlAuthType", "lambda:InvokedViaFunctionUrl"])

const OneOrMore = Schema.Union([Schema.String, Schema.Array(Schema.String)])

const Statement = Schema.Struct({
  Sid: Schema.optional(Schema.String),
  Effect: Schema.String,
  Principal: Schema.optional(Schema.Unknown),
  Action: Schema.optional(OneOrMore),
  Condition: Schema.optional(Schema.Record(Schema.String, Schema.Record(Schema.String, Schema.Unknown)))
})

const decodePolicy = Schema.decodeUnknownOption(
  Schema.fromJsonString(Schema.Struct({ Statement: Schema.Array(Statement) }))
)

const statementsOf = Effect.fnUntraced(function*(FunctionName: string) {
  const aws = yield* Aws.Aws
  const found = yield* Aws.orUndefined(
    aws.lambda((client, sdk) => client.send(new sdk.GetPolicyCommand({ FunctionName })))
  )
  return Option.match(decodePolicy(found?.Policy), { onNone: () => [], onSome: ({ Statement }) => Statement })
})

/** Whoever has written it: SAM and the console give it other names. */
const permits = ({ Action = [], Condition = {}, Effect, Principal }: typeof Statement.Type, action: string): boolean =>
  Effect === "Allow" && isEverybody(Principal) && (typeof Action === "string" ? [Action] : Action).includes(action) &&
  Object.values(Condition).flatMap(Object.keys).every((key) => conditions.has(key))

const isEverybody = (principal: unknown): boolean =>
  principal === "*" ||
  typeof principal === "object" && principal !== null && "AWS" in principal && principal.AWS === "*"
