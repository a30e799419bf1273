/**
 * Which invocation a record belongs to.
 */
import * as Context from "effect/Context"
import type * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as References from "effect/References"
import { Invocation } from "../../Invocation.ts"
import { currentIds, CurrentStore } from "../invokeStore.ts"
import type { Ids } from "./record.ts"

export type Annotations = Readonly<Record<string, unknown>>

/** What a fiber logs with: the ids of its invocation, and all other annotations. */
export const ofFiber = (
  fiber: Fiber.Fiber<unknown, unknown>
): { readonly ids: Ids; readonly annotations: Annotations } => {
  const annotations = fiber.getRef(References.CurrentLogAnnotations)
  const ids = idsOf(fiber, annotations)
  const others: Record<string, unknown> = {}
  for (const name of Object.keys(annotations)) {
    // A program may have ids of its own that go by the same names, and are no less worth having.
    if (annotations[name] !== Reflect.get(ids, name)) others[name] = annotations[name]
  }
  return { ids, annotations: others }
}

const idsOf = (fiber: Fiber.Fiber<unknown, unknown>, { requestId, tenantId, traceId }: Annotations): Ids => {
  const invocation = Context.getOrUndefined(fiber.context, Invocation)
  if (invocation !== undefined) {
    return {
      requestId: invocation.requestId,
      tenantId: Option.getOrUndefined(invocation.tenantId),
      traceId: Option.getOrUndefined(invocation.traceId)
    }
  }
  return typeof requestId === "string"
    // The runtime annotates what it says about an invocation from outside of it.
    ? { requestId, tenantId: text(tenantId), traceId: text(traceId) }
    // A program that was started inside a handler knows nothing of the invocation.
    : currentIds(fiber.getRef(CurrentStore))
}

const text = (value: unknown) => typeof value === "string" ? value : undefined
