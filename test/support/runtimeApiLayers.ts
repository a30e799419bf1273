/**
 * Every way to talk to the Runtime API, for the tests that all of them must pass.
 */
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import * as LambdaEnvironment from "../../src/LambdaEnvironment.ts"
import * as RuntimeApi from "../../src/RuntimeApi.ts"
import type { RuntimeApiError } from "../../src/RuntimeApiError.ts"
import * as ScriptedPeer from "./scriptedPeer.ts"

export interface RuntimeApiLayer {
  readonly name: string
  /** Without trailers a stream that fails half-way is cut off. */
  readonly hasTrailers: boolean
  /** Whether a chunk that makes no sense is told from a lost connection. */
  readonly distinguishesMalformedBodies: boolean
  readonly layer: Layer.Layer<RuntimeApi.RuntimeApi, RuntimeApiError, LambdaEnvironment.LambdaEnvironment>
}

export const socketLayer: RuntimeApiLayer = {
  name: "layer",
  hasTrailers: true,
  distinguishesMalformedBodies: true,
  layer: RuntimeApi.layer
}

export const httpClientLayer: RuntimeApiLayer = {
  name: "layerHttpClient",
  hasTrailers: false,
  distinguishesMalformedBodies: false,
  layer: Layer.provide(RuntimeApi.layerHttpClient, NodeHttpClient.layerNodeHttpOptions({ keepAlive: true }))
}

export const runtimeApiLayers: ReadonlyArray<RuntimeApiLayer> = [socketLayer, httpClientLayer]

export const environment = (variables: Record<string, string>) =>
  Layer.provide(LambdaEnvironment.layer, ConfigProvider.layer(ConfigProvider.fromEnvRecord(variables)))

/** The service, as a function process on Lambda has it. */
export const build = (
  { layer }: RuntimeApiLayer,
  address: string | undefined
): Effect.Effect<RuntimeApi.RuntimeApi["Service"], RuntimeApiError, Scope.Scope> =>
  layer.pipe(
    Layer.provide(Layer.orDie(environment(address === undefined ? {} : { AWS_LAMBDA_RUNTIME_API: address }))),
    // Every test has connections of its own.
    Layer.fresh,
    Layer.build,
    Effect.map(Context.get(RuntimeApi.RuntimeApi))
  )

/** A peer, and the service that talks to it. */
export const connect = Effect.fnUntraced(function*(
  runtimeApiLayer: RuntimeApiLayer,
  options: { readonly scheme?: string; readonly prefix?: string } = {}
) {
  const peer = yield* ScriptedPeer.make
  const api = yield* build(runtimeApiLayer, `${options.scheme ?? ""}${peer.address}${options.prefix ?? ""}`)
  return { peer, api }
})

/** Makes a call, and answers the request that it sends. */
export const exchange = Effect.fnUntraced(function*<A, E, R>(
  peer: ScriptedPeer.ScriptedPeer,
  call: Effect.Effect<A, E, R>,
  response: ScriptedPeer.ResponseOptions
) {
  const fiber = yield* Effect.forkChild(call)
  const request = yield* peer.request
  const body = yield* request.whole
  yield* request.respond(response)
  return { request, body, result: yield* Fiber.join(fiber) }
})

/** Why a call failed. */
export const failure = <A, R>(
  call: Effect.Effect<A, RuntimeApiError, R>
): Effect.Effect<RuntimeApiError["reason"], A, R> => Effect.map(Effect.flip(call), (error) => error.reason)

/** All headers but `Connection`, which is the client's own affair, with their names in lower case. */
export const headersOf = (request: ScriptedPeer.PeerRequest): Record<string, string> =>
  Object.fromEntries(
    request.headers.map(([name, value]) => [name.toLowerCase(), value] as const).filter(([name]) =>
      name !== "connection"
    )
  )
