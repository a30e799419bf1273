/**
 * The local server, with a quarter of all modules: the commands that do without it start sooner.
 */
import * as Effect from "effect/Effect"

export const loadLocalServer = Effect.promise(() => import("../LocalServer.ts"))
