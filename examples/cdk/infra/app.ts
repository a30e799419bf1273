import { App, aws_apigatewayv2, aws_lambda, aws_logs, CfnOutput, Duration, RemovalPolicy, Stack } from "aws-cdk-lib"
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations"
import { fileURLToPath } from "node:url"

const app = new App()
const stack = new Stack(app, "EffectLambdaCdk")

const hello = new aws_lambda.Function(stack, "Function", {
  code: aws_lambda.Code.fromAsset(fileURLToPath(new URL("../dist/cdk.zip", import.meta.url))),
  runtime: aws_lambda.Runtime.NODEJS_24_X,
  handler: "index.handler", // The wrapper starts the function.
  architecture: aws_lambda.Architecture.ARM_64,
  memorySize: 512,
  timeout: Duration.seconds(10),
  environment: { AWS_LAMBDA_EXEC_WRAPPER: "/var/task/bootstrap" },
  logGroup: new aws_logs.LogGroup(stack, "Logs", {
    retention: aws_logs.RetentionDays.ONE_MONTH,
    removalPolicy: RemovalPolicy.DESTROY
  })
})

const api = new aws_apigatewayv2.HttpApi(stack, "Api", {
  defaultIntegration: new HttpLambdaIntegration("Integration", hello)
})

const url = new CfnOutput(stack, "Url", { value: api.apiEndpoint })
url.description = "Where the API answers"

app.synth()
