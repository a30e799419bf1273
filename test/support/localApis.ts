/**
 * A local server with APIs of API Gateway in front of its functions.
 */
import * as LocalServer from "../../src/LocalServer.ts"

export const layer = (apis: ReadonlyArray<LocalServer.ApiOptions>, options: LocalServer.Options = {}) =>
  LocalServer.layerTestOptions({ apis, ...options })
