/**
 * Takes the code cache of a program, and checks one: `codeCache.cjs record <file>` runs the program and writes the cache
 * of all code that ran until SIGUSR2, or until the program ended; `codeCache.cjs compile <file>` does not run it;
 * `codeCache.cjs check <file>` exits with 0 if the deployed function would use the cache.
 */
import { checksumsSize, compile, evaluate, readCodeCache, readProgram } from "./program.ts"

const { writeFileSync } = process.getBuiltinModule("node:fs")
const { crc32 } = process.getBuiltinModule("node:zlib")

const [mode, file = ""] = process.argv.splice(2)
const program = readProgram()

const record = (script: ReturnType<typeof compile>) => {
  // The seed makes the bytes reproducible, and is not that of the deployed function, whose cache has to say so.
  const { setFlagsFromString } = process.getBuiltinModule("node:v8")
  for (const flag of ["--hash-seed=0", "--flush-bytecode", "--sparkplug"]) setFlagsFromString(flag)
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
