/**
 * The functions that a restored process replaces by ones that ask the kernel, and their return to what they were.
 */
const crypto = process.getBuiltinModule("node:crypto")
const webCrypto: object = Object.getPrototypeOf(globalThis.crypto)

const originals = ([
  [Math, "random"],
  ...["randomBytes", "randomFill", "randomFillSync", "randomInt", "randomUUID", "randomUUIDv7"].map((name) =>
    [crypto, name] as const
  ),
  [webCrypto, "getRandomValues"],
  [webCrypto, "randomUUID"]
] as const).map(([owner, name]) => ({ owner, name, original: Object.getOwnPropertyDescriptor(owner, name) }))

/** To be run after every test that restores something. */
export const putBack = (): void => {
  for (const { name, original, owner } of originals) {
    if (original !== undefined) Object.defineProperty(owner, name, original)
  }
  process.getBuiltinModule("node:module").syncBuiltinESMExports()
}
