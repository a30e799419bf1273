/**
 * Shows places in stack traces as those in the sources. Node's `--enable-source-maps` does not do it for a `vm.Script`,
 * and reads every map at the start; this reads one, for the first stack trace that anybody looks at.
 */
import type { SourceMap } from "node:module"
import { programFile } from "./program.ts"

let sourceMap: SourceMap | undefined

const readSourceMap = (): SourceMap => {
  const { SourceMap } = process.getBuiltinModule("node:module")
  return new SourceMap(JSON.parse(process.getBuiltinModule("node:fs").readFileSync(`${programFile}.map`, "utf8")))
}

const describeFrame = (frame: NodeJS.CallSite): string => {
  const text = String(frame)
  const line = frame.getLineNumber()
  const column = frame.getColumnNumber()
  if (frame.getFileName() !== programFile || line === null || column === null) return text
  sourceMap ??= readSourceMap()
  const origin = sourceMap.findOrigin(line, column)
  if (!("fileName" in origin)) return text
  return text.replace(
    `${programFile}:${line}:${column}`,
    `${origin.fileName}:${origin.lineNumber}:${origin.columnNumber}`
  )
}

export const install = (): void => {
  // While its modules load, Effect looks at the stack of an error of two frames, which is to cost nothing.
  let loading = true
  setImmediate(() => {
    loading = false
  })
  Error.prepareStackTrace = (error, frames) => {
    const describe = loading && frames.length <= 2 ? String : describeFrame
    return [Error.prototype.toString.call(error), ...frames.map((frame) => describe(frame))].join("\n    at ")
  }
}
