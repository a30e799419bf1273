import { EventError, UnexpectedShape } from "../EventError.ts"
import { withoutStack } from "./withoutStack.ts"

/** As many places as an error of one handler names. */
const maxIssues = 20

/** One error for the errors of several handlers: what each of them expected, and what the event looks like. */
export const refusedByAll = (refusals: ReadonlyArray<EventError>): EventError => {
  const [first] = refusals
  // What is no JSON is none for all of them.
  if (first !== undefined && (refusals.length === 1 || first.reason._tag === "MalformedJson")) return first
  const maxIssuesOfEach = Math.max(1, Math.floor(maxIssues / refusals.length))
  const issues: Array<{ readonly path: string; readonly message: string }> = []
  const expected = new Set<string>()
  let moreIssues = 0
  let looksLike: string | undefined
  for (const [index, { reason }] of refusals.entries()) {
    if (reason._tag === "MalformedJson") continue
    const which = `handler ${index + 1} of ${refusals.length}`
    for (const { message, path } of reason.issues.slice(0, maxIssuesOfEach)) {
      issues.push({ path, message: `${message} (${which})` })
    }
    moreIssues += Math.max(0, reason.issues.length - maxIssuesOfEach) + (reason.moreIssues ?? 0)
    looksLike ??= reason.looksLike
    if (reason.expected !== undefined) expected.add(reason.expected)
  }
  return withoutStack(() =>
    new EventError({
      reason: new UnexpectedShape({
        issues,
        ...moreIssues === 0 ? {} : { moreIssues },
        ...looksLike === undefined ? {} : { looksLike },
        ...expected.size === 0 ? {} : { expected: [...expected].join(" or ") }
      })
    })
  )
}
