#!/usr/bin/env node
import * as module from "node:module"

/** As in the package's `engines`. What is imported needs it, so nothing is before this is known. */
const oldest = { major: 22, minor: 19 }

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number)

if (major < oldest.major || major === oldest.major && minor < oldest.minor) {
  process.stderr.write(
    `✘ effect-lambda needs Node.js ${oldest.major}.${oldest.minor} or newer, and this is ${process.version}\n`
  )
  process.exitCode = 1
} else {
  // Most of the start is the compilation of what is imported.
  module.enableCompileCache()
  await import("./start.ts")
}
