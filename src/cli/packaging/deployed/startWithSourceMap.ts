/**
 * The main module of a deployed function that has a code cache and a source map: `index.cjs`.
 */
import * as program from "./program.ts"
import * as sourceMap from "./sourceMap.ts"

sourceMap.install()
program.start()
