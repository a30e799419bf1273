import { afterEach, assert, beforeEach, describe, it } from "@effect/vitest"
import * as Crypto from "node:crypto"
import * as Fs from "node:fs"
import { promisify } from "node:util"
import { vi } from "vitest"
import { install } from "../src/internal/randomness.ts"
import { putBack } from "./support/randomFunctions.ts"

// What OpenSSL draws differs in every process; what it would be in a clone nobody can tell. That a value comes from the
// kernel shows when the kernel gives nothing but one byte.

const fs = process.getBuiltinModule("node:fs")
const readSync = fs.readSync
const crypto = process.getBuiltinModule("node:crypto")

/** From now on, reading from the kernel gives this byte, and no more of them at once than `length`. */
const kernelGives = (byte: number, length = Number.POSITIVE_INFINITY) =>
  vi.spyOn(fs, "readSync").mockImplementation((...settings: ReadonlyArray<unknown>) => {
    const [file, buffer] = settings
    if (buffer instanceof Uint8Array && Fs.readlinkSync(`/proc/self/fd/${String(file)}`) === "/dev/urandom") {
      return buffer.fill(byte, 0, length).subarray(0, length).length
    }
    return Reflect.apply(readSync, fs, settings)
  })

let renew: () => void

beforeEach(() => {
  renew = install()
})

afterEach(() => {
  vi.restoreAllMocks()
  putBack()
})

describe("after a restore", () => {
  it("every function that gives random bytes asks the kernel", async () => {
    kernelGives(0xa5)
    const four = Buffer.from("a5a5a5a5", "hex")
    assert.deepStrictEqual(crypto.randomBytes(4), four)
    assert.deepStrictEqual(await promisify(crypto.randomBytes)(4), four)
    assert.deepStrictEqual(crypto.randomFillSync(Buffer.alloc(4)), four)
    assert.deepStrictEqual(await promisify<Buffer, Buffer>(crypto.randomFill)(Buffer.alloc(4)), four)
    assert.deepStrictEqual(globalThis.crypto.getRandomValues(Buffer.alloc(4)), four)
    assert.deepStrictEqual(crypto.getRandomValues(Buffer.alloc(4)), four)
    assert.deepStrictEqual(crypto.webcrypto.getRandomValues(Buffer.alloc(4)), four)
    assert.deepStrictEqual(Crypto.randomBytes(4), four, "as an ES module imports it")
  })

  it("UUIDs are of the kernel, but for their version, variant and time", () => {
    kernelGives(0xa5)
    const v4 = /^5{8}-5{4}-45{3}-[89ab]5{3}-5{12}$/
    assert.match(crypto.randomUUID(), v4)
    assert.match(crypto.randomUUID({ disableEntropyCache: true }), v4)
    assert.match(Crypto.randomUUID(), v4)
    assert.match(globalThis.crypto.randomUUID(), v4)
    const v7: unknown = Reflect.get(crypto, "randomUUIDv7")
    if (typeof v7 === "function") {
      const uuid = String(v7())
      assert.match(uuid, /^[\da-f]{8}-[\da-f]{4}-75{3}-[89ab]5{3}-5{12}$/)
      assert.closeTo(Number.parseInt(uuid.slice(0, 8) + uuid.slice(9, 13), 16), Date.now(), 10_000)
    }
  })

  it("integers are moved by the kernel, within their range", async () => {
    const reads = kernelGives(0xff)
    for (let draw = 0; draw < 600; draw++) assert.include([7, 8, 9], crypto.randomInt(7, 10))
    assert.isAtLeast(reads.mock.calls.length, 2)
    assert.strictEqual(crypto.randomInt(1), 0)
    assert.strictEqual(crypto.randomInt(-5, -4), -5)
    assert.isBelow(crypto.randomInt(2 ** 48 - 1), 2 ** 48 - 1)
    assert.strictEqual(await new Promise((resolve) => crypto.randomInt(3, 4, (_, value) => resolve(value))), 3)
    assert.strictEqual(await new Promise((resolve) => crypto.randomInt(1, (_, value) => resolve(value))), 0)
  })

  it("integers are as likely as each other", () => {
    const counts = [0, 0, 0]
    for (let draw = 0; draw < 30_000; draw++) counts[crypto.randomInt(3)]!++
    for (const count of counts) assert.closeTo(count, 10_000, 600)
  })

  it("Math.random gives numbers from 0 to 1", () => {
    kernelGives(0xff)
    assert.strictEqual(Math.random(), 1 - 2 ** -53)
    renew()
    kernelGives(0)
    assert.strictEqual(Math.random(), 0)
    vi.restoreAllMocks()
    renew()
    let sum = 0
    const drawn = new Set<number>()
    for (let draw = 0; draw < 10_000; draw++) {
      const number = Math.random()
      sum += number
      drawn.add(number)
    }
    assert.closeTo(sum / 10_000, 0.5, 0.03)
    assert.strictEqual(drawn.size, 10_000)
  })

  it("nothing is left of what was drawn before", () => {
    kernelGives(0x11)
    const before = Math.random()
    kernelGives(0x22)
    assert.strictEqual(Math.random(), before)
    renew()
    assert.notStrictEqual(Math.random(), before)
  })

  it("as many UUIDs are thrown away as Node draws ahead", () => {
    const drawn = vi.spyOn(crypto, "randomUUID")
    const renew = install()
    assert.strictEqual(drawn.mock.calls.length, 0)
    renew()
    assert.strictEqual(drawn.mock.calls.length, 128)
    const binding: unknown = Reflect.get(process, "binding")
    if (typeof binding !== "function") return assert.fail("Node does not show its sources")
    const sources: Readonly<Record<string, string>> = Reflect.apply(binding, process, ["natives"])
    assert.include(sources["internal/crypto/random"], "const kBatchSize = 128;")
  })

  it("reads that are cut short are gone on with", () => {
    kernelGives(0xa5, 3)
    assert.deepStrictEqual(crypto.randomBytes(8), Buffer.from("a5a5a5a5a5a5a5a5", "hex"))
  })
})

describe("a function that takes the place of Node's", () => {
  it("fills the part that it is told to", async () => {
    kernelGives(0xa5)
    assert.deepStrictEqual(crypto.randomFillSync(Buffer.alloc(6), 2), Buffer.from("0000a5a5a5a5", "hex"))
    assert.deepStrictEqual(crypto.randomFillSync(Buffer.alloc(6), 2, 3), Buffer.from("0000a5a5a500", "hex"))
    assert.deepStrictEqual(crypto.randomFillSync(new Uint16Array(4), 1, 2), new Uint16Array([0, 0xa5a5, 0xa5a5, 0]))
    assert.deepStrictEqual(
      await promisify<Buffer, number, Buffer>(crypto.randomFill)(Buffer.alloc(6), 2),
      Buffer.from("0000a5a5a5a5", "hex")
    )
    assert.deepStrictEqual(
      await promisify<Buffer, number, number, Buffer>(crypto.randomFill)(Buffer.alloc(6), 2, 3),
      Buffer.from("0000a5a5a500", "hex")
    )
    const inside = Buffer.alloc(6)
    crypto.randomFillSync(inside.subarray(1, 3))
    assert.deepStrictEqual(inside, Buffer.from("00a5a5000000", "hex"))
    const bytes = new ArrayBuffer(4)
    assert.strictEqual(Reflect.apply(crypto.randomFillSync, crypto, [bytes, 1, 2]), bytes)
    assert.deepStrictEqual(Buffer.from(bytes), Buffer.from("00a5a500", "hex"))
    crypto.randomFillSync(new DataView(bytes), 3)
    assert.deepStrictEqual(Buffer.from(bytes), Buffer.from("00a5a5a5", "hex"))
    assert.lengthOf(crypto.randomBytes(0), 0)
  })

  it("gives back what it is given", () => {
    const target = new Uint32Array(2)
    assert.strictEqual(crypto.randomFillSync(target), target)
    assert.strictEqual(globalThis.crypto.getRandomValues(target), target)
  })

  it.each<readonly [string, () => unknown, string]>([
    ["randomBytes", () => crypto.randomBytes(-1), "ERR_OUT_OF_RANGE"],
    ["randomFillSync", () => crypto.randomFillSync(Buffer.alloc(2), 3), "ERR_OUT_OF_RANGE"],
    ["randomFillSync", () => crypto.randomFillSync(Buffer.alloc(2), 1, 2), "ERR_OUT_OF_RANGE"],
    ["randomInt", () => crypto.randomInt(5, 5), "ERR_OUT_OF_RANGE"],
    ["randomInt", () => crypto.randomInt(0.5), "ERR_INVALID_ARG_TYPE"],
    ["randomFill", () => Reflect.apply(crypto.randomFill, crypto, [Buffer.alloc(2)]), "ERR_INVALID_ARG_TYPE"],
    ["randomFill", () => crypto.randomFill(Buffer.alloc(2), 3, () => {}), "ERR_OUT_OF_RANGE"],
    ["randomUUID", () => Reflect.apply(crypto.randomUUID, crypto, ["x"]), "ERR_INVALID_ARG_TYPE"]
  ])("refuses what Node refuses: %s", (_, call, code) => {
    try {
      call()
    } catch (error) {
      return assert.propertyVal(error, "code", code)
    }
    assert.fail("it was taken")
  })

  it("calls back with the error that Node calls back with", async () => {
    const error = new Error("no randomness")
    vi.spyOn(crypto, "randomBytes").mockImplementation((...settings: ReadonlyArray<unknown>) => {
      const callback = settings[1]
      if (typeof callback === "function") callback(error)
      return Buffer.alloc(0)
    })
    install()
    assert.strictEqual(await promisify(crypto.randomBytes)(4).catch((error: unknown) => error), error)
  })

  it("refuses what browsers refuse", () => {
    assert.throws(() => globalThis.crypto.getRandomValues(new Uint8Array(65_537)), /65,?536/)
    assert.throws(
      () => Reflect.apply(globalThis.crypto.getRandomValues, globalThis.crypto, [new Float32Array(1)]),
      /integer/
    )
    assert.throws(() => Reflect.apply(globalThis.crypto.getRandomValues, {}, [new Uint8Array(1)]))
  })
})
