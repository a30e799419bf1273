/**
 * `node:http`, without its price.
 */
import type * as Http from "node:http"

/** An `import` would evaluate all lazy exports of the module, which takes ten times as long. */
export const nodeHttp: typeof Http = process.getBuiltinModule("node:http")
