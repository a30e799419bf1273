/**
 * `npm run events`: writes docs/events.md, the catalogue of src/events, from the modules, their docstrings and the shapes
 * that their tests have. `npm run events -- --check` writes nothing, and fails when the page says something else.
 */
import * as Schema from "effect/Schema"
import * as fs from "node:fs"
import * as path from "node:path"
import { parseSync } from "rolldown/utils"
import { readDocstrings } from "../test/doctest/docstrings.ts"
import { modules } from "../test/events/modules.ts"
import { type Example, print, snippetOf, type Subject } from "./eventSnippets.ts"

const projectFolder = path.join(import.meta.dirname, "..")
const page = path.join(projectFolder, "docs/events.md")

/** Where a reader looks for a source; the modules of a group in the order in which they are told. */
const groups: Readonly<Record<string, ReadonlyArray<string>>> = {
  "HTTP and APIs": [
    "ApiGatewayV2",
    "ApiGatewayV1",
    "FunctionUrl",
    "Alb",
    "VpcLattice",
    "WebSocket",
    "Authorizer",
    "AppSync",
    "LambdaEdge"
  ],
  "Queues, topics and brokers": ["Sqs", "Sns", "Ses", "ActiveMq", "RabbitMq"],
  "Streams and logs": ["Kinesis", "Kafka", "Firehose", "KinesisAnalytics", "CloudWatchLogs"],
  "Storage and databases": ["S3", "S3Batch", "S3ObjectLambda", "DynamoDb", "DocumentDb"],
  "Buses, pipes and schedules": ["EventBridge", "Pipes", "Scheduler"],
  "Events of AWS services, by way of EventBridge": [
    "S3EventBridge",
    "Ec2",
    "AutoScaling",
    "Ecs",
    "Ecr",
    "CodeBuild",
    "CodeDeploy",
    "CodePipeline",
    "CloudTrail",
    "GuardDuty",
    "Health",
    "ControlTower",
    "Kms",
    "Ssm",
    "Tag",
    "TrustedAdvisor",
    "Glue",
    "Emr",
    "GameLift",
    "Macie",
    "OpsWorks",
    "ServerMigration"
  ],
  "User pools and identities": ["Cognito", "CognitoSync"],
  "Infrastructure and operations": [
    "CloudFormation",
    "CdkProvider",
    "CodeCommit",
    "Config",
    "SecretsManager",
    "CloudWatchAlarm",
    "CloudWatchWidget",
    "StepFunctions",
    "LambdaDestination",
    "TransferFamily",
    "ClientVpn"
  ],
  "Conversations, agents and devices": ["BedrockAgent", "Connect", "LexV2", "LexV1", "Alexa", "ChimeBot", "Iot"]
}

/** What has a shape, and is a part of an event. */
const parts = /^(AppSync\.Identity|CloudWatchAlarm\.ReasonData|.*Detail)$/

interface Docstring {
  /** The first sentence. */
  readonly summary: string
  readonly see: ReadonlyArray<string>
  readonly examples: ReadonlyArray<string>
}

interface Module {
  readonly name: string
  readonly docstring: Docstring
  readonly subjects: ReadonlyArray<Subject & { readonly docstring: Docstring }>
  readonly examples: ReadonlyArray<Example>
  /** Its functions that make schemas, and those that make samples. */
  readonly constructors: ReadonlyArray<string>
  readonly samples: ReadonlyArray<string>
}

const readModule = async (name: string): Promise<Module> => {
  const file = path.join(projectFolder, "src/events", `${name}.ts`)
  const docstrings = docstringsOf(file)
  const of = (export_: string): Docstring => docstrings.get(export_) ?? { summary: "", see: [], examples: [] }
  const exports: Readonly<Record<string, unknown>> = await import(file)
  const shapes = modules.find((module) => module.name === name)?.shapes ?? []
  const functions = Array.from(docstrings.keys()).filter((export_) => typeof exports[export_] === "function")
  return {
    name,
    docstring: of(""),
    subjects: Array.from(docstrings.keys()).flatMap((export_) => {
      const schema = exports[export_]
      const shape = Schema.isSchema(schema) ? shapes.find((shape) => shape.schema.ast === schema.ast) : undefined
      return shape === undefined || parts.test(`${name}.${export_}`) ? [] : [{
        module: name,
        name: export_,
        kind: shape.kind === "request" ? "event" as const : "result" as const,
        schema: shape.schema,
        sample: shape.samples[0],
        docstring: of(export_),
        examples: of(export_).examples
      }]
    }),
    examples: Array.from(docstrings, ([of, { examples }]) => examples.map((code) => ({ of, code }))).flat(),
    constructors: functions.filter((export_) => /(Of|FromBytes)$/.test(export_)),
    samples: functions.filter((export_) => export_.startsWith("sample"))
  }
}

/** What is said of the values that a module exports, in their order, and under `""` of the module. */
const docstringsOf = (file: string): ReadonlyMap<string, Docstring> => {
  const source = fs.readFileSync(file, "utf8")
  return new Map(
    readDocstrings(source, parseSync(file, source)).flatMap(({ end, lines, start }) => {
      const name = start === 0 ? "" : /^\s*export const (\w+)/.exec(source.slice(end))?.[1]
      return name === undefined ? [] : [[name, read(lines.join("\n"))]]
    })
  )
}

const read = (text: string): Docstring => ({
  summary: summaryOf(text),
  see: Array.from(text.matchAll(/^@see (https:\S+)$/gm), ([, url = ""]) => url),
  examples: Array.from(text.matchAll(/^```ts\n(.*?)\n```$/gms), ([, code = ""]) => code)
})

const summaryOf = (text: string): string => {
  const paragraph = text.trim().split("\n\n")[0]?.replaceAll("\n", " ") ?? ""
  const plain = paragraph.replace(/\{@link (\S+?)\}/g, "`$1`").replace(/\{@link (\S+) ([^}]+)\}/g, "[$2]($1)")
  return plain.replace(/(?<=[^.]\.) .*/, "")
}

const renderGroup = (title: string, modules: ReadonlyArray<Module>): string =>
  [`## ${title}\n`, renderTable(modules), ...modules.map(renderModule)].join("\n")

const renderTable = (modules: ReadonlyArray<Module>): string => {
  const rows = modules.flatMap((module) =>
    module.subjects.map((subject) => [
      `[${module.name}](#${module.name.toLowerCase()})`,
      `\`${subject.name}\``,
      kindOf(subject, snippetOf(subject, module)),
      subject.docstring.summary,
      `[AWS](${subject.docstring.see[0] ?? module.docstring.see[0]})`
    ])
  )
  return [["Module", "Schema", "Kind", "What it is", "Documentation"], Array(5).fill("---"), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |\n`)
    .join("")
}

const renderModule = (module: Module): string => {
  const { constructors, docstring, name, samples, subjects } = module
  const shown = new Map<string, string>()
  return [
    `### ${name}\n`,
    `${docstring.summary}\n`,
    `\`import * as ${name} from "effect-lambda-runtime/events/${name}"\`\n`,
    ...constructors.length === 0 ? [] : [`For payloads of your own: ${listed(constructors)}.\n`],
    ...samples.length === 0 ? [] : [`Samples: ${listed(samples)}.\n`],
    ...subjects.map((subject) => {
      const snippet = snippetOf(subject, module)
      const before = shown.get(snippet)
      shown.set(snippet, before ?? subject.name)
      return [
        `<details><summary><code>${name}.${subject.name}</code>, ${kindOf(subject, snippet)}</summary>\n`,
        `\`\`\`json\n${print(subject.sample, "json")}\n\`\`\`\n`,
        before === undefined ? `\`\`\`ts\n${snippet}\n\`\`\`\n` : `The handler is that of \`${before}\`.\n`,
        "</details>\n"
      ].join("\n")
    })
  ].join("\n")
}

/** Some triggers want their event back. */
const kindOf = ({ kind, module, name }: Subject, snippet: string): string =>
  kind === "event" && new RegExp(`\\bresult: ${module}\\.${name}\\b`).test(snippet) ? "event and result" : kind

const listed = (names: ReadonlyArray<string>): string => names.map((name) => `\`${name}\``).join(", ")

const render = async (): Promise<string> => {
  const inGroups = new Set(Object.values(groups).flat())
  const strays = modules.map(({ name }) => name).filter((name) => !inGroups.has(name))
  if (strays.length > 0) throw new Error(`scripts/events.ts has no group for ${strays.join(", ")}`)
  const sections = await Promise.all(
    Object.entries(groups).map(async ([title, names]) => renderGroup(title, await Promise.all(names.map(readModule))))
  )
  return [introduction, ...sections].join("\n")
}

const introduction = `# Events

<!-- Written by \`npm run events\` from src/events and its tests. Change them, not this page. -->

Schemas of what AWS sends to functions, and of what it reads from their answers. Each source has a module of its own, and
a function holds those that it imports and no other:

\`\`\`ts
import * as Sqs from "effect-lambda-runtime/events/Sqs"
import * as Handler from "effect-lambda-runtime/Handler"
import * as Lambda from "effect-lambda-runtime/Lambda"
import * as NodeLambda from "effect-lambda-runtime/NodeLambda"
import * as Effect from "effect/Effect"

const handler = Handler.make({ event: Sqs.Event }, ({ Records }) =>
  Effect.forEach(Records, ({ body, attributes }) => Effect.log(body, attributes.SentTimestamp), { discard: true }))

NodeLambda.runMain(Lambda.serve(handler))
\`\`\`

Names are AWS's own. An event that does not fit never reaches the handler: it is an \`EventError\`, which names the place
and says what the event looks like. Keys that AWS has added since are no error.

## Payloads of your own

\`eventOf\` makes the schema of an event whose payload is JSON of your shape, and \`recordOf\` that of one record. They
compose, so that a queue which is subscribed to a topic is \`Sqs.eventOf(Sns.notificationOf(Order))\`. Where the payload
is bytes, \`eventFromBytes\` takes a schema that reads them.

\`\`\`ts
import * as Sns from "effect-lambda-runtime/events/Sns"
import * as Sqs from "effect-lambda-runtime/events/Sqs"
import * as Schema from "effect/Schema"

const Order = Schema.Struct({ id: Schema.String, placedAt: Schema.DateTimeUtcFromString })
const Orders = Sqs.eventOf(Sns.notificationOf(Order))

const event = Sqs.sample(Sns.sampleNotification({ id: "o-1", placedAt: "2026-01-02T03:04:05.678Z" }))
Schema.decodeUnknownSync(Orders)(event).Records.map(({ body }) => body.Message.id) // => ["o-1"]
\`\`\`

## What becomes of the fields

| On the wire | In the handler |
| --- | --- |
| what may be absent or null | \`field?: X \\| null\`, as it came: read it with \`??\` and \`?.\`. Nothing is invented |
| times, in any of AWS's ten formats | \`DateTime.Utc\` of \`effect/DateTime\`, but in events of HTTP, which stay as they are: the docs of their fields name the codec of \`effect-lambda-runtime/events/Timestamp\` |
| passwords, tokens and keys | \`Redacted\`: logs show \`<redacted>\`, \`Redacted.value\` gives the text |
| base64 | \`Uint8Array\`, or your shape with \`eventOf\` |
| base64 of gzip, as CloudWatch Logs sends it | what is in it, up to 32 MiB |
| names of an open set: methods, states, storage classes | the known ones and any other text: \`"PUT" \\| "GET" \\| (string & {})\` |
| numbers that JavaScript would round: sequence numbers, offsets of text | \`string\`; \`BigDecimal\` in DynamoDB |
| ids, ARNs, addresses | \`string\`, not checked |

In a result \`undefined\` is left out.

## Batches

\`Batch\` decodes and processes the records of a queue or a stream one by one, and answers which of them have to be
delivered again. One that cannot be decoded fails alone:

\`\`\`ts
import * as Batch from "effect-lambda-runtime/Batch"
import * as Sqs from "effect-lambda-runtime/events/Sqs"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

const Order = Schema.Struct({ id: Schema.String })

const ship = Batch.sqs({ record: Sqs.recordOf(Order), concurrency: 5 }, ({ body }) => Effect.log(body.id))
\`\`\`

## Several sources

\`Handler.match\` makes one handler of several. The first whose event decodes serves it:

\`\`\`ts
import * as Alb from "effect-lambda-runtime/events/Alb"
import * as ApiGatewayV2 from "effect-lambda-runtime/events/ApiGatewayV2"
import * as Handler from "effect-lambda-runtime/Handler"
import * as Effect from "effect/Effect"

const answer = (body: string) => Effect.succeed({ statusCode: 200, body })

const api = Handler.make({ event: ApiGatewayV2.Event, result: ApiGatewayV2.Result }, ({ rawPath }) => answer(rawPath))
const balancer = Handler.make({ event: Alb.Event, result: Alb.Result }, ({ path }) => answer(path))

const handler = Handler.match(api, balancer)
\`\`\`

## Samples

Every module has functions that make samples of its events, for tests and for the command line: \`effect-lambda events\`
lists them, and \`effect-lambda invoke --sample sqs\` sends one. The samples below are those, and answers as AWS reads
them; what is compressed is cut short. \`it.effect.prop\` of \`@effect/vitest\` makes any number of others from a schema.
`

const written = fs.existsSync(page) ? fs.readFileSync(page, "utf8") : ""
const told = await render()
if (!process.argv.includes("--check")) {
  fs.writeFileSync(page, told)
} else if (written !== told) {
  console.error("docs/events.md is not what src/events says: npm run events")
  process.exitCode = 1
}
