import * as Schema from "effect/Schema"
import * as CodePipeline from "../../../src/events/CodePipeline.ts"
import type { Shape } from "../shape.ts"

const { "CodePipeline.job": job } = CodePipeline.sampleJobEvent()

const withData = (data: object) => ({ "CodePipeline.job": { ...job, data: { ...job.data, ...data } } })

const { continuationToken: _, encryptionKey: __, ...requiredData } = job.data

const pipeline = CodePipeline.samplePipelineExecutionStateChange()

const stage = CodePipeline.sampleStageExecutionStateChange()

const action = CodePipeline.sampleActionExecutionStateChange()

/** As old documentation has it. */
const old = { pipeline: "myPipeline", version: "1", state: "STARTED", "execution-id": "01234567" }

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "CodePipeline.JobEvent",
    kind: "request",
    schema: CodePipeline.JobEvent,
    samples: [
      CodePipeline.sampleJobEvent(),
      { "CodePipeline.job": { ...job, data: requiredData } },
      withData({ actionConfiguration: { configuration: { FunctionName: "f" } }, continuationToken: null }),
      withData({
        actionConfiguration: { configuration: {} },
        inputArtifacts: [{ ...job.data.inputArtifacts[0], revision: "8cf40f2" }]
      })
    ],
    fixtures: ["codepipeline-job"],
    refused: [[
      withData({ artifactCredentials: {} }),
      "[\"CodePipeline.job\"].data.artifactCredentials.secretAccessKey"
    ]]
  },
  {
    name: "CodePipeline.jobEventOf",
    kind: "request",
    schema: CodePipeline.jobEventOf(Schema.Struct({ stack: Schema.String, at: Schema.Date })),
    samples: [CodePipeline.sampleJobEvent({ stack: "test", at: "2026-01-02T03:04:05.678Z" })],
    refused: [
      [
        CodePipeline.sampleJobEvent({ stack: "test", at: 1 }),
        "[\"CodePipeline.job\"].data.actionConfiguration.configuration.UserParameters.at"
      ],
      [
        CodePipeline.sampleJobEvent("text"),
        "[\"CodePipeline.job\"].data.actionConfiguration.configuration.UserParameters"
      ]
    ]
  },
  {
    name: "CodePipeline.PipelineExecutionStateChange",
    kind: "request",
    schema: CodePipeline.PipelineExecutionStateChange,
    samples: [
      pipeline,
      { ...pipeline, detail: old },
      {
        ...pipeline,
        detail: {
          ...pipeline.detail,
          state: "STOPPING",
          "execution-trigger": {
            "branch-name": "main",
            "trigger-type": "StartPipelineExecution",
            "trigger-detail": "arn:aws:iam::1:user/a"
          },
          "stop-execution-comments": "Stopping the pipeline for an update"
        }
      }
    ],
    fixtureFiles: ["rust/example-codepipeline-execution-state-change-event.json"],
    refused: [[stage, "[\"detail-type\"]"], [{ ...pipeline, detail: { ...old, version: null } }, "detail.version"]]
  },
  {
    name: "CodePipeline.StageExecutionStateChange",
    kind: "request",
    schema: CodePipeline.StageExecutionStateChange,
    samples: [stage, { ...stage, detail: old }, {
      ...stage,
      detail: { ...old, stage: "Build", "stage-last-retry-attempt-time": "2023-10-26T14:14:56.305Z" }
    }],
    fixtureFiles: ["rust/example-codepipeline-execution-stage-change-event.json"],
    refused: [[pipeline, "[\"detail-type\"]"]]
  },
  {
    name: "CodePipeline.ActionExecutionStateChange",
    kind: "request",
    schema: CodePipeline.ActionExecutionStateChange,
    samples: [action, {
      ...action,
      detail: {
        ...old,
        stage: "Prod",
        action: "myAction",
        type: { owner: "AWS", category: "Deploy", provider: "CodeDeploy", version: 1 },
        "output-artifacts": []
      }
    }, {
      ...action,
      detail: { ...old, action: "myAction", "input-artifacts": [{ name: "SourceArtifact" }], "execution-result": {} }
    }],
    refused: [[stage, "[\"detail-type\"]"], [{ ...action, detail: old }, "detail.action"]]
  }
]
