/**
 * What sends an event, told by its structure: for whoever gets another one than expected.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-services.html
 */

/** As in `an SQS event`; `undefined` for one of nobody that is known. */
export const recognize = (event: unknown): string | undefined => {
  const name = nameOf(event)
  // Abbreviations are spelled out: an S-Q-S.
  return name === undefined ? undefined : `${/^([AEI]|S[A-Z\d])/.test(name) ? "an" : "a"} ${name} event`
}

export const nameOf = (event: unknown): string | undefined => {
  const domainName = at(event, "requestContext/domainName")
  if (typeof domainName === "string" && domainName.includes(".lambda-url.")) return "Lambda function URL"
  const source = at(event, "Records/0/eventSource") ?? at(event, "Records/0/EventSource") ?? at(event, "eventSource")
  return find(sources, ([value]) => value === source) ??
    find(structures, (paths) => paths.every((path) => at(event, path) !== undefined))
}

/** The name of the first row that fits. */
const find = (table: string, fits: (cells: ReadonlyArray<string>) => boolean): string | undefined => {
  for (const row of table.trim().split("\n")) {
    const [name, cells = ""] = row.split(" = ")
    if (fits(cells.split(" "))) return name
  }
  return undefined
}

/** What the event itself, or its first record, names as its source. Text takes less room in a function than lists. */
const sources = `
SQS = aws:sqs
SNS = aws:sns
S3 = aws:s3
DynamoDB stream = aws:dynamodb
Kinesis stream = aws:kinesis
SES = aws:ses
Amazon MSK = aws:kafka
Apache Kafka = SelfManagedKafka
ActiveMQ = aws:mq
RabbitMQ = aws:rmq
DocumentDB = aws:docdb
CodeCommit = aws:codecommit
`

/** What is there in the events of a source, and not in those of another. */
const structures = `
Lambda@Edge = Records/0/cf
Lambda authorizer = methodArn
Lambda authorizer = routeArn
Lambda destination = requestContext/condition
Application Load Balancer = requestContext/elb
API Gateway WebSocket = requestContext/connectionId
VPC Lattice = requestContext/serviceNetworkArn
VPC Lattice = raw_path method
API Gateway HTTP API = requestContext/http
API Gateway REST = requestContext/resourcePath
API Gateway REST = requestContext httpMethod
EventBridge = detail-type
CloudWatch Logs = awslogs
CloudWatch alarm = alarmData
Firehose = deliveryStreamArn
Cognito user pool = triggerSource
CloudFormation custom resource = RequestType LogicalResourceId
CodePipeline = CodePipeline.job
AppSync = info/fieldName
AppSync channel = info/channelNamespace
AppSync authorizer = authorizationToken requestContext/apiId
S3 Object Lambda = xAmzRequestId
S3 Batch Operations = invocationSchemaVersion tasks
Secrets Manager rotation = SecretId ClientRequestToken
AWS Config = configRuleName
Bedrock agent = messageVersion agent
Lex = bot sessionState
Lex = bot currentIntent
Amazon Connect = Details/ContactData
Cognito Sync = datasetRecords
Kinesis Analytics = applicationArn records
IoT authorizer = protocolData
Transfer Family = serverId protocol
`

const at = (event: unknown, path: string): unknown => {
  let value = event
  for (const key of path.split("/")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined
    value = Reflect.get(value, key)
  }
  return value
}
