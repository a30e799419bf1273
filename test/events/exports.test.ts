/** Every schema that a module of `src/events` exports makes values of its own, and those come back as they went. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as SchemaParser from "effect/SchemaParser"
import * as fs from "node:fs"
import * as path from "node:path"
import { hasEscapedKey } from "./escapedKeys.ts"
import { modules } from "./modules.ts"

interface Export {
  readonly name: string
  readonly schema: Schema.Codec<unknown, unknown>
  /** Whether it is what a function is given or answers, and no part of that. */
  readonly isWhole: boolean
}

const folder = path.join(import.meta.dirname, "../../src/events")

const isCodec = (value: unknown): value is Schema.Codec<unknown, unknown> => Schema.isSchema(value)

const isEventBridgeEvent = (schema: object): boolean =>
  "fields" in schema && typeof schema.fields === "object" && schema.fields !== null && "detail-type" in schema.fields

const exports: ReadonlyArray<Export> = (await Promise.all(
  fs.readdirSync(folder).toSorted().map(async (file) => {
    const module: Readonly<Record<string, unknown>> = await import(path.join(folder, file))
    return Object.entries(module).flatMap(([name, schema]): ReadonlyArray<Export> =>
      !isCodec(schema) ? [] : [{
        name: `${path.basename(file, ".ts")}.${name}`,
        schema,
        isWhole: /(Event|Request|Result|Response)(V\d)?$/.test(name) || Object.hasOwn(module, `sample${name}`) ||
          isEventBridgeEvent(schema)
      }]
    )
  })
)).flat()

/** As JSON sees it: without `undefined`, and without the identity of the value. */
const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

/** What is named like a whole event, or has a sample, and has no shape of its own. */
const parts = {
  "Alexa.Request": "a part of Event",
  "CloudFormation.CreateEvent": "a member of Event",
  "CloudFormation.UpdateEvent": "a member of Event",
  "CloudFormation.DeleteEvent": "a member of Event",
  "CloudWatchLogs.LogEvent": "a part of Data",
  "CloudWatchLogs.Compressed": "bytes, and Event is these in base64",
  "CloudWatchWidget.DescribeEvent": "a member of Event",
  "Config.InvokingEvent": "a part of Event",
  "LambdaEdge.Request": "a part of RequestEvent",
  "LambdaEdge.Response": "a part of ResponseEvent",
  "LambdaEdge.GeneratedResponse": "a member of RequestResult",
  "LexV2.Slot": "a part of Event",
  "Pipes.KinesisRecord": "an element of Event",
  "Pipes.KafkaRecord": "an element of Event"
}

const ofShapes = new Set(modules.flatMap(({ shapes }) => shapes).map(({ schema }) => schema.ast))

const withoutShape = exports.filter(({ schema }) => !ofShapes.has(schema.ast))

describe("events and results", () => {
  it("are found", () => {
    for (const name of ["Sqs.Event", "Sqs.BatchResponse", "Ec2.InstanceStateChange", "Sns.Confirmation"]) {
      assert.isTrue(exports.some((found) => found.name === name && found.isWhole), name)
    }
    assert.isFalse(exports.some((found) => found.name === "Sqs.Record" && found.isWhole))
    assert.isAbove(exports.filter(({ isWhole }) => isWhole).length, 200)
  })

  // The laws of shapes.test.ts hold for every shape: one of them is that values of its Arbitrary come back.
  it("have shapes, but for parts that have such names", () => {
    assert.deepStrictEqual(withoutShape.filter(({ isWhole }) => isWhole).map(({ name }) => name), Object.keys(parts))
  })
})

describe("parts of events", () => {
  for (const { name, schema } of withoutShape) {
    const codec = Schema.toCodecJson(schema)
    const decode = SchemaParser.decodeUnknownEffect(codec)
    const encode = SchemaParser.encodeUnknownEffect(codec)

    it.effect.prop(`${name} gives back every value that it encodes`, [schema], ([value]) =>
      Effect.gen(function*() {
        if (hasEscapedKey(value)) return
        const encoded = asJson(yield* encode(value))
        assert.deepStrictEqual(asJson(yield* encode(yield* decode(encoded))), encoded)
      }), { arbitrary: { runs: 20 } })
  }
})
