import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

/** Who is connected. */
export class Room extends Context.Service<Room, {
  readonly enter: (connectionId: string, name: string) => Effect.Effect<void>
  readonly leave: (connectionId: string) => Effect.Effect<void>
  /** Names by connections. */
  readonly people: Effect.Effect<ReadonlyMap<string, string>>
}>()("Room") {
  /**
   * In memory, which is enough for one execution environment: give the function a reserved concurrency of 1, or keep the
   * room in a table.
   */
  static readonly layer = Layer.sync(Room, () => {
    const people = new Map<string, string>()
    return {
      enter: (connectionId, name) => Effect.sync(() => void people.set(connectionId, name)),
      leave: (connectionId) => Effect.sync(() => void people.delete(connectionId)),
      people: Effect.sync(() => new Map(people))
    }
  })
}
