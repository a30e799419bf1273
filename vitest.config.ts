import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts", "examples/*/test/**/*.test.ts"],
    exclude: ["**/node_modules/**", "build/**", "dist/**"],
    environment: "node",
    // Tests open sockets and start processes: each file has a process of its own, and its tests run in order.
    pool: "forks",
    // They wait more than they compute.
    maxWorkers: 2,
    sequence: { concurrent: false },
    testTimeout: 30_000,
    hookTimeout: 30_000
  }
})
