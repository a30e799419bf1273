import { assert, describe, it } from "@effect/vitest"
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import { checkImports } from "../scripts/check-imports.ts"
import { projectFolder, publicModules } from "./doctest/docstrings.ts"

const read = (file: string) => fs.readFileSync(path.join(projectFolder, file), "utf8")

describe("package", () => {
  it("gives every public module a name in the index", () => {
    const exports = [...read("src/index.ts").matchAll(/^export \* as (\w+) from "\.\/(.+)"$/gm)]
    assert.deepStrictEqual(
      exports.map(([_, name, file]) => `${name} is src/${file}`),
      publicModules().filter((file) => !file.slice("src/".length).includes("/")).map((file) =>
        `${path.basename(file, ".ts")} is ${file}`
      )
    )
  })

  it("exports every public module and nothing internal", () => {
    for (const file of publicModules()) {
      const specifier = file.replace("src/", "effect-lambda-runtime/").replace(/\.ts$/, "")
      assert.strictEqual(import.meta.resolve(specifier), `file://${path.join(projectFolder, file)}`)
    }
    assert.throws(() => import.meta.resolve("effect-lambda-runtime/internal/transport"), /not exported|not defined/)
  })

  it("imports nothing that the house forbids", () => {
    assert.strictEqual(checkImports(path.join(projectFolder, "src")).join("\n"), "")
  })

  it("is installed from npm's registry, whoever wrote the lock file", () => {
    const addresses = [...read("package-lock.json").matchAll(/"resolved": "(.*)"/g)].map(([, address]) => address ?? "")
    assert.deepStrictEqual(addresses.filter((address) => !address.startsWith("https://registry.npmjs.org/")), [])
  })
})

describe("check-imports", () => {
  const floors = {
    Low: 0,
    Other: 0,
    Wire: 1,
    Loop: 2,
    LocalServer: 3,
    "internal/local/": 3,
    NodeLambda: 4,
    LambdaTest: 4
  }

  /** What is said of a folder of the given files. */
  const offences = (files: Readonly<Record<string, string>>): ReadonlyArray<string> => {
    const folder = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "check-imports-")), "src")
    try {
      for (const [file, source] of Object.entries(files)) {
        fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true })
        fs.writeFileSync(path.join(folder, file), source)
      }
      return checkImports(folder, floors)
    } finally {
      fs.rmSync(path.dirname(folder), { recursive: true })
    }
  }

  it("has nothing against a house in order", () => {
    assert.deepStrictEqual(
      offences({
        "index.ts": `export * as NodeLambda from "./NodeLambda.ts"`,
        "Low.ts": `import * as Effect from "effect/Effect"\nimport type { Wire } from "./internal/words.ts"`,
        "Other.ts": `import "./Low.ts"`,
        "internal/words.ts": `import type { Low } from "../Low.ts"\nexport type Wire = Low`,
        "internal/http1/parser.ts": `import * as net from "node:net"\nimport "../../Wire.ts"`,
        "Wire.ts": `import type * as parser from "./internal/http1/parser.ts"\nimport "effect/http/HttpClient"`,
        "Loop.ts": `export * from "./Wire.ts"\nimport type { HttpServer } from "effect/http/HttpServer"`,
        "internal/local/queue.ts": `import "../../Loop.ts"`,
        "LocalServer.ts": `import "@effect/platform-node/NodeHttpServer"\nimport "./internal/local/queue.ts"`,
        "NodeLambda.ts":
          `import "@effect/platform-node/NodeRuntime"\nimport "./Loop.ts"\nconst local = () => import("./LocalServer.ts")`
      }),
      []
    )
  })

  it.each<[string, Readonly<Record<string, string>>, ReadonlyArray<string>]>([
    [
      "a higher floor",
      { "Low.ts": `\nimport "./Wire.ts"`, "Wire.ts": "" },
      [`src/Low.ts:2 imports "./Wire.ts": it stands on floor 1, above floor 0`]
    ],
    [
      "a type of a higher floor",
      { "Low.ts": `import type { Wire } from "./Wire.ts"`, "Wire.ts": "" },
      [`src/Low.ts:1 imports "./Wire.ts": it stands on floor 1, above floor 0`]
    ],
    [
      "a type of a higher floor, in place",
      { "Low.ts": `export type Wire = import("./Wire.ts").Wire`, "Wire.ts": "" },
      [`src/Low.ts:1 imports "./Wire.ts": it stands on floor 1, above floor 0`]
    ],
    [
      "a higher floor, later",
      { "Loop.ts": `export const local = () => import("./LocalServer.ts")`, "LocalServer.ts": "" },
      [`src/Loop.ts:1 imports "./LocalServer.ts": it stands on floor 3, above floor 2`]
    ],
    [
      "a higher floor, by way of an internal file",
      {
        "Low.ts": `import "./internal/a.ts"`,
        "internal/a.ts": `import "./b.ts"`,
        "internal/b.ts": `import "../Wire.ts"`,
        "Wire.ts": ""
      },
      [`src/Low.ts:1 imports "./internal/a.ts": it stands on floor 1, above floor 0`]
    ],
    [
      "the loop from an internal file that has no floor of its own",
      { "internal/a.ts": `import "../Loop.ts"`, "Loop.ts": "" },
      [`src/internal/a.ts:1 imports "../Loop.ts": it stands on floor 2, above floor 1`]
    ],
    [
      "the local server into a deployed function",
      { "NodeLambda.ts": `import { layer } from "./LocalServer.ts"`, "LocalServer.ts": "" },
      [`src/NodeLambda.ts:1 imports "./LocalServer.ts": a deployed function must not contain it; use import() when it is needed`]
    ],
    [
      "what the local server is made of into a deployed function",
      { "NodeLambda.ts": `export { queue } from "./internal/local/queue.ts"`, "internal/local/queue.ts": "" },
      [
        `src/NodeLambda.ts:1 imports "./internal/local/queue.ts": a deployed function must not contain it; use import() when it is needed`
      ]
    ],
    [
      "an HTTP server into a deployed function",
      { "NodeLambda.ts": `import "effect/http/HttpServerResponse"\nimport * as http from "node:http"` },
      [
        `src/NodeLambda.ts:1 imports "effect/http/HttpServerResponse": a deployed function must not contain an HTTP server`,
        `src/NodeLambda.ts:2 imports "node:http": a deployed function must not contain an HTTP server`
      ]
    ],
    [
      "the platform into the wire",
      { "Wire.ts": `import * as NodeSocket from "@effect/platform-node/NodeSocket"` },
      [`src/Wire.ts:1 imports "@effect/platform-node/NodeSocket": only LocalServer and NodeLambda know the platform`]
    ],
    [
      "more of the platform than a deployed function needs",
      { "NodeLambda.ts": `import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"` },
      [
        `src/NodeLambda.ts:1 imports "@effect/platform-node/NodeHttpServer": a deployed function must not contain it; only NodeRuntime is light enough`
      ]
    ],
    [
      "another package",
      { "LambdaTest.ts": `import { Agent } from "undici"` },
      [
        `src/LambdaTest.ts:1 imports "undici": src imports effect, @effect/platform-node, node: and its own files (relative) only`
      ]
    ],
    [
      "effect by its barrels",
      { "Low.ts": `import { Effect } from "effect"\nimport type { HttpClient } from "effect/http"` },
      [
        `src/Low.ts:1 imports "effect": it is a barrel; import the module, as in "effect/Effect"`,
        `src/Low.ts:2 imports "effect/http": it is a barrel; import the module, as in "effect/Effect"`
      ]
    ],
    [
      "a file without its extension, or with another",
      { "Low.ts": `import "./Other"\nimport "./Other.js"`, "Other.ts": "" },
      [
        `src/Low.ts:1 imports "./Other": a relative import ends in .ts`,
        `src/Low.ts:2 imports "./Other.js": a relative import ends in .ts`
      ]
    ],
    [
      "an optional dependency below its floor, and at once",
      {
        "Loop.ts": `export const sign = () => import("aws4fetch")`,
        "LocalServer.ts": `import "aws4fetch"\nimport type { AwsV4Signer } from "aws4fetch"\nimport("aws4fetch")`
      },
      [
        `src/LocalServer.ts:1 imports "aws4fetch": it is an optional dependency; use import() when it is needed`,
        `src/Loop.ts:1 imports "aws4fetch": src imports effect, @effect/platform-node, node: and its own files (relative) only`
      ]
    ],
    ["a file that is not there", { "Low.ts": `import "./Gone.ts"` }, [
      `src/Low.ts:1 imports "./Gone.ts": there is no such file`
    ]],
    ["the index", { "index.ts": "", "Low.ts": `import "./index.ts"` }, [
      `src/Low.ts:1 imports "./index.ts": import the module itself, not the index`
    ]]
  ])("refuses %s", (_, files, expected) => {
    assert.deepStrictEqual(offences(files), expected)
  })

  it("refuses a public module without a floor", () => {
    assert.deepStrictEqual(offences({ "New.ts": "" }), [
      "src/New.ts:1 has no floor: give it one in houseFloors of scripts/check-imports.ts"
    ])
  })

  it("refuses a circle of value imports, once", () => {
    const circle = ["src/Low.ts:1 is in a circle of value imports: Low.ts -> internal/a.ts -> Other.ts -> Low.ts"]
    const files = {
      "Other.ts": `import "./Low.ts"`,
      "Low.ts": `export { a } from "./internal/a.ts"`,
      "internal/a.ts": `import { type Other } from "../Other.ts"`
    }
    assert.deepStrictEqual(offences(files), circle)
    // As a whole statement, a type import leaves nothing behind.
    assert.deepStrictEqual(offences({ ...files, "internal/a.ts": `import type { Other } from "../Other.ts"` }), [])
  })

  it("names a file that cannot be parsed", () => {
    const [offence = ""] = offences({ "Low.ts": "const const" })
    assert.match(offence, /^src\/Low\.ts:1 cannot be read: /)
  })
})
