import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Ecs from "../../src/events/Ecs.ts"
import { decode } from "./codec.ts"

const task = Ecs.sampleTaskStateChange()

const instance = Ecs.sampleContainerInstanceStateChange()

describe("Ecs", () => {
  it.effect("reads the pairs of an attachment", () =>
    Effect.gen(function*() {
      const { detail } = yield* decode(Ecs.TaskStateChange)(task)
      const address = detail.attachments?.[0]?.details?.find(({ name }) => name === "privateIPv4Address")
      assert.strictEqual(address?.value, "10.0.0.139")
    }))

  it.effect("reads times of any fraction of a second", () =>
    Effect.gen(function*() {
      const { detail } = yield* decode(Ecs.TaskStateChange)({
        ...task,
        detail: { ...task.detail, startedAt: "2024-11-13T20:56:36.5Z", stoppedAt: "2024-11-13T21:22:46Z" }
      })
      assert.strictEqual(detail.startedAt?.epochMilliseconds, Date.UTC(2024, 10, 13, 20, 56, 36, 500))
      assert.strictEqual(detail.stoppedAt?.epochMilliseconds, Date.UTC(2024, 10, 13, 21, 22, 46))
    }))

  it.effect("tells a set that is empty from one that is absent", () =>
    Effect.gen(function*() {
      const { detail } = yield* decode(Ecs.ContainerInstanceStateChange)(instance)
      const sets = detail.remainingResources?.map(({ name, stringSetValue }) => [name, stringSetValue?.length])
      assert.deepStrictEqual(sets, [["CPU", undefined], ["MEMORY", undefined], ["PORTS", 5], ["PORTS_UDP", 0]])
    }))
})
