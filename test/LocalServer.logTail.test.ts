import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import * as LogTail from "../src/internal/local/function/logTail.ts"

const tailOf = (lines: ReadonlyArray<string>) => {
  const tail = LogTail.make()
  for (const line of lines) tail.add(line)
  return tail.bytes()
}

const decode = (bytes: Uint8Array) => new TextDecoder("utf-8", { fatal: true }).decode(bytes)

describe("the tail of a log", () => {
  it("is empty before anything is logged", () => {
    assert.strictEqual(tailOf([]).length, 0)
  })

  it("is all there is, while that is little", () => {
    assert.strictEqual(decode(tailOf(["START", "", "two\nlines", "Zürich 🫖"])), "START\n\ntwo\nlines\nZürich 🫖\n")
  })

  it("is the last 4,096 bytes", () => {
    const lines = Array.from({ length: 1_000 }, (_, index) => `line ${index}`)
    const bytes = tailOf(lines)
    assert.strictEqual(bytes.length, 4_096)
    assert.isTrue(`${lines.join("\n")}\n`.endsWith(decode(bytes)))
  })

  it("is the end of a line that is longer", () => {
    const bytes = tailOf(["before", `${"x".repeat(100_000)}end`])
    assert.strictEqual(decode(bytes), `${"x".repeat(4_092)}end\n`)
  })

  it("starts with a whole character, wherever the limit falls", () => {
    for (const [character, size] of [["é", 2], ["€", 3], ["🫖", 4]] as const) {
      for (let shift = 0; shift < size; shift++) {
        const text = decode(tailOf([`${character.repeat(3_000)}${"-".repeat(shift)}`]))
        assert.match(text, new RegExp(`^(${character})+-{${shift}}\n$`, "u"))
        const length = Buffer.byteLength(text)
        assert.isTrue(length <= 4_096 && length > 4_096 - size, `${character} ${shift} ${length}`)
      }
    }
  })

  it("does not change when more is added", () => {
    const tail = LogTail.make()
    tail.add("one")
    const before = tail.bytes()
    tail.add("two")
    assert.strictEqual(decode(before), "one\n")
    assert.strictEqual(decode(tail.bytes()), "one\ntwo\n")
  })

  it.prop(
    "is the end of everything, cut before a character",
    [Schema.Array(Schema.String), Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 2_000 }))],
    ([texts, times]) => {
      // Half of a character cannot be written in UTF-8.
      const lines = texts.map((text) => text.toWellFormed().repeat(times))
      const all = Buffer.from(lines.map((line) => `${line}\n`).join(""))
      const bytes = tailOf(lines)
      assert.isTrue(all.subarray(all.length - bytes.length).equals(bytes))
      decode(bytes)
      if (all.length <= LogTail.maxSize) assert.strictEqual(bytes.length, all.length)
      else assert.isTrue(bytes.length <= LogTail.maxSize && bytes.length > LogTail.maxSize - 4)
    }
  )
})
