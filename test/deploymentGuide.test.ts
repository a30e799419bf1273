import { assert, describe, it } from "@effect/vitest"
import * as fs from "node:fs"
import * as path from "node:path"
import { Manifest } from "../src/cli/packaging/manifest.ts"
import { projectFolder } from "./doctest/docstrings.ts"

const guide = fs.readFileSync(path.join(projectFolder, "docs/deployment.md"), "utf8")

describe("docs/deployment.md", () => {
  it("grants what the commands ask of AWS, and nothing else", () => {
    const json = /^```json\n([^]*?)^```$/m.exec(guide)?.[1] ?? "{}"
    const policy: { readonly Statement: ReadonlyArray<{ readonly Action: ReadonlyArray<string> }> } = JSON.parse(json)
    const granted = policy.Statement.flatMap(({ Action }) => Action).toSorted()
    // Waiting for a function asks for it, and whoever gives a role to a function passes it.
    const asked = new Set(["lambda:GetFunction", "iam:PassRole"])
    for (const { parentPath, name } of fs.readdirSync("src/cli", { recursive: true, withFileTypes: true })) {
      if (!name.endsWith(".ts")) continue
      const source = fs.readFileSync(path.join(parentPath, name), "utf8")
      for (
        const [, service, operation = ""] of source.matchAll(
          /aws\.(lambda|iam)\((?:(?!aws\.)[^])*?new sdk\.(\w+)Command\(/g
        )
      ) {
        asked.add(`${service}:${operation}`)
      }
      // Both of Lambda's ways to invoke are one permission.
      if (/new sdk\.Invoke\w*Command\(/.test(source)) asked.add("lambda:InvokeFunction")
    }
    asked.delete("lambda:Invoke")
    assert.deepStrictEqual(granted, [...asked].toSorted())
  })

  it("tells of every target", () => {
    for (const target of Manifest.fields.target.literals) assert.include(guide, `\`${target}\``)
  })

  it("names commands and flags that there are, and links to what is there", () => {
    const commands = Array.from(
      guide.matchAll(/^effect-lambda (\w+)(.*)$/gm),
      ([_, verb = "", rest = ""]) => [verb, rest]
    )
    assert.isAtLeast(commands.length, 8)
    for (const [verb, rest = ""] of commands) {
      const page = fs.readFileSync(path.join(projectFolder, `docs/cli/${verb}.md`), "utf8")
      for (const [_, flag] of rest.matchAll(/ --(?:no-)?([\w-]+)/g)) assert.include(page, `| \`--${flag}\``)
    }
    for (const page of ["docs/deployment.md", "docs/managed-instances.md"]) {
      const text = fs.readFileSync(path.join(projectFolder, page), "utf8")
      const links = Array.from(text.matchAll(/\]\((?!https?:)([^)#]+)/g), ([_, link = ""]) => link)
      assert.isNotEmpty(links)
      for (const link of links) assert.isTrue(fs.existsSync(path.join(projectFolder, "docs", link)), link)
    }
  })

  it("leads to the examples of what it tells", () => {
    for (const name of ["cdk", "container-image", "managed-instances", "resources-packaging"]) {
      assert.include(guide, `](../examples/${name})`)
    }
  })
})
