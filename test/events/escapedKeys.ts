/**
 * Whether JSON has to escape a key. V8's `JSON.parse` can take such a key for another one that it has seen at the same
 * place: in a process that has parsed `{"q":1,"\\\\":1}`, `{"q":1,"\\u0000":1}` comes out with a backslash.
 */
export const hasEscapedKey = (value: unknown): boolean =>
  typeof value === "object" && value !== null &&
  Object.entries(value).some(([key, member]) => JSON.stringify(key) !== `"${key}"` || hasEscapedKey(member))
