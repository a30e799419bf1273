import type { FunctionSettings } from "../../src/internal/local/function/localFunction.ts"

/** Of a local function whose parts are tested without a server. */
export const functionSettings: FunctionSettings = {
  name: "orders",
  timeout: 900_000,
  memorySize: 128,
  maxConcurrency: 1,
  maxEnvironments: 1,
  maxQueued: 1_000,
  maximumRetryAttempts: 2,
  retryDelayScale: 1,
  maximumEventAge: 21_600_000
}
