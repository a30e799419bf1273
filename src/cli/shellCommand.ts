/**
 * A command as a person types it.
 */
import * as CommandLine from "effect/process/CommandLine"

/** Means the same in every POSIX shell; `display` would quote `--platform=linux/amd64` too. */
const plain = /^[\w@%+=:,./-]+$/

export const shellCommand = (words: ReadonlyArray<string>): string =>
  words.map((word) => plain.test(word) ? word : CommandLine.display([word])).join(" ")
