/**
 * The main module of a deployed function that has a code cache: `index.cjs`.
 */
import * as program from "./program.ts"

program.start()
