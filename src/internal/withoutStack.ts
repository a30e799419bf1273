import type { LazyArg } from "effect/Function"

/** For an error that has no place in the program: its stack would cost time and say nothing. */
export const withoutStack = <A>(make: LazyArg<A>): A => {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0
  try {
    return make()
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
}
