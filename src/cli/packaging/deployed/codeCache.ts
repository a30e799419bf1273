/**
 * Takes the code cache of a program, and checks one: `codeCache.cjs record <file>` runs the program and writes the cache
 * of all code that ran until SIGUSR2, or until the program ended; `codeCache.cjs compile <file>` does not run it;
 * `codeCache.cjs check <file>` exits with 0 if the deployed function would use the cache.
 */
import { checksumsSize, compile, evaluate, readCodeCache, readProgram } from "./program.ts"

const { writeFileSync } = process.getBuiltinModule("node:fs")
const { crc32 } = process.getBuiltinModule("node:zlib")

/** In place of those that make the cache reproducible. */
const defaultFlags = ["--hash-seed=0", "--flush-bytecode", "--sparkplug", "--concurrent-recompilation"]

const [mode, file = ""] = process.argv.splice(2)
const program = readProgram()

const record = (script: ReturnType<typeof compile>) => {
  // V8 writes into the cache what flags there are, and they are to be those of the deployed function.
  const { setFlagsFromString } = process.getBuiltinModule("node:v8")
  for (const flag of defaultFlags) setFlagsFromString(flag)
  const cache = script.createCachedData()
  const checksums = Buffer.alloc(checksumsSize)
  checksums.writeUInt32LE(crc32(program), 0)
  checksums.writeUInt32LE(crc32(cache), 4)
  writeFileSync(file, Buffer.concat([checksums, cache]))
}

if (mode === "check") {
  const cache = readCodeCache(file, program)
  process.exitCode = cache !== undefined && compile(program, cache).cachedDataRejected === false ? 0 : 1
} else {
  // The cache holds the name, and is to be the same in whatever folder it is taken.
  const script = compile(program, undefined, "/var/task/program.cjs")
  if (mode === "record") {
    let recorded = false
    const recordOnce = () => {
      if (!recorded) record(script)
      recorded = true
    }
    process.on("SIGUSR2", () => {
      recordOnce()
      process.kill(process.pid, "SIGTERM")
    })
    process.on("exit", recordOnce)
    evaluate(script)
  } else record(script)
}
