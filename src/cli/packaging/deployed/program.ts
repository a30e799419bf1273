/**
 * The bundled program and its code cache, as the deployed function and the build load them.
 *
 * This and what imports it is a program of its own, which the build bundles as CommonJS. All of it runs before the first
 * line of the function, so built-in modules are taken without a namespace object, whose making costs milliseconds.
 */
import { refusal } from "./refusal.ts"

const { readFileSync } = process.getBuiltinModule("node:fs")
const { Script, constants } = process.getBuiltinModule("node:vm")

/** Next to this program. */
export const programFile = `${__dirname}/program.cjs`

/** Before the cache itself, in `program.cache`: the CRC-32 of the program, and that of the cache. */
export const checksumsSize = 8

export const readProgram = (): Buffer => readFileSync(programFile)

/** V8 takes the cache when version, flags and the length of the source are the same, and otherwise compiles as ever. */
export const compile = (
  program: Buffer,
  cachedData?: Buffer | undefined,
  filename: string = programFile
): InstanceType<typeof Script> =>
  new Script(program.toString(), {
    filename,
    cachedData,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER
  })

/** Runs the program, which is a function as Node makes one of a CommonJS module, as if it were the main module: this one. */
export const evaluate = (script: InstanceType<typeof Script>): void =>
  script.runInThisContext()(module.exports, require, module, programFile, __dirname)

/** Runs the function of this folder, which its process was started for. */
export const start = (): void => {
  // The runtime of AWS would go on to take the events that the function polls for.
  if (require.main !== module) {
    throw new Error(refusal)
  }
  const program = readProgram()
  evaluate(compile(program, readCodeCache(`${__dirname}/program.cache`, program)))
}

/**
 * The cache, if it is that of this program and whole: V8 compares neither, and would run old code or crash.
 */
export const readCodeCache = (file: string, program: Buffer): Buffer | undefined => {
  try {
    const { crc32 } = process.getBuiltinModule("node:zlib")
    const bytes = readFileSync(file)
    const cache = bytes.subarray(checksumsSize)
    return bytes.readUInt32LE(0) === crc32(program) && bytes.readUInt32LE(4) === crc32(cache) ? cache : undefined
  } catch {
    return undefined
  }
}
