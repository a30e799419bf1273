/**
 * One run of a process that decodes the same event again and again: microseconds of CPU for each, from its text to what
 * a handler is given.
 *
 * Run with the name of a contender, this is that process.
 */
import * as Schema from "effect/Schema"
import * as SchemaParser from "effect/SchemaParser"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import * as ApiGatewayV1 from "../../src/events/ApiGatewayV1.ts"
import * as ApiGatewayV2 from "../../src/events/ApiGatewayV2.ts"
import * as Sqs from "../../src/events/Sqs.ts"

/** What is decoded, by the name of its metric. */
const events = {
  httpApi: { sample: ApiGatewayV2.sample(), schema: ApiGatewayV2.Event, powertools: "APIGatewayProxyEventV2Schema" },
  restApi: { sample: ApiGatewayV1.sample(), schema: ApiGatewayV1.Event, powertools: "APIGatewayProxyEventSchema" },
  sqs: {
    // As many as an event source mapping delivers at once where nobody says otherwise.
    sample: Sqs.sample(...Array.from({ length: 10 }, (_, index) => ({ id: `o-${index}`, total: 19.9 }))),
    schema: Sqs.Event,
    powertools: "SqsSchema"
  }
} as const

type EventName = keyof typeof events

const warmUp = 20_000
const measured = 50_000

export const measureDecoding = async (
  contender: string,
  nodeArguments: ReadonlyArray<string>
): Promise<Readonly<Record<EventName, number>>> => {
  const child = spawn(process.execPath, [...nodeArguments, fileURLToPath(import.meta.url), contender], {
    stdio: ["ignore", "pipe", "inherit"]
  })
  let output = ""
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text
  })
  const [code] = await once(child, "close")
  if (code !== 0) throw new Error(`decoding by ${contender} exited with ${code}`)
  return JSON.parse(output)
}

type Decode = (json: unknown) => unknown

const decoder = async (contender: string, name: EventName): Promise<Decode> => {
  const { powertools, schema } = events[name]
  switch (contender) {
    case "jsonParse":
      return (json) => json
    case "powertools": {
      // By a name that the compiler does not follow: the package is there only where it is measured.
      const specifier: string = "@aws-lambda-powertools/parser/schemas"
      const schemas: Readonly<Record<string, { readonly parse: Decode }>> = await import(specifier)
      const theirs = schemas[powertools]
      if (theirs === undefined) throw new Error(`${specifier} has no ${powertools}`)
      return (json) => theirs.parse(json)
    }
    default:
      return SchemaParser.decodeUnknownSync(Schema.toCodecJson(schema))
  }
}

const measure = async (contender: string, name: EventName): Promise<number> => {
  const text = JSON.stringify(events[name].sample)
  const decode = await decoder(contender, name)
  let decoded: unknown
  const repeat = (times: number) => {
    for (let time = 0; time < times; time++) decoded = decode(JSON.parse(text))
  }
  repeat(warmUp)
  const before = process.cpuUsage()
  repeat(measured)
  const { system, user } = process.cpuUsage(before)
  if (decoded === undefined) throw new Error("nothing was decoded")
  return (user + system) / measured
}

if (import.meta.main) {
  const contender = process.argv[2] ?? "ours"
  console.log(JSON.stringify({
    httpApi: await measure(contender, "httpApi"),
    restApi: await measure(contender, "restApi"),
    sqs: await measure(contender, "sqs")
  }))
}
