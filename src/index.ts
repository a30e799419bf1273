/**
 * Every public module under its own name.
 *
 * **Gotchas**
 *
 * Import the modules by their subpaths, as in `effect-lambda-runtime/Handler`, in code that is deployed: it starts
 * faster and bundles smaller. Events have subpaths alone, as in `effect-lambda-runtime/events/Sqs`.
 *
 * @since 0.1.0
 */

/**
 * Batches of queues and streams, record by record.
 *
 * @since 0.1.0
 */
export * as Batch from "./Batch.ts"

/**
 * How many invocations a function process serves at the same time.
 *
 * @since 0.1.0
 */
export * as Concurrency from "./Concurrency.ts"

/**
 * Messages to the clients of a WebSocket API.
 *
 * @since 0.1.0
 */
export * as Connections from "./Connections.ts"

/**
 * What Lambda is told about a failure.
 *
 * @since 0.1.0
 */
export * as ErrorReport from "./ErrorReport.ts"

/**
 * Why an event never reached its handler.
 *
 * @since 0.1.0
 */
export * as EventError from "./EventError.ts"

/**
 * The internal extension that makes Lambda end a function gracefully.
 *
 * @since 0.1.0
 */
export * as Extension from "./Extension.ts"

/**
 * Sends what a program has recorded before Lambda may freeze its process.
 *
 * @since 0.1.0
 */
export * as Flush from "./Flush.ts"

/**
 * Functions as Effects.
 *
 * @since 0.1.0
 */
export * as Handler from "./Handler.ts"

/**
 * The invocation that a handler is answering.
 *
 * @since 0.1.0
 */
export * as Invocation from "./Invocation.ts"

/**
 * Running handlers.
 *
 * @since 0.1.0
 */
export * as Lambda from "./Lambda.ts"

/**
 * What Lambda tells a function process through its environment variables.
 *
 * @since 0.1.0
 */
export * as LambdaEnvironment from "./LambdaEnvironment.ts"

/**
 * Effect HTTP applications as functions.
 *
 * @since 0.1.0
 */
export * as LambdaHttp from "./LambdaHttp.ts"

/**
 * Logs in the formats of Lambda.
 *
 * @since 0.1.0
 */
export * as LambdaLogger from "./LambdaLogger.ts"

/**
 * Effect's metrics in CloudWatch.
 *
 * @since 0.1.0
 */
export * as LambdaMetrics from "./LambdaMetrics.ts"

/**
 * What a function answers.
 *
 * @since 0.1.0
 */
export * as LambdaResponse from "./LambdaResponse.ts"

/**
 * Invoking functions in tests.
 *
 * @since 0.1.0
 */
export * as LambdaTest from "./LambdaTest.ts"

/**
 * Spans of what a function does.
 *
 * @since 0.1.0
 */
export * as LambdaTracer from "./LambdaTracer.ts"

/**
 * WebSocket APIs as functions.
 *
 * @since 0.1.0
 */
export * as LambdaWebSocket from "./LambdaWebSocket.ts"

/**
 * The Runtime API on a laptop.
 *
 * @since 0.1.0
 */
export * as LocalServer from "./LocalServer.ts"

/**
 * Why a local server could not start.
 *
 * @since 0.1.0
 */
export * as LocalServerError from "./LocalServerError.ts"

/**
 * The main program of a function on Node.
 *
 * @since 0.1.0
 */
export * as NodeLambda from "./NodeLambda.ts"

/**
 * The Lambda Runtime API.
 *
 * @since 0.1.0
 */
export * as RuntimeApi from "./RuntimeApi.ts"

/**
 * How talking to the Runtime API can fail.
 *
 * @since 0.1.0
 */
export * as RuntimeApiError from "./RuntimeApiError.ts"

/**
 * How a function process ends.
 *
 * @since 0.1.0
 */
export * as Shutdown from "./Shutdown.ts"

/**
 * What a function does before it is snapshotted, and after it has been restored.
 *
 * @since 0.1.0
 */
export * as SnapStart from "./SnapStart.ts"
