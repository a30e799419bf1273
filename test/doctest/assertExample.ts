import { AssertionError } from "node:assert"
import { inspect, isDeepStrictEqual } from "node:util"

/** What `actual // => expected` in an example comes to; a promise is awaited first. */
export const assertExample = async (place: string, actual: unknown, expected: unknown): Promise<void> => {
  const value = await actual
  if (isDeepStrictEqual(value, expected)) return
  throw new AssertionError({
    message: `${place}: the example says ${inspect(expected)}, but it is ${inspect(value)}`,
    actual: value,
    expected,
    operator: "deepStrictEqual"
  })
}
