import * as Context from "effect/Context"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"

export interface Caller {
  readonly name: string
  readonly role: "reader" | "writer"
}

export class UnknownCaller extends Data.TaggedError("UnknownCaller") {}

/** Who has which token. */
export class Callers extends Context.Service<Callers, {
  readonly find: (authorization: Redacted.Redacted<string>) => Effect.Effect<Caller, UnknownCaller>
}>()("Callers") {
  /** In memory; an identity provider would be another layer. */
  static readonly layer = Layer.sync(Callers, () => {
    const callers = new Map<string, Caller>([["Bearer janes-secret", { name: "jane", role: "reader" }]])
    return {
      find: (authorization) => {
        const caller = callers.get(Redacted.value(authorization))
        return caller === undefined ? Effect.fail(new UnknownCaller()) : Effect.succeed(caller)
      }
    }
  })
}
