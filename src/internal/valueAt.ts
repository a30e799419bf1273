/** What stands at a path of an event, and `undefined` where the path ends before. */
export const valueAt = (event: unknown, path: ReadonlyArray<PropertyKey>): unknown => {
  let value = event
  for (const key of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined
    value = Reflect.get(value, key)
  }
  return value
}
