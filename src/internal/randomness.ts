/**
 * Randomness that is not the same in every clone of a process.
 *
 * V8 keeps the state of `Math.random` in the process. OpenSSL keeps that of `node:crypto`, and asks the kernel for more
 * only after an hour. JavaScript can seed neither, so functions that ask the kernel take their place: Lambda sees to it
 * that restored environments differ there.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/snapstart-uniqueness.html
 */
import type * as Crypto from "node:crypto"

type Fillable = ArrayBufferLike | NodeJS.ArrayBufferView

/**
 * Replaces `Math.random` and the functions of `node:crypto` and `globalThis.crypto` that give random values. What it gives
 * is to be called after the restore, and forgets what was drawn before.
 */
export const install = (): () => void => {
  const crypto: typeof Crypto = process.getBuiltinModule("node:crypto")
  const fs = process.getBuiltinModule("node:fs")
  const { randomUUID } = crypto
  const kernel = fs.openSync("/dev/urandom", "r")

  const fill = (bytes: Uint8Array): void => {
    // A signal may cut a read short.
    for (let filled = 0; filled < bytes.length;) filled += fs.readSync(kernel, bytes.subarray(filled))
  }

  /** What comes after the first argument of the function is where to begin, and how much to fill. */
  const renewBytes = (target: Fillable, _?: unknown, offset?: unknown, size?: unknown): Fillable => {
    const view: NodeJS.ArrayBufferView = ArrayBuffer.isView(target) ? target : new Uint8Array(target)
    const unit = "BYTES_PER_ELEMENT" in view ? view.BYTES_PER_ELEMENT : 1
    const start = typeof offset === "number" ? offset * unit : 0
    const end = typeof size === "number" ? start + size * unit : view.byteLength
    fill(new Uint8Array(view.buffer, view.byteOffset, view.byteLength).subarray(start, end))
    return target
  }

  const words = new Uint32Array(1024)
  let taken = words.length
  const word = (): number => {
    if (taken === words.length) {
      renewBytes(words)
      taken = 0
    }
    return words[taken++]!
  }
  const random = () => ((word() >>> 5) * 2 ** 26 + (word() >>> 6)) / 2 ** 53

  /** Keeps the version, the variant, and what comes before the first random digit. */
  const renewUuid = (firstRandom: number) => (uuid: string) =>
    uuid.replace(
      /[\da-f]/g,
      (digit, at: number) => at < firstRandom || at === 14 || at === 19 ? digit : (word() & 15).toString(16)
    )

  /** Moved on by a random distance, an integer that any could have been remains one that any could have been. */
  const renewInt = (value: number, min: number, max: unknown) => {
    const [start, range] = typeof max === "number" ? [min, max - min] : [0, min]
    return start + (value - start + Math.floor(random() * range)) % range
  }

  Reflect.set(Math, "random", random)
  replace(crypto, "randomBytes", renewBytes)
  replace(crypto, "randomFill", renewBytes)
  replace(crypto, "randomFillSync", renewBytes)
  replace(crypto, "randomInt", renewInt)
  replace(crypto, "randomUUID", renewUuid(0))
  replace(crypto, "randomUUIDv7", renewUuid(14))
  const webCrypto: object = Object.getPrototypeOf(crypto.webcrypto)
  replace(webCrypto, "getRandomValues", renewBytes)
  replace(webCrypto, "randomUUID", renewUuid(0))
  process.getBuiltinModule("node:module").syncBuiltinESMExports()

  return () => {
    taken = words.length
    // Whoever has kept the function of before gets one of those that Node draws ahead, so many at a time.
    for (let drawn = 0; drawn < 128; drawn++) randomUUID()
  }
}

/** What the function gives, or calls back with, is made anew by `renew`, which gets the arguments too. */
const replace = <A>(owner: object, name: string, renew: (value: A, ...settings: Array<never>) => A): void => {
  const original: unknown = Reflect.get(owner, name)
  if (typeof original !== "function") return
  Reflect.set(owner, name, function(this: unknown, ...settings: Array<never>): unknown {
    const callback: unknown = settings.at(-1)
    if (typeof callback !== "function") return renew(Reflect.apply(original, this, settings), ...settings)
    const onEnd = (error: unknown, value: A) =>
      Reflect.apply(callback, undefined, error ? [error] : [error, renew(value, ...settings)])
    return Reflect.apply(original, this, [...settings.slice(0, -1), onEnd])
  })
}
