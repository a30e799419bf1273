/**
 * What functions are called.
 */
import type * as Path from "effect/Path"

/** https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html */
export const isValid = (name: string): boolean => /^[\w-]{1,64}$/.test(name)

/** Of a function that is not told its name: of `hello/main.ts`, `hello/index.ts`, `hello/src/main.ts` and of `hello.ts` it is `hello`. */
export const ofEntry = (path: Path.Path, entryFile: string): string => {
  const stem = path.basename(entryFile, path.extname(entryFile))
  if (!/^(main|index)$/.test(stem)) return stem
  const folder = path.dirname(entryFile)
  return path.basename(path.basename(folder) === "src" ? path.dirname(folder) : folder)
}
