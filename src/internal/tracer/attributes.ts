/**
 * What OpenTelemetry's semantic conventions say of functions and of AWS Lambda.
 *
 * https://opentelemetry.io/docs/specs/semconv/faas/
 */
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import type { Invocation } from "../../Invocation.ts"
import type { LambdaEnvironment } from "../../LambdaEnvironment.ts"
import * as eventSource from "../eventSource.ts"

/** https://opentelemetry.io/docs/specs/semconv/resource/faas/ */
export const ofResource = (environment: LambdaEnvironment["Service"]): Readonly<Record<string, unknown>> => {
  const { logGroupName, logStreamName, region } = environment
  return {
    "cloud.provider": "aws",
    "cloud.platform": "aws_lambda",
    ...(Option.isSome(region) ? { "cloud.region": region.value } : {}),
    "faas.name": environment.functionName,
    "faas.version": environment.functionVersion,
    "faas.max_memory": memory(environment),
    ...(Option.isSome(logStreamName)
      ? { "faas.instance": logStreamName.value, "aws.log.stream.names": [logStreamName.value] }
      : {}),
    ...(Option.isSome(logGroupName) ? { "aws.log.group.names": [logGroupName.value] } : {})
  }
}

/** In bytes. */
const memory = ({ memorySize }: LambdaEnvironment["Service"]): number => memorySize * 1024 * 1024

/**
 * https://opentelemetry.io/docs/specs/semconv/faas/faas-spans/
 * https://opentelemetry.io/docs/specs/semconv/faas/aws-lambda/
 */
export const ofInvocation = (
  environment: LambdaEnvironment["Service"],
  { functionArn, requestId }: Invocation["Service"],
  event: unknown,
  isColdStart: boolean
): Record<string, unknown> => {
  const parts = functionArn.split(":")
  // The same process may be called through several aliases, so that the version stands in for what the caller used.
  const functionId = parts.length > 7 ? [...parts.slice(0, 7), environment.functionVersion].join(":") : functionArn
  return {
    "faas.invocation_id": requestId,
    "faas.coldstart": isColdStart,
    "faas.trigger": trigger(event),
    "faas.max_memory": memory(environment),
    "aws.lambda.invoked_arn": functionArn,
    "cloud.resource_id": functionId,
    ...(parts[4] === undefined ? {} : { "cloud.account.id": parts[4] })
  }
}

export type Trigger = "http" | "pubsub" | "datasource" | "timer" | "other"

export const trigger = (event: unknown): Trigger => {
  const source = eventSource.nameOf(event) ?? ""
  if (source === "EventBridge" && Predicate.hasProperty(event, "detail-type") && event["detail-type"] === timed) {
    return "timer"
  }
  for (const [trigger, sources] of triggers) if (sources.test(source)) return trigger
  return "other"
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-rule-schedule.html */
const timed = "Scheduled Event"

const triggers: ReadonlyArray<readonly [Trigger, RegExp]> = [
  ["http", /^(Lambda function URL|Application Load Balancer|API Gateway .*|VPC Lattice|Lambda@Edge)$/],
  ["pubsub", /^(SQS|SNS|Kinesis stream|EventBridge( Pipes)?|Kafka|ActiveMQ|RabbitMQ)$/],
  ["datasource", /^(S3|DynamoDB stream|DocumentDB)$/]
]
