/**
 * Handlers for docs/events.md: those of the docstrings, where a docstring has one, and else one for each schema.
 */
import * as Schema from "effect/Schema"
import * as Batch from "../src/Batch.ts"

/** A schema of a page, and what its module says of it. */
export interface Subject {
  readonly module: string
  readonly name: string
  readonly kind: "event" | "result"
  readonly schema: Schema.Codec<unknown, unknown>
  /** As AWS sends it, or reads it. */
  readonly sample: unknown
  /** The `ts` blocks of its docstring. */
  readonly examples: ReadonlyArray<string>
}

/** An example of another export of the module. */
export interface Example {
  readonly of: string
  readonly code: string
}

const lineWidth = 100

/** What is answered, where the names of the two do not tell. */
const answeredBy: Readonly<Record<string, string>> = {
  "Authorizer.RequestEventV1": "PolicyResult",
  "Authorizer.WebSocketRequestEvent": "PolicyResult"
}

/** Of the schema itself, of another of its module that shows it, or of its payloads; and where there is none, made. */
export const snippetOf = (
  subject: Subject,
  { examples, subjects }: { readonly examples: ReadonlyArray<Example>; readonly subjects: ReadonlyArray<Subject> }
): string => {
  const { kind, module, name } = subject
  const shows = new RegExp(`\\b${module}\\.${name}\\b`)
  const payloads = `${name.charAt(0).toLowerCase()}${name.slice(1)}Of`
  return subject.examples.find(isHandler) ??
    examples.find(({ code }) => isHandler(code) && shows.test(code))?.code ??
    examples.find(({ code, of }) => isHandler(code) && of === payloads)?.code ??
    (kind === "event" ? ofEvent(subject, subjects) : ofResult(subject, subjects))
}

const isHandler = (code: string) => /\b(Handler|Batch)\.\w+\(/.test(code)

const ofEvent = (event: Subject, subjects: ReadonlyArray<Subject>): string => {
  const { module, name, sample, schema } = event
  const result = subjects.find((other) =>
    other.kind === "result" && (other.name === answeredBy[`${module}.${name}`] || isAnswer(event, other))
  )
  if (result !== undefined) return answering(event, result)
  // A trigger of a user pool answers its event.
  if ("triggerSource" in fieldsOf(schema)) {
    const both = [`event: ${module}.${name}`, `result: ${module}.${name}`]
    return program(module, handler(both, "event", "Effect.as(Effect.log(event.userName), event)"))
  }
  return program(module, handler([`event: ${module}.${name}`], ...logging(schema, sample)))
}

const ofResult = (result: Subject, subjects: ReadonlyArray<Subject>): string => {
  const { examples: [example], module, name } = result
  const events = subjects.filter(({ kind }) => kind === "event")
  const batch = `${module.charAt(0).toLowerCase()}${module.slice(1)}`
  if (name === "BatchResponse" && batch in Batch) {
    const log = logOf("record", firstOf(events[0]?.sample))
    return program(module, `const handler = Batch.${batch}({ record: ${module}.Record }, (record) =>\n  ${log})`)
  }
  if (example !== undefined) return example
  const version = /V\d$/.exec(name)?.[0] ?? ""
  const event = events.find((event) => isAnswer(event, result)) ??
    events.find(({ name }) => version !== "" && name.endsWith(version)) ?? events[0]
  return answering(event, result)
}

/** The first element of the first list, however deep. */
const firstOf = (value: unknown): unknown =>
  Array.isArray(value)
    ? value[0]
    : Object.values(membersOf(value)).map(firstOf).find((element) => element !== undefined)

/** `PublishResult` is the answer to `PublishEvent`, and a plain `Result` to an `Event` of any version. */
const isAnswer = (event: Subject, result: Subject): boolean =>
  event.name.replace(/(Event|Request)(V\d)?$/, "") === result.name.replace(/Result$|(?<=.)Response$/, "")

/** A handler that answers the sample. */
const answering = (event: Subject | undefined, { module, name, sample, schema }: Subject): string => {
  const type = `${module}.${name}`
  // What is encoded otherwise than it is written cannot be written here.
  const value = Schema.is(schema)(sample)
    ? `const answer: ${type} = ${print(sample, "code")}`
    : `const answer = Schema.decodeUnknownSync(${type})(${print(sample, "code")})`
  const asked = event === undefined ? "Schema.Json" : `${module}.${event.name}`
  return program(module, `${value}\n\n${handler([`event: ${asked}`, `result: ${type}`], "", "Effect.succeed(answer)")}`)
}

const handler = (options: ReadonlyArray<string>, parameter: string, body: string): string => {
  const line = `const handler = Handler.make({ ${options.join(", ")} }, (${parameter}) =>`
  const first = line.length <= lineWidth
    ? line
    : `const handler = Handler.make({\n${options.map((option) => `  ${option}`).join(",\n")}\n}, (${parameter}) =>`
  return `${first}\n  ${body})`
}

/** Two things of an event: all of it may hold credentials. */
const logging = (schema: object, sample: unknown): readonly [parameter: string, body: string] => {
  if (Array.isArray(sample)) return ["records", "Effect.log(`${records.length} records`)"]
  const { detail, Records: records } = membersOf(sample)
  if (Array.isArray(records)) {
    const log = logOf("record", records[0])
    return ["{ Records }", `Effect.forEach(Records, (record) => ${log}, { discard: true })`]
  }
  const fields = membersOf(fieldsOf(schema))
  return "detail-type" in fields && fields["detail"] !== Schema.Json && toldOf("detail", detail).length > 0
    ? ["{ detail }", logOf("detail", detail)]
    : ["event", logOf("event", sample)]
}

const logOf = (name: string, sample: unknown): string => {
  const told = toldOf(name, sample)
  return told.length === 0 ? `Effect.log(Object.keys(${name}))` : `Effect.log(${told.slice(0, 2).join(", ")})`
}

const toldOf = (name: string, sample: unknown): ReadonlyArray<string> =>
  Object.entries(membersOf(sample))
    .filter(([key, value]) => /string|number|boolean/.test(typeof value) && !dull.test(key))
    .map(([key]) => isIdentifier(key) ? `${name}.${key}` : `${name}[${JSON.stringify(key)}]`)

/** Says nothing of what happened, or is nobody's business. */
const dull = /version|^type$|token|secret|password|credential|handle|url|source$|region$|account/i

const membersOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {}

/** The fields of a struct, whatever is wrapped around it. */
const fieldsOf = (schema: object): object => {
  if ("fields" in schema && typeof schema.fields === "object" && schema.fields !== null) return schema.fields
  return "schema" in schema && typeof schema.schema === "object" && schema.schema !== null
    ? fieldsOf(schema.schema)
    : {}
}

const isIdentifier = (text: string): boolean => /^[A-Za-z_]\w*$/.test(text)

const program = (module: string, code: string): string => {
  const imports = {
    "effect-lambda-runtime/Batch": "Batch",
    [`effect-lambda-runtime/events/${module}`]: module,
    "effect-lambda-runtime/Handler": "Handler",
    "effect/Effect": "Effect",
    "effect/Schema": "Schema"
  }
  return [
    ...Object.entries(imports).flatMap(([from, name]) =>
      new RegExp(`\\b${name}\\.`).test(code) ? [`import * as ${name} from "${from}"`] : []
    ),
    "",
    code
  ].join("\n")
}

/** JSON, or the same as code, with what fits into a line on one line. */
export const print = (value: unknown, as: "json" | "code", indent = "", column = 0): string => {
  if (typeof value !== "object" || value === null) return JSON.stringify(shortened(value, as))
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"]
  const pad = Array.isArray(value) ? "" : " "
  const inner = `${indent}  `
  const items = Object.entries(value).flatMap(([key, item]) => {
    if (item === undefined) return []
    const label = Array.isArray(value)
      ? ""
      : `${as === "code" && isIdentifier(key) ? key : JSON.stringify(key)}: `
    return [label + print(item, as, inner, inner.length + label.length)]
  })
  if (items.length === 0) return open + close
  const line = `${open}${pad}${items.join(", ")}${pad}${close}`
  return !line.includes("\n") && column + line.length <= lineWidth
    ? line
    : `${open}\n${items.map((item) => inner + item).join(",\n")}\n${indent}${close}`
}

/** What is compressed is other bytes with every version of Node, and nothing to read. */
const shortened = (value: unknown, as: "json" | "code"): unknown =>
  as === "json" && typeof value === "string" && value.startsWith("H4sI") ? `${value.slice(0, 10)}…` : value
