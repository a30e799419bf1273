/**
 * Asking for events: what is tried again, and what becomes of an event that makes no sense.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as References from "effect/References"
import * as ErrorReport from "../ErrorReport.ts"
import type { RuntimeApi } from "../RuntimeApi.ts"
import type { RuntimeApiError } from "../RuntimeApiError.ts"
import * as note from "./note.ts"

/** As the official Node client does it, for about a quarter of an hour in all. */
const maxRetries = 19
const retryDelay = (retry: number) => Math.min(100 * 2 ** retry, 90_000)

/** Asks again after what may be over soon, because other workers are in the middle of their invocations. */
export const pollPatiently = (api: RuntimeApi["Service"], retries: number = 0): RuntimeApi["Service"]["next"] =>
  Effect.catch(api.next, (error) => {
    // One that says which event it is about is reported to Lambda.
    if (requestOf(error) !== undefined) return Effect.fail(error)
    if (retries === maxRetries) {
      return Effect.andThen(
        note.error(`${error.message}. This worker has asked ${maxRetries + 1} times, and asks no more`),
        Effect.fail(error)
      )
    }
    const delay = retryDelay(retries)
    return note.warning(`${error.message}. Asking again in ${delay} ms`).pipe(
      Effect.andThen(Effect.sleep(delay)),
      Effect.andThen(Effect.suspend(() => pollPatiently(api, retries + 1)))
    )
  })

/**
 * Logs and reports an event that makes no sense, which is over then; `onLost` is for a report that cannot be left.
 * Nothing where the error is another, or the event does not say which one it is.
 */
export const reportSenseless = (
  api: RuntimeApi["Service"],
  error: RuntimeApiError,
  annotations: Readonly<Record<string, unknown>>,
  onLost: (error: RuntimeApiError) => Effect.Effect<undefined>
): Effect.Effect<unknown> | undefined => {
  const invocation = requestOf(error)
  return invocation && Effect.provideService(
    Effect.andThen(
      note.error(error.message),
      Effect.catch(api.fail(invocation, ErrorReport.fromError(error)), onLost)
    ),
    References.CurrentLogAnnotations,
    { ...annotations, requestId: invocation.requestId }
  )
}

const requestOf = ({ reason }: RuntimeApiError) =>
  reason._tag === "InvalidInvocation" && Option.isSome(reason.requestId)
    ? { requestId: reason.requestId.value, invocationId: reason.invocationId }
    : undefined

/** The answer came too late, twice, or was too large: the invocation is over, the runtime is not. */
export const isRefusal = ({ reason }: RuntimeApiError): boolean =>
  reason._tag === "StatusError" && reason.status >= 400 && reason.status < 500

/** An answer or a report that costs its invocation, and nothing else. */
export const tellLost = (error: RuntimeApiError): Effect.Effect<undefined> =>
  Effect.as(
    isRefusal(error)
      ? note.warning(`${error.message}. The invocation is over; the next one is served`)
      : note.error(`${error.message}. The invocation is over`),
    undefined
  )
