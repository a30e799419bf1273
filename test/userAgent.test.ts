import { assert, it } from "@effect/vitest"
import packageJson from "../package.json" with { type: "json" }
import { userAgent } from "../src/internal/userAgent.ts"

it("names the major and minor version of the package", () => {
  const [major, minor] = packageJson.version.split(".")
  assert.strictEqual(userAgent, `${packageJson.name}/${major}.${minor}`)
})
