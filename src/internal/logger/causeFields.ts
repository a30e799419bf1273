/**
 * The whole of a cause in a record: what Lambda is told of it, and every reason.
 */
import * as Cause from "effect/Cause"
import * as Predicate from "effect/Predicate"
import * as ErrorReport from "../../ErrorReport.ts"
import { encode, type Fields, ownFields, retells } from "./jsonValue.ts"

/**
 * `errorType` and `errorMessage` as in the error that Lambda gets, its `stackTrace`, and `cause` where that is not all:
 * where there are several reasons, a defect, an interruption, or an error with fields or a cause of its own.
 */
export const fields = (cause: Cause.Cause<unknown>): Fields => {
  const report = ErrorReport.fromCause(cause)
  const { errorMessage, errorType } = report
  try {
    const stacks = Cause.prettyErrors(cause).map(({ stack }) => stack?.split("\n"))
    const squashed = Cause.squash(cause)
    let stackTrace: ReadonlyArray<string> | undefined
    const reasons = cause.reasons.map((reason): Fields => {
      if (Cause.isInterruptReason(reason)) return { _tag: reason._tag, fiberId: reason.fiberId }
      const error = errorOf(reason)
      const stack = stacks.shift()
      const own = Predicate.isObject(error) ? ownFields(error) : {}
      // The record itself has the type, the message and the stack of this one.
      if (stackTrace === undefined && error === squashed) {
        stackTrace = stack
        return { _tag: reason._tag, ...own }
      }
      const { errorMessage, errorType } = ErrorReport.fromError(error)
      return { _tag: reason._tag, errorType, errorMessage, stackTrace: stack, ...own }
    })
    const isAll = cause.reasons.length === 1 && Cause.hasFails(cause) && Object.keys(reasons[0] ?? {}).length === 1
    return {
      errorType,
      errorMessage,
      stackTrace: stackTrace ?? stacks[0],
      ...(isAll ? undefined : { cause: reasons })
    }
  } catch {
    // Which reads an error with more care than its stack can be made with.
    return { ...report }
  }
}

/** One reason after the other, with its stack and its fields, on several lines. */
export const pretty = (cause: Cause.Cause<unknown>): string => {
  try {
    return cause.reasons.map((reason) => {
      const stack = Cause.pretty(Cause.fromReasons([reason]))
      const own = Cause.isInterruptReason(reason) ? {} : untoldFields(errorOf(reason))
      return Object.keys(own).length === 0 ? stack : `${stack}\n    ${encode(own)}`
    }).join("\n")
  } catch {
    const { errorMessage, errorType, stackTrace } = ErrorReport.fromCause(cause)
    return [`${errorType}: ${errorMessage}`, ...stackTrace].join("\n    ")
  }
}

const errorOf = (reason: Cause.Fail<unknown> | Cause.Die): unknown =>
  Cause.isFailReason(reason) ? reason.error : reason.defect

/** Those that are not in the stack, where the message and the cause are. */
const untoldFields = (error: unknown): Fields => {
  if (!Predicate.isObject(error)) return {}
  const { cause: _, ...own } = ownFields(error)
  return Object.fromEntries(Object.entries(own).filter(([name]) => !retells(error, Reflect.get(error, name))))
}
