/**
 * Checks what of a template is AWS SAM's: the properties of its resources and their types, and references, which may be to
 * resources that SAM makes by itself. AWS's own validator knows little of the former and nothing of the latter.
 *
 * The properties are those of `@aws-cdk/aws-service-spec`, which the CDK is generated from. What it does not have of SAM is
 * here.
 */
import { loadAwsServiceSpecSync } from "@aws-cdk/aws-service-spec"
import type { Property, PropertyType, ResourceProperties } from "@aws-cdk/service-spec-types"
import * as fs from "node:fs"
import * as Yaml from "yaml"

export type Template = Readonly<Record<string, unknown>>

const database = loadAwsServiceSpecSync()

/**
 * What is wrong with the functions and APIs of a template, and with what it refers to, each with where it is; nothing when all
 * is right. What SAM has no part in is left to AWS's own validator.
 */
export const problemsOf = (template: Template): ReadonlyArray<string> => {
  const resources = record(template["Resources"])
  const targets = { resources, parameters: record(template["Parameters"]) }
  return [
    ...Object.entries(resources).flatMap(([id, resource]) =>
      typeOf(resource).startsWith("AWS::Serverless::") ? resourceProblems(id, record(resource)) : []
    ),
    ...referenceProblems(targets, "Resources", resources),
    ...referenceProblems(targets, "Outputs", template["Outputs"])
  ]
}

const resourceProblems = (id: string, resource: Template): ReadonlyArray<string> => {
  const type = typeOf(resource)
  const properties = propertiesOf(type)
  if (properties === undefined) return [`${id}: there is no ${type}`]
  const { CapacityProviderConfig: instances } = record(resource["Properties"])
  return [
    ...structProblems(id, properties, resource["Properties"] ?? {}),
    ...instances === undefined ? [] : structProblems(`${id}.CapacityProviderConfig`, capacityProvider, instances)
  ]
}

const resourceOf = (type: string) => database.lookup("resource", "cloudFormationType", "equals", type)[0]

const propertiesOf = (type: string): ResourceProperties | undefined => {
  const properties = resourceOf(type)?.properties
  return properties === undefined ? undefined : { ...properties, ...samProperties[type]?.() }
}

const propertyOf = (type: string, name: string): Property => {
  const property = resourceOf(type)?.properties[name]
  if (property === undefined) throw new Error(`there is no ${name} in ${type}`)
  return { ...property, required: false }
}

const passedTo = (type: string, ...names: ReadonlyArray<string>): ResourceProperties =>
  Object.fromEntries(names.map((name) => [name, propertyOf(type, name)]))

/**
 * What SAM has and the specification does not know, most of which SAM passes on as it is.
 *
 * https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html
 */
const samProperties: Readonly<Record<string, () => ResourceProperties>> = {
  "AWS::Serverless::Function": () => ({
    ...passedTo(
      "AWS::Lambda::Function",
      "LoggingConfig",
      "RecursiveLoop",
      "RuntimeManagementConfig",
      "SnapStart",
      "TenancyConfig"
    ),
    CapacityProviderConfig: { type: { type: "json" } }
  })
}

/** https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-capacityproviderconfig.html */
const capacityProvider: ResourceProperties = {
  Arn: { type: { type: "string" }, required: true },
  ExecutionEnvironmentMemoryGiBPerVCpu: { type: { type: "number" } },
  PerExecutionEnvironmentMaxConcurrency: { type: { type: "integer" } }
}

/** https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-eventsource.html */
const samEvents: Readonly<Record<string, () => ResourceProperties>> = {
  // https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-sqs.html
  SQS: () =>
    passedTo(
      "AWS::Lambda::EventSourceMapping",
      "FilterCriteria",
      "FunctionResponseTypes",
      "MaximumBatchingWindowInSeconds",
      "ScalingConfig"
    ),
  // https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-schedulev2.html
  ScheduleV2: () => ({
    ...passedTo(
      "AWS::Scheduler::Schedule",
      "Description",
      "FlexibleTimeWindow",
      "Name",
      "ScheduleExpression",
      "ScheduleExpressionTimezone",
      "State"
    ),
    Input: { type: { type: "string" } }
  })
}

const structProblems = (at: string, properties: ResourceProperties, value: unknown): ReadonlyArray<string> => {
  if (isIntrinsic(value)) return []
  if (!isRecord(value)) return [`${at}: not an object`]
  const missing = Object.entries(properties).filter(([name, { required }]) => required === true && !(name in value))
  return [
    ...missing.map(([name]) => `${at}: ${name} is missing`),
    ...Object.entries(value).flatMap(([name, child]) => {
      const property = properties[name]
      if (property === undefined) return [`${at}.${name}: no such property`]
      const types = [property.type, ...property.previousTypes ?? []]
      return bestOf(types.map((type) => typeProblems(`${at}.${name}`, type, child)))
    })
  ]
}

/** Of alternatives the one with the fewest problems. */
const bestOf = (alternatives: ReadonlyArray<ReadonlyArray<string>>): ReadonlyArray<string> =>
  alternatives.toSorted((a, b) => a.length - b.length)[0] ?? []

const typeProblems = (at: string, type: PropertyType, value: unknown): ReadonlyArray<string> => {
  if (isIntrinsic(value)) return []
  switch (type.type) {
    case "json":
      return isRecord(value) || Array.isArray(value) ? [] : [`${at}: not JSON`]
    case "string":
      if (type.allowedValues !== undefined && !type.allowedValues.includes(String(value))) {
        return [`${at}: ${String(value)} is none of ${type.allowedValues.join(", ")}`]
      }
      // A version in a policy is a date to YAML.
      return ["string", "number", "boolean"].includes(typeof value) ? [] : [`${at}: not a string`]
    case "number":
      return typeof value === "number" ? [] : [`${at}: not a number`]
    case "integer":
      return Number.isInteger(value) ? [] : [`${at}: not an integer`]
    case "boolean":
      return typeof value === "boolean" ? [] : [`${at}: not a boolean`]
    case "array":
      return Array.isArray(value)
        ? value.flatMap((element, index) => typeProblems(`${at}[${index}]`, type.element, element))
        : [`${at}: not a list`]
    case "map":
      return isRecord(value)
        ? Object.entries(value).flatMap(([key, element]) => typeProblems(`${at}.${key}`, type.element, element))
        : [`${at}: not an object`]
    case "union":
      return bestOf(type.types.map((alternative) => typeProblems(at, alternative, value)))
    case "ref": {
      const { name, properties } = database.get("typeDefinition", type.reference)
      return name === "EventSource" ? eventProblems(at, value) : structProblems(at, properties, value)
    }
    case "tag":
    case "date-time":
    case "null":
      return []
  }
}

const eventProblems = (at: string, value: unknown): ReadonlyArray<string> => {
  const { Properties, Type } = record(value)
  const definitions = database.all("typeDefinition").filter(({ name }) => name === `${String(Type)}Event`)
  const additions = samEvents[String(Type)]?.()
  if (definitions.length === 0 && additions === undefined) return [`${at}.Type: ${String(Type)} is no event source`]
  return structProblems(`${at}.Properties`, { ...definitions[0]?.properties, ...additions }, Properties ?? {})
}

interface Targets {
  readonly resources: Template
  readonly parameters: Template
}

const referenceProblems = (targets: Targets, at: string, value: unknown): ReadonlyArray<string> => {
  if (Array.isArray(value)) {
    return value.flatMap((element, index) => referenceProblems(targets, `${at}[${index}]`, element))
  }
  if (!isRecord(value)) return []
  const { Ref: ref, "Fn::GetAtt": attribute, "Fn::Sub": substituted } = value
  if (typeof ref === "string") return refProblems(targets, at, ref)
  if (Array.isArray(attribute)) return attributeProblems(targets, at, attribute.join("."))
  if (substituted !== undefined) {
    const [text, variables] = Array.isArray(substituted) ? substituted : [substituted, {}]
    const names = Array.from(String(text).matchAll(/\$\{([^!}][^}]*)\}/g), ([_, name = ""]) => name)
    return [
      ...names.filter((name) => !(name in record(variables))).flatMap((name) =>
        name.includes(".") ? attributeProblems(targets, at, name) : refProblems(targets, at, name)
      ),
      ...referenceProblems(targets, at, variables)
    ]
  }
  return Object.entries(value).flatMap(([key, child]) => referenceProblems(targets, `${at}.${key}`, child))
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html */
const pseudoParameter = /^AWS::(AccountId|NotificationARNs|NoValue|Partition|Region|StackId|StackName|URLSuffix)$/

const refProblems = ({ parameters, resources }: Targets, at: string, name: string): ReadonlyArray<string> =>
  name in resources || name in parameters || pseudoParameter.test(name) || generated(resources, name) !== undefined
    ? []
    : [`${at}: there is no ${name}`]

const attributeProblems = ({ resources }: Targets, at: string, reference: string): ReadonlyArray<string> => {
  const [id = "", ...rest] = reference.split(".")
  if (generated(resources, reference) !== undefined) return []
  const type = id in resources ? cloudFormationType(typeOf(resources[id])) : generated(resources, id)
  if (type === undefined) return [`${at}: there is no ${id}`]
  const { attributes = {} } = resourceOf(type) ?? {}
  return rest.join(".") in attributes ? [] : [`${at}: ${id} has no ${rest.join(".")}`]
}

/** https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html */
const cloudFormationType = (type: string): string =>
  ({
    "AWS::Serverless::Api": "AWS::ApiGateway::RestApi",
    "AWS::Serverless::Function": "AWS::Lambda::Function",
    "AWS::Serverless::HttpApi": "AWS::ApiGatewayV2::Api",
    "AWS::Serverless::LayerVersion": "AWS::Lambda::LayerVersion"
  })[type] ?? type

/** The type of a resource that SAM makes by itself. */
const generated = (resources: Template, name: string): string | undefined => {
  const functions = Object.entries(resources).filter(([_, resource]) =>
    typeOf(resource) === "AWS::Serverless::Function"
  )
  for (const [id, resource] of functions) {
    const { AutoPublishAlias, Events, FunctionUrlConfig, Role } = record(record(resource)["Properties"])
    const events = Object.values(record(Events)).map((event) => record(event))
    const implicit = (type: string, api: string) =>
      events.some(({ Properties, Type }) => Type === type && !(api in record(Properties)))
    if (name === `${id}Role` && Role === undefined) return "AWS::IAM::Role"
    if (name === `${id}Url` && FunctionUrlConfig !== undefined) return "AWS::Lambda::Url"
    if (name === `${id}.Alias` && AutoPublishAlias !== undefined) return "AWS::Lambda::Alias"
    if (name === `${id}.Version` && AutoPublishAlias !== undefined) return "AWS::Lambda::Version"
    if (name === "ServerlessHttpApi" && implicit("HttpApi", "ApiId")) return "AWS::ApiGatewayV2::Api"
    if (name === "ServerlessRestApi" && implicit("Api", "RestApiId")) return "AWS::ApiGateway::RestApi"
  }
  return undefined
}

const typeOf = (resource: unknown): string => String(record(resource)["Type"])

const isIntrinsic = (value: unknown): boolean => {
  if (!isRecord(value)) return false
  const [key = "", ...others] = Object.keys(value)
  return others.length === 0 && (key === "Ref" || key.startsWith("Fn::"))
}

const isRecord = (value: unknown): value is Template =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** Nothing, where it is no object. */
export const record = (value: unknown): Template => isRecord(value) ? value : {}

/** Short forms of the intrinsic functions as the long ones. */
const shortForms: Yaml.Tags = ["Ref", "GetAtt", "Sub", "Join", "If", "Select", "Split"].flatMap((name) => {
  const wrapped = (value: unknown) => ({
    [name === "Ref" ? name : `Fn::${name}`]: name === "GetAtt" && typeof value === "string" ? value.split(".") : value
  })
  return [
    { tag: `!${name}`, resolve: wrapped },
    {
      tag: `!${name}`,
      collection: "seq" as const,
      resolve: (value: Yaml.YAMLMap | Yaml.YAMLSeq) => wrapped(value.toJSON())
    }
  ]
})

export const parse = (source: string): Template => record(Yaml.parse(source, { customTags: shortForms }))

export const read = (file: string): Template => parse(fs.readFileSync(file, "utf8"))
