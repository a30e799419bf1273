/**
 * Execution environments that whoever starts their runtimes can tell one from the other, by an address for each: it shows
 * when the runtime is ready, and can be taken out of service without losing what it is at.
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import { HttpServerRequest } from "effect/http/HttpServerRequest"
import type { HttpServerResponse } from "effect/http/HttpServerResponse"
import * as Latch from "effect/Latch"
import type * as Scope from "effect/Scope"
import type { LocalEnvironment } from "../../../LocalServer.ts"
import { turnOfEventLoop } from "../../turnOfEventLoop.ts"
import type { Connection } from "../function/environments.ts"
import type { LocalFunction } from "../function/localFunction.ts"
import * as extensionRoutes from "./extensionRoutes.ts"
import * as runtimeRoutes from "./runtimeRoutes.ts"

type App<E, R> = Effect.Effect<HttpServerResponse, E, R | HttpServerRequest | Scope.Scope>

export interface Environments {
  readonly start: (local: LocalFunction) => Effect.Effect<LocalEnvironment, never, Scope.Scope>
  /** Serves the environments, and what belongs to none as before. */
  readonly inFrontOf: <E, R>(app: App<E, R>) => App<E, R>
}

export const make = (address: string): Environments => {
  const apps = new Map<string, App<unknown, never>>()
  let started = 0
  return {
    start: Effect.fnUntraced(function*(local) {
      const path = `/${local.settings.name}/${++started}`
      const { drain, ready, seen } = observe(local)
      const router = yield* HttpRouter.make
      yield* router.addAll(
        [...runtimeRoutes.routes(seen), ...extensionRoutes.routes(seen)].map(HttpRouter.prefixRoute(path))
      )
      apps.set(path, router.asHttpEffect())
      yield* Effect.addFinalizer(() => Effect.sync(() => apps.delete(path)))
      return { runtimeApi: `${address}${path}`, ready, drain }
    }),
    inFrontOf: (app) =>
      Effect.flatMap(HttpServerRequest, ({ url }) => {
        const [, path = ""] = environmentPath.exec(url) ?? []
        const environment = apps.get(path)
        return environment === undefined ? app : Effect.catch(environment, () => app)
      })
  }
}

const environmentPath = /^(\/[\w-]+\/\d+)\//

interface Observed extends Pick<LocalEnvironment, "ready" | "drain"> {
  readonly seen: LocalFunction
}

/** The function as the runtime in one environment sees it, and what can be seen of that. */
const observe = (local: LocalFunction): Observed => {
  const { invocations } = local
  const ready = Deferred.makeUnsafe<void>()
  const idle = Latch.makeUnsafe(true)
  const connections = new Set<Connection>()
  const running = new Set<string>()
  let isDraining = false
  return {
    seen: {
      ...local,
      invocations: {
        ...invocations,
        next: (connection) =>
          Effect.suspend(() => {
            Deferred.doneUnsafe(ready, Effect.void)
            for (const known of connections) if (known.destroyed) connections.delete(known)
            connections.add(connection)
            if (isDraining) invocations.withdraw(connection)
            return Effect.tap(invocations.next(connection), ({ requestId }) =>
              Effect.sync(() => {
                running.add(requestId)
                idle.closeUnsafe()
              }))
          }),
        answer: (reference, kind, use) =>
          Effect.ensuring(
            invocations.answer(reference, kind, use),
            Effect.sync(() => {
              running.delete(reference.requestId)
              if (running.size === 0) idle.openUnsafe()
            })
          ),
        hasPolled: () => Deferred.isDoneUnsafe(ready)
      }
    },
    ready: Deferred.await(ready),
    drain: Effect.suspend(() => {
      isDraining = true
      for (const connection of connections) invocations.withdraw(connection)
      // An event that has been given out may not have got here yet.
      return Effect.andThen(turnOfEventLoop, idle.await)
    })
  }
}
