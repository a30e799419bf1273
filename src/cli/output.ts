/**
 * What is said may not reach anybody.
 */

/**
 * Whoever reads may have left, as `head` does, which is no trouble of the command's. Anything else is: what was asked
 * for is not where it should be.
 */
export const watch = (): void => {
  process.stderr.on("error", () => {})
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") return
    process.exitCode = 1
    process.stderr.write(`✘ standard output: ${error.message}\n`)
  })
}
