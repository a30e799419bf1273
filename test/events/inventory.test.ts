/** Nothing is left out: every trigger has shapes, every module, and every sample of other libraries is read. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as fs from "node:fs"
import * as path from "node:path"
import { beforeEach } from "vitest"
import { rows } from "./catalogue.ts"
import { misfits } from "./codec.ts"
import { modules } from "./modules.ts"
import { fixtures, fixturesAreThere, fixturesOf, readFixture } from "./shape.ts"

/** Files of other libraries that are nothing that AWS sends or takes, with the place where they are wrong. */
const wrong = [
  {
    file: "go/apigw-custom-auth-response.json",
    at: "policyDocument.Statement[0].Effect",
    because: "`Allow|Deny` stands for one of the two"
  },
  {
    file: "go/cognito-event-userpools-pretokengen.json",
    at: "triggerSource",
    because: "no trigger has the name `PreTokenGen`: rust has corrected it in its copy"
  },
  {
    file: "rust/example-kinesis-firehose-response.json",
    at: "records[0].result",
    because: "`TRANSFORMED_STATE_OK` is a name in rust's code: Firehose wants `Ok`"
  }
]

const shapes = modules.flatMap(({ shapes }) => shapes)

describe("triggers and answers", () => {
  const kinds = new Map(shapes.map(({ kind, name }) => [name, kind]))

  it("have a shape each, but for one that a template of the user's makes", () => {
    assert.deepStrictEqual(rows.filter(({ shapes }) => shapes.length === 0).map(({ title }) => title), [
      "VTL Invoke/BatchInvoke template payload"
    ])
    assert.deepStrictEqual(rows.flatMap(({ shapes }) => shapes).filter((name) => !kinds.has(name)), [])
  })

  it("have shapes of their kind, but for user pools, which want the event back", () => {
    const ofOtherKind = rows.flatMap(({ kind, shapes }) => shapes.filter((name) => kinds.get(name) !== kind))
    assert.deepStrictEqual(ofOtherKind, ["Cognito.PreSignUpEvent"])
  })

  it("are 126 and 38", () => {
    assert.strictEqual(rows.filter(({ kind }) => kind === "request").length, 126)
    assert.strictEqual(rows.filter(({ kind }) => kind === "response").length, 38)
  })

  it("name every module", () => {
    const named = new Set(rows.flatMap(({ shapes }) => shapes).map((name) => name.split(".")[0]))
    assert.deepStrictEqual(modules.filter(({ name }) => !named.has(name)).map(({ name }) => name), [])
  })
})

describe("modules of events", () => {
  it("have their shapes, each under a name of its own", () => {
    const files = fs.readdirSync(path.join(import.meta.dirname, "../../src/events")).map((file) =>
      path.basename(file, ".ts")
    )
    // It has codecs of a field each, and no events.
    const withEvents = files.filter((name) => name !== "Timestamp").toSorted()
    assert.deepStrictEqual(modules.map(({ name }) => name), withEvents)
    assert.isTrue(modules.every(({ shapes }) => shapes.length > 0))
    const names = shapes.map(({ name }) => name)
    assert.deepStrictEqual(names.filter((name, index) => names.indexOf(name) !== index), [])
  })
})

describe("samples of other libraries", () => {
  beforeEach((context) => {
    if (!fixturesAreThere) context.skip("../shared/fixtures is not part of the project")
  })

  const whole = fixtures.filter(({ kind }) => kind === "event" || kind === "response")

  it("are all read", () => {
    const read = new Set(shapes.flatMap(fixturesOf).map(({ file }) => file))
    const expected = whole.filter(({ file }) => !wrong.some((sample) => sample.file === file))
    const missing = expected.filter(({ file }) => !read.has(file)).map(({ eventType, file }) =>
      `${file} (${eventType})`
    )
    assert.deepStrictEqual(
      missing,
      [],
      `${expected.length - missing.length} of ${expected.length} are read, and not:\n${missing.join("\n")}\n`
    )
    assert.strictEqual(expected.length, whole.length - wrong.length)
  })

  it.effect.each(wrong)("refuse $file: $because", ({ at, file }) =>
    Effect.gen(function*() {
      const type = fixtures.find((fixture) => fixture.file === file)?.eventType ?? ""
      const candidates = shapes.filter((shape) => shape.fixtures?.includes(type))
      assert.isAbove(candidates.length, 0)
      for (const { schema } of candidates) assert.include(yield* misfits(schema)(readFixture(file)), at)
    }))
})
