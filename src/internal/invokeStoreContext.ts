/**
 * The ids of the current invocation where libraries look for them: the AWS SDK and Powertools for AWS Lambda read
 * `globalThis.awslambda.InvokeStore`. This is that object, as the npm package defines it for those who share it.
 *
 * https://github.com/awslabs/aws-lambda-invoke-store
 */
import * as Option from "effect/Option"
import { AsyncLocalStorage } from "node:async_hooks"
import type { Invocation } from "../Invocation.ts"

const requestIdKey: unique symbol = Symbol.for("_AWS_LAMBDA_REQUEST_ID")
const traceIdKey: unique symbol = Symbol.for("_AWS_LAMBDA_X_RAY_TRACE_ID")
const tenantIdKey: unique symbol = Symbol.for("_AWS_LAMBDA_TENANT_ID")
const traceparentKey: unique symbol = Symbol.for("_AWS_LAMBDA_TRACEPARENT")
const tracestateKey: unique symbol = Symbol.for("_AWS_LAMBDA_TRACESTATE")
const baggageKey: unique symbol = Symbol.for("_AWS_LAMBDA_BAGGAGE")

const protectedKeys: ReadonlySet<string | symbol> = new Set([
  requestIdKey,
  traceIdKey,
  tenantIdKey,
  traceparentKey,
  tracestateKey,
  baggageKey
])

/** What is known of one invocation, and what libraries add to it. */
export interface InvokeContext {
  [requestIdKey]?: string | undefined
  [traceIdKey]?: string | undefined
  [tenantIdKey]?: string | undefined
  [traceparentKey]?: string | undefined
  [tracestateKey]?: string | undefined
  [baggageKey]?: string | undefined
  [key: string | symbol]: unknown
}

/** The ids only: what still refers to the context after the invocation shall not keep the payload. */
export const fromInvocation = ({ requestId, tenantId, traceId }: Invocation["Service"]): InvokeContext => ({
  [requestIdKey]: requestId,
  [traceIdKey]: Option.getOrUndefined(traceId),
  [tenantIdKey]: Option.getOrUndefined(tenantId)
})

/** With one invocation at a time the context is a variable, as in AWS's own runtime. */
export class InvokeContextStore {
  private current: InvokeContext | undefined
  private several: AsyncLocalStorage<InvokeContext> | undefined

  /** From now on {@link run} gives a context only to what `f` calls and starts. */
  keepApart(): void {
    this.several ??= new AsyncLocalStorage()
  }

  run<A>(context: InvokeContext, f: () => A): A {
    if (this.several !== undefined) return this.several.run(context, f)
    this.current = context
    return f()
  }

  getContext(): InvokeContext | undefined {
    return this.several === undefined ? this.current : this.several.getStore()
  }

  hasContext(): boolean {
    return this.getContext() !== undefined
  }

  get(key: string | symbol): unknown {
    return this.getContext()?.[key]
  }

  set(key: string | symbol, value: unknown): void {
    if (protectedKeys.has(key)) throw new Error(`Cannot modify protected Lambda context field: ${String(key)}`)
    const context = this.getContext() ?? this.startContext()
    context[key] = value
  }

  getRequestId(): string {
    return this.getContext()?.[requestIdKey] ?? "-"
  }

  getXRayTraceId(): string | undefined {
    return this.getContext()?.[traceIdKey]
  }

  getTenantId(): string | undefined {
    return this.getContext()?.[tenantIdKey]
  }

  getTraceparent(): string | undefined {
    return this.getContext()?.[traceparentKey]
  }

  getTracestate(): string | undefined {
    return this.getContext()?.[tracestateKey]
  }

  getBaggage(): string | undefined {
    return this.getContext()?.[baggageKey]
  }

  private startContext(): InvokeContext {
    if (this.several !== undefined) throw new Error("No context available")
    return this.current = {}
  }
}
