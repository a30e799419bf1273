/**
 * Checks how the APIs and load balancers of a template call its functions: the address of an integration, and that the call is
 * permitted. To AWS's validator and to SAM both are just text.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode-lambda.html
 */
import { record, type Template } from "./samTemplate.ts"

/** What an integration calls, and with whose permission. */
interface Integration {
  readonly at: string
  readonly streams: boolean
  readonly uri: string
  /** The role that it takes, if it takes one. */
  readonly role: string | undefined
}

export const problemsOf = (template: Template): ReadonlyArray<string> => {
  const resources = new Map(
    Object.entries(record(template["Resources"])).map(([id, resource]) => [id, record(resource)])
  )
  return [
    ...[...resources].flatMap(([id, resource]) => integrationsOf(id, resource)).flatMap((integration) =>
      integrationProblems(resources, integration)
    ),
    ...[...resources].flatMap(([id, resource]) => targetProblems(resources, id, resource))
  ]
}

type Resources = ReadonlyMap<string, Template>

const integrationsOf = (id: string, { Properties, Type }: Template): ReadonlyArray<Integration> => {
  const { CredentialsArn, DefinitionBody, IntegrationType, IntegrationUri } = record(Properties)
  if (Type === "AWS::ApiGatewayV2::Integration" && IntegrationType === "AWS_PROXY") {
    return [{ at: id, streams: false, uri: textOf(IntegrationUri), role: attributeOf(CredentialsArn) }]
  }
  return Object.entries(record(record(DefinitionBody)["paths"])).flatMap(([path, methods]) =>
    Object.entries(record(methods)).flatMap(([method, operation]) => {
      const integration = record(operation)["x-amazon-apigateway-integration"]
      const { credentials, responseTransferMode, type, uri } = record(integration)
      return type !== "aws_proxy" ? [] : [{
        at: `${id} ${method.toUpperCase()} ${path}`,
        streams: responseTransferMode === "STREAM",
        uri: textOf(uri),
        role: attributeOf(credentials)
      }]
    })
  )
}

const integrationProblems = (resources: Resources, { at, role, streams, uri }: Integration): ReadonlyArray<string> => {
  const [, version, id = "", action] = /:lambda:path\/([\d-]+)\/functions\/\$\{(\w+)\.\w+\}\/([\w-]+)$/.exec(uri) ?? []
  const [rightVersion, rightAction] = streams
    ? ["2021-11-15", "response-streaming-invocations"]
    : ["2015-03-31", "invocations"]
  if (version !== rightVersion || action !== rightAction) {
    return [`${at}: the URI is not of ${rightVersion} and ${rightAction}`]
  }
  const needed = streams ? ["lambda:InvokeFunction", "lambda:InvokeWithResponseStream"] : ["lambda:InvokeFunction"]
  const granted = role === undefined
    ? permittedTo(resources, "apigateway.amazonaws.com", id)
    : grantedTo(resources.get(role) ?? {}, id)
  return needed.filter((action) => !granted.includes(action)).map((action) => `${at}: it may not ${action} ${id}`)
}

const targetProblems = (resources: Resources, at: string, { Properties, Type }: Template): ReadonlyArray<string> => {
  const { Targets, TargetType } = record(Properties)
  if (Type !== "AWS::ElasticLoadBalancingV2::TargetGroup" || TargetType !== "lambda") return []
  const targets = list(Targets).map((target) => attributeOf(record(target)["Id"]) ?? "")
  return targets.filter((id) =>
    !permittedTo(resources, "elasticloadbalancing.amazonaws.com", id).includes("lambda:InvokeFunction")
  ).map((id) => `${at}: it may not lambda:InvokeFunction ${id}`)
}

/** What the permissions of a function let a service do, as long as it is not for everybody's account. */
const permittedTo = (resources: Resources, service: string, id: string): ReadonlyArray<string> =>
  [...resources.values()].flatMap(({ Properties, Type }) => {
    const { Action, FunctionName, Principal, SourceAccount, SourceArn } = record(Properties)
    const isNamed = record(FunctionName)["Ref"] === id || attributeOf(FunctionName) === id
    const isLimited = SourceArn !== undefined || SourceAccount !== undefined
    return Type === "AWS::Lambda::Permission" && Principal === service && isNamed && isLimited ? [String(Action)] : []
  })

/** What a role may do with a function. */
const grantedTo = ({ Properties }: Template, id: string): ReadonlyArray<string> =>
  list(record(Properties)["Policies"]).flatMap((policy) => list(record(record(policy)["PolicyDocument"])["Statement"]))
    .flatMap((statement) => {
      const { Action, Effect, Resource } = record(statement)
      return Effect === "Allow" && attributeOf(Resource) === id ? list(Action).map(String) : []
    })

const textOf = (value: unknown): string => String(record(value)["Fn::Sub"] ?? value)

/** The resource whose ARN it is. */
const attributeOf = (value: unknown): string | undefined => {
  const [id, attribute] = list(record(value)["Fn::GetAtt"])
  return attribute === "Arn" ? String(id) : undefined
}

const list = (value: unknown): ReadonlyArray<unknown> =>
  Array.isArray(value) ? value : value === undefined ? [] : [value]
