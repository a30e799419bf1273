/**
 * Invokes functions in tests, without a network: an in-memory Runtime API with the real invocation loop behind it.
 *
 * @since 0.1.0
 */
import type * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Pull from "effect/Pull"
import * as Queue from "effect/Queue"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as ErrorReport from "./ErrorReport.ts"
import * as Invocation from "./Invocation.ts"
import * as Lambda from "./Lambda.ts"
import type * as LambdaResponse from "./LambdaResponse.ts"
import { RuntimeApi } from "./RuntimeApi.ts"
