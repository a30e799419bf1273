/**
 * What sends an event, told by its structure: for whoever gets another one than expected.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-services.html
 */
import { valueAt } from "./valueAt.ts"

/** As in `an SQS event`, the title of that event's schema; `undefined` for one of nobody that is known. */
export const recognize = (event: unknown): string | undefined => {
  const name = nameOf(event)
  // Abbreviations are spelled out: an S-Q-S.
  return name === undefined ? undefined : `${/^([AEI]|S[A-Z\d])/.test(name) ? "an" : "a"} ${name} event`
}

export const nameOf = (event: unknown): string | undefined => {
  const domainName = at(event, "requestContext/domainName")
  if (typeof domainName === "string" && domainName.includes(".lambda-url.")) return "Lambda function URL"
  const source = at(event, "Records/0/eventSource") ?? at(event, "Records/0/EventSource") ?? at(event, "eventSource")
  for (const sender of senders.trim().split("\n")) {
    const [name, ...signs] = sender.split("=")
    if (signs.some((sign) => sign.split(" ").every((part) => part === source || at(event, part) !== undefined))) {
      return name
    }
  }
  return undefined
}

/**
 * Senders, and one or more signs of each: what the event or its first record names as its source, or the paths that
 * are there in its events, and not in those of the senders below. Text takes less room in a function than lists.
 */
const senders = `
SQS=aws:sqs
SNS=aws:sns
S3=aws:s3
DynamoDB stream=aws:dynamodb
Kinesis stream=aws:kinesis
SES=aws:ses=notificationType receipt
Kafka=aws:kafka=SelfManagedKafka=aws:SelfManagedKafka
ActiveMQ=aws:mq=aws:amq
RabbitMQ=aws:rmq
DocumentDB=aws:docdb
CodeCommit=aws:codecommit
Lambda@Edge=Records/0/cf
Lambda authorizer=methodArn=routeArn
Lambda destination=requestContext/condition
Application Load Balancer=requestContext/elb
API Gateway WebSocket=requestContext/connectionId
VPC Lattice=requestContext/serviceNetworkArn=raw_path method
API Gateway HTTP API=requestContext/http
API Gateway REST=requestContext/resourcePath=requestContext httpMethod
EventBridge=detail-type
EventBridge Pipes=0/eventSource
CloudWatch Logs=awslogs=logEvents
CloudWatch alarm=alarmData=NewStateValue
CloudWatch widget=widgetContext
Firehose=deliveryStreamArn
Cognito user pool=triggerSource
Cognito Sync=datasetRecords
CloudFormation custom resource=RequestType LogicalResourceId
CloudFormation macro=transformId
CodePipeline=CodePipeline.job
CodeDeploy=LifecycleEventHookExecutionId
AppSync=info/fieldName=0/info/fieldName=typeName fieldName
AppSync channel=info/channelNamespace
AppSync authorizer=authorizationToken requestContext/apiId
S3 Object Lambda=xAmzRequestId
S3 Batch Operations=invocationSchemaVersion tasks
S3 test=Service HostId
SNS confirmation=SubscribeURL
SNS notification=TopicArn
Secrets Manager rotation=SecretId ClientRequestToken
AWS Config=invokingEvent
Bedrock agent=messageVersion agent
Lex V2=bot sessionState
Lex V1=bot currentIntent
Amazon Connect=Details/ContactData=InvocationMetadata
Amazon Chime=Sender Discussion
Kinesis Analytics=applicationArn records
IoT authorizer=protocolData=mqttContext
IoT provisioning=certificateId templateArn
IoT button=serialNumber clickType
IoT 1-Click=deviceEvent placementInfo
Transfer Family=serverId protocol=serviceMetadata fileLocation
Client VPN=connection-id
Auto Scaling=AutoScalingGroupARN
Alexa=request/requestId=context/System
Step Functions=taskToken
`

const at = (event: unknown, path: string): unknown => valueAt(event, path.split("/"))
