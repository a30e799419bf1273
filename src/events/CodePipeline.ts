/**
 * AWS CodePipeline: jobs of actions that invoke a function, and pipelines that change their state, by way of
 * EventBridge.
 *
 * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/actions-invoke-lambda-function.html
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { jsonString } from "../internal/events/jsonString.ts"
import { nullish } from "../internal/events/nullish.ts"
import { openEnum } from "../internal/events/openEnum.ts"
import { serviceEvent, serviceSample } from "../internal/events/serviceEvent.ts"

const title = "a CodePipeline event"

/**
 * A file that goes from one action to the next, in the bucket of the pipeline.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Artifact = Schema.Struct({
  name: Schema.String,
  revision: nullish(Schema.String),
  location: Schema.Struct({
    type: openEnum(["S3"]),
    s3Location: Schema.Struct({ bucketName: Schema.String, objectKey: Schema.String })
  })
})

/**
 * A decoded {@link Artifact}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Artifact extends Schema.Schema.Type<typeof Artifact> {}

const configurationFields = {
  FunctionName: nullish(Schema.String),
  /** Any text: what the action is configured with. */
  UserParameters: nullish(Schema.String)
}

const dataFields = {
  inputArtifacts: Schema.Array(Artifact),
  outputArtifacts: Schema.Array(Artifact),
  /** For the artifacts, and for a while. */
  artifactCredentials: Schema.Struct({
    accessKeyId: Schema.String,
    secretAccessKey: Schema.RedactedFromValue(Schema.String),
    sessionToken: Schema.RedactedFromValue(Schema.String)
  }),
  /** What the function gave to `PutJobSuccessResult`, when it asked to be invoked again. */
  continuationToken: nullish(Schema.String),
  /** Of the bucket, where it is not the default key. */
  encryptionKey: nullish(Schema.Struct({ id: Schema.String, type: openEnum(["KMS"]) }))
}

const jobFields = { id: Schema.String, accountId: Schema.String }

/**
 * A job of an action, with its parameters as text. {@link jobEventOf} decodes parameters of JSON.
 *
 * **Gotchas**
 *
 * Nothing is read from what the function answers: the action waits for `PutJobSuccessResult` or `PutJobFailureResult`,
 * with the id of the job.
 *
 * @category schemas
 * @since 0.1.0
 */
export const JobEvent = Schema.Struct({
  "CodePipeline.job": Schema.Struct({
    ...jobFields,
    data: Schema.Struct({
      ...dataFields,
      actionConfiguration: Schema.Struct({ configuration: Schema.Struct(configurationFields) })
    })
  })
}).annotate({ title })

/**
 * A decoded {@link JobEvent}.
 *
 * @category models
 * @since 0.1.0
 */
export interface JobEvent extends Schema.Schema.Type<typeof JobEvent> {}

const makeJobEventOf = <Parameters extends Schema.Constraint>(userParameters: Parameters) =>
  Schema.Struct({
    "CodePipeline.job": Schema.Struct({
      ...jobFields,
      data: Schema.Struct({
        ...dataFields,
        actionConfiguration: Schema.Struct({
          configuration: Schema.Struct({ ...configurationFields, UserParameters: jsonString(userParameters) })
        })
      })
    })
  }).annotate({ title })

/**
 * The schema of {@link jobEventOf}.
 *
 * @category models
 * @since 0.1.0
 */
export interface jobEventOf<Parameters extends Schema.Constraint>
  extends ReturnType<typeof makeJobEventOf<Parameters>>
{}

/**
 * A {@link JobEvent} whose `UserParameters` are JSON of the given shape.
 *
 * **Example** (The stack of a stage)
 *
 * ```ts
 * import * as CodePipeline from "effect-lambda-runtime/events/CodePipeline"
 * import * as Schema from "effect/Schema"
 *
 * const Job = CodePipeline.jobEventOf(Schema.Struct({ stack: Schema.String }))
 * const { "CodePipeline.job": job } = Schema.decodeUnknownSync(Job)(CodePipeline.sampleJobEvent({ stack: "test" }))
 * job.data.actionConfiguration.configuration.UserParameters.stack // => "test"
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const jobEventOf: <Parameters extends Schema.Constraint>(userParameters: Parameters) => jobEventOf<Parameters> =
  makeJobEventOf

/** A number, or the text of one. */
const version = Schema.Union([Schema.Finite, Schema.String])

const state = openEnum([
  "STARTED",
  "SUCCEEDED",
  "FAILED",
  "RESUMED",
  "CANCELED",
  "STOPPING",
  "STOPPED",
  "SUPERSEDED",
  "ABANDONED"
])

const executionFields = {
  pipeline: Schema.String,
  /** Of the structure of the pipeline: a number, or the text of one. */
  version,
  "execution-id": Schema.String,
  state,
  "start-time": nullish(Schema.DateTimeUtcFromString),
  "pipeline-execution-attempt": nullish(Schema.Finite)
}

/**
 * The detail of {@link PipelineExecutionStateChange}.
 *
 * @category schemas
 * @since 0.1.0
 */
export const PipelineExecutionStateChangeDetail = Schema.Struct({
  ...executionFields,
  /** The commit, the pull request, or whatever else started the execution. */
  "execution-trigger": nullish(Schema.Struct({
    "trigger-type": nullish(Schema.String),
    "trigger-detail": nullish(Schema.String),
    "provider-type": nullish(Schema.String),
    "full-repository-name": nullish(Schema.String),
    "branch-name": nullish(Schema.String),
    "tag-name": nullish(Schema.String),
    "commit-id": nullish(Schema.String),
    "commit-message": nullish(Schema.String),
    "author-id": nullish(Schema.String),
    "author-display-name": nullish(Schema.String),
    "author-email": nullish(Schema.String),
    "author-date": nullish(Schema.String),
    "connection-arn": nullish(Schema.String)
  })),
  "stop-execution-comments": nullish(Schema.String)
})

/**
 * A decoded {@link PipelineExecutionStateChangeDetail}.
 *
 * @category models
 * @since 0.1.0
 */
export interface PipelineExecutionStateChangeDetail
  extends Schema.Schema.Type<typeof PipelineExecutionStateChangeDetail>
{}

/**
 * The execution of a pipeline that has changed its state.
 *
 * **Details**
 *
 * Every time within the detail encodes with milliseconds.
 *
 * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/detect-state-changes-cloudwatch-events.html
 * @category schemas
 * @since 0.1.0
 */
export const PipelineExecutionStateChange = serviceEvent(
  Schema.Literal("CodePipeline Pipeline Execution State Change"),
  PipelineExecutionStateChangeDetail
)

/**
 * A decoded {@link PipelineExecutionStateChange}.
 *
 * @category models
 * @since 0.1.0
 */
export interface PipelineExecutionStateChange extends Schema.Schema.Type<typeof PipelineExecutionStateChange> {}

/**
 * The detail of {@link StageExecutionStateChange}.
 *
 * @category schemas
 * @since 0.1.0
 */
export const StageExecutionStateChangeDetail = Schema.Struct({
  ...executionFields,
  stage: nullish(Schema.String),
  "stage-last-retry-attempt-time": nullish(Schema.DateTimeUtcFromString)
})

/**
 * A decoded {@link StageExecutionStateChangeDetail}.
 *
 * @category models
 * @since 0.1.0
 */
export interface StageExecutionStateChangeDetail extends Schema.Schema.Type<typeof StageExecutionStateChangeDetail> {}

/**
 * The execution of a stage that has changed its state.
 *
 * **Details**
 *
 * Every time within the detail encodes with milliseconds.
 *
 * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/detect-state-changes-cloudwatch-events.html
 * @category schemas
 * @since 0.1.0
 */
export const StageExecutionStateChange = serviceEvent(
  Schema.Literal("CodePipeline Stage Execution State Change"),
  StageExecutionStateChangeDetail
)

/**
 * A decoded {@link StageExecutionStateChange}.
 *
 * @category models
 * @since 0.1.0
 */
export interface StageExecutionStateChange extends Schema.Schema.Type<typeof StageExecutionStateChange> {}

const artifacts = nullish(Schema.Array(Schema.Struct({
  name: Schema.String,
  s3location: nullish(Schema.Struct({ bucket: Schema.String, key: Schema.String }))
})))

/**
 * The detail of {@link ActionExecutionStateChange}.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ActionExecutionStateChangeDetail = Schema.Struct({
  ...executionFields,
  stage: nullish(Schema.String),
  action: Schema.String,
  "action-execution-id": nullish(Schema.String),
  /** Where the action runs; that of the event is the region of the pipeline. */
  region: nullish(Schema.String),
  type: nullish(Schema.Struct({
    owner: openEnum(["AWS", "ThirdParty", "Custom"]),
    category: openEnum(["Source", "Build", "Deploy", "Test", "Invoke", "Approval", "Compute"]),
    provider: Schema.String,
    version
  })),
  "input-artifacts": artifacts,
  "output-artifacts": artifacts,
  "execution-result": nullish(Schema.Struct({
    "external-execution-url": nullish(Schema.String),
    "external-execution-summary": nullish(Schema.String),
    "external-execution-id": nullish(Schema.String),
    "error-code": nullish(Schema.String)
  }))
})

/**
 * A decoded {@link ActionExecutionStateChangeDetail}.
 *
 * @category models
 * @since 0.1.0
 */
export interface ActionExecutionStateChangeDetail extends Schema.Schema.Type<typeof ActionExecutionStateChangeDetail> {}

/**
 * The execution of an action that has changed its state.
 *
 * **Details**
 *
 * Every time within the detail encodes with milliseconds.
 *
 * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/detect-state-changes-cloudwatch-events.html
 * @category schemas
 * @since 0.1.0
 */
export const ActionExecutionStateChange = serviceEvent(
  Schema.Literal("CodePipeline Action Execution State Change"),
  ActionExecutionStateChangeDetail
)

/**
 * A decoded {@link ActionExecutionStateChange}.
 *
 * @category models
 * @since 0.1.0
 */
export interface ActionExecutionStateChange extends Schema.Schema.Type<typeof ActionExecutionStateChange> {}

/**
 * {@link JobEvent} as Lambda delivers it. Parameters that are no text are sent as JSON.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as CodePipeline from "effect-lambda-runtime/events/CodePipeline"
 *
 * CodePipeline.sampleJobEvent()["CodePipeline.job"].data.outputArtifacts // => []
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleJobEvent = (userParameters: unknown = "some-input-such-as-a-URL"): typeof JobEvent.Encoded => ({
  "CodePipeline.job": {
    id: "11111111-abcd-1111-abcd-111111abcdef",
    accountId: "111111111111",
    data: {
      actionConfiguration: {
        configuration: {
          FunctionName: "MyLambdaFunctionForAWSCodePipeline",
          UserParameters: typeof userParameters === "string" ? userParameters : JSON.stringify(userParameters)
        }
      },
      inputArtifacts: [{
        location: {
          s3Location: {
            bucketName: "codepipeline-us-east-2-1234567890",
            objectKey: "MyPipeline/SourceArti/4bbY4Hq.zip"
          },
          type: "S3"
        },
        revision: null,
        name: "SourceArtifact"
      }],
      outputArtifacts: [],
      artifactCredentials: {
        secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        sessionToken: "MIICiTCCAfICCQD6m7oRw0uXOjANBgkqhkiG9w==",
        accessKeyId: "AKIAIOSFODNN7EXAMPLE"
      },
      continuationToken: "A continuation token if continuing job",
      encryptionKey: {
        id: "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        type: "KMS"
      }
    }
  }
})

const resources = ["arn:aws:codepipeline:us-east-1:123456789012:myPipeline"]

const sampleExecution = {
  pipeline: "myPipeline",
  version: 3,
  "execution-id": "12345678-1234-5678-abcd-12345678abcd",
  "start-time": "2023-10-26T13:49:39.208Z",
  state: "SUCCEEDED",
  "pipeline-execution-attempt": 1
}

/**
 * {@link PipelineExecutionStateChange} as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as CodePipeline from "effect-lambda-runtime/events/CodePipeline"
 *
 * CodePipeline.samplePipelineExecutionStateChange().detail.state // => "SUCCEEDED"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const samplePipelineExecutionStateChange = (): typeof PipelineExecutionStateChange.Encoded =>
  serviceSample("aws.codepipeline", "CodePipeline Pipeline Execution State Change", {
    ...sampleExecution,
    "execution-trigger": {
      "author-display-name": "Mary Major",
      "full-repository-name": "mmajor/sample-project",
      "provider-type": "GitLab",
      "author-email": "mary@example.com",
      "commit-message": "Update file README.md",
      "author-date": "2023-08-16T21:08:08Z",
      "tag-name": "gitlab-v4.2.1",
      "commit-id": "8cf40f2",
      "connection-arn": "arn:aws:codestar-connections:us-east-1:123456789012:connection/0f5b706a",
      "author-id": "Mary Major"
    }
  }, resources)

/**
 * {@link StageExecutionStateChange} as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as CodePipeline from "effect-lambda-runtime/events/CodePipeline"
 *
 * CodePipeline.sampleStageExecutionStateChange().detail.stage // => "Prod"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleStageExecutionStateChange = (): typeof StageExecutionStateChange.Encoded =>
  serviceSample("aws.codepipeline", "CodePipeline Stage Execution State Change", {
    ...sampleExecution,
    stage: "Prod"
  }, resources)

/**
 * {@link ActionExecutionStateChange} as Lambda delivers it, of an action that has failed.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as CodePipeline from "effect-lambda-runtime/events/CodePipeline"
 *
 * CodePipeline.sampleActionExecutionStateChange().detail.action // => "Deploy"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleActionExecutionStateChange = (): typeof ActionExecutionStateChange.Encoded =>
  serviceSample("aws.codepipeline", "CodePipeline Action Execution State Change", {
    ...sampleExecution,
    state: "FAILED",
    stage: "Prod",
    action: "Deploy",
    "action-execution-id": "47f821c5-a902-44b2-ae61-b878d31ecd21",
    region: "us-west-2",
    type: { owner: "AWS", category: "Deploy", provider: "CodeDeploy", version: "1" },
    "input-artifacts": [{
      name: "SourceArtifact",
      s3location: { bucket: "codepipeline-us-east-1-BUCKETEXAMPLE", key: "myPipeline/SourceArti/KEYEXAMPLE" }
    }],
    "execution-result": {
      "external-execution-url": "https://us-west-2.console.aws.amazon.com/codedeploy/home?#/deployments/d-123",
      "external-execution-summary": "Deployment d-123 failed",
      "external-execution-id": "d-123",
      "error-code": "JobFailed"
    }
  }, resources)
