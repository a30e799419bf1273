import { describe } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as LambdaResponse from "../../src/LambdaResponse.ts"
import { type Answer, fault, type Stage } from "../support/faultyFunction.ts"

const acceptOne = ({ accept, give }: Stage) => Effect.andThen(give("a"), accept)

const failing = (happens: string, answer: () => Answer, reported: string, logged: string = reported): void =>
  fault({
    fault: happens,
    answer,
    script: acceptOne,
    sees: ["next", `a/error ${reported}`, "next"],
    logs: [`ERROR the invocation failed ${logged}`]
  })

const unreadable = (...keys: ReadonlyArray<string>): object =>
  Object.defineProperties(
    {},
    Object.fromEntries(keys.map((key) => [key, {
      enumerable: true,
      get: () => {
        throw new Error("do not read this")
      }
    }]))
  )

const revoked = (): unknown => {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

const nested = (depth: number): Error => {
  let error = new Error("the first cause")
  for (let level = 0; level < depth; level++) error = new Error(`level ${level}`, { cause: error })
  return error
}

const fin = "Error: the finalizer fails"

describe("Errors that are hard to tell", () => {
  for (const key of ["_tag", "name", "message", "stack", "cause", "anything"]) {
    failing(
      `the handler fails with an object whose property \`${key}\` throws when it is read`,
      () => Effect.fail(unreadable(key)),
      "object: [object Object]"
    )
  }
  failing("the handler fails with a proxy that is revoked", () => Effect.fail(revoked()), "object: it cannot be read")
  failing(
    "the handler fails with an error whose stack is no text",
    () => Effect.fail(Object.assign(new Error("odd"), { stack: ["at tea"] })),
    "Error: odd"
  )
  failing(
    "the handler fails with an error that has 20,000 causes",
    () => Effect.fail(nested(20_000)),
    "Error: level 19999"
  )

  fault({
    fault: "the handler fails with an error whose message has 10,000,000 characters",
    answer: () => Effect.fail(new Error("x".repeat(10_000_000))),
    script: acceptOne,
    sees: ["next", "a/error Error: 131072 characters", "next"],
    logs: [`ERROR the invocation failed Error: ${"x".repeat(10_000_000)}`]
  })

  failing(
    "the head of a streamed answer is no JSON, which the compiler would have refused",
    () =>
      Effect.sync(() => LambdaResponse.http({ headers: JSON.parse("{}", () => ({ toJSON: () => 1n })), body: "tea" })),
    "TypeError: Do not know how to serialize a BigInt"
  )
  fault({
    fault: "an element of a streamed answer is no text and no bytes, which the compiler would have refused",
    answer: () => Effect.sync(() => LambdaResponse.stream(Stream.make("one", JSON.parse("12")))),
    script: acceptOne,
    sees: ["next", "↻ a/error TypeError: Cannot read properties of undefined (reading 'toString')", "next"],
    logs: ["ERROR the invocation failed TypeError: Cannot read properties of undefined (reading 'toString')"]
  })

  fault({
    fault: "a finalizer in the scope of a stream dies once the stream has ended",
    answer: () =>
      Effect.succeed(LambdaResponse.stream(Stream.unwrap(Effect.as(
        Effect.addFinalizer(() => Effect.die(new Error("the finalizer fails"))),
        Stream.make("one", "two")
      )))),
    script: acceptOne,
    sees: ["next", "a/response one + two", "next"],
    logs: [`ERROR the invocation failed ${fin}`]
  })
})
