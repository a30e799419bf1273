/**
 * Which invocation a record belongs to.
 */
import type * as Fiber from "effect/Fiber"
import * as References from "effect/References"
import { currentIds, CurrentStore } from "../invokeStore.ts"
import type { Ids } from "./record.ts"

export type Annotations = Readonly<Record<string, unknown>>

/** What a fiber logs with: the ids by which the runtime annotates an invocation, and all other annotations. */
export const ofFiber = (
  fiber: Fiber.Fiber<unknown, unknown>
): { readonly ids: Ids; readonly annotations: Annotations } => {
  const annotations = fiber.getRef(References.CurrentLogAnnotations)
  const { requestId, tenantId, traceId, ...others } = annotations
  return typeof requestId === "string"
    ? { ids: { requestId, tenantId: text(tenantId), traceId: text(traceId) }, annotations: others }
    // A program that was started inside a handler knows nothing of the invocation.
    : { ids: currentIds(fiber.getRef(CurrentStore)), annotations }
}

const text = (value: unknown) => typeof value === "string" ? value : undefined
