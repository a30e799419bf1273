import * as CodeBuild from "../../../src/events/CodeBuild.ts"
import type { Shape } from "../shape.ts"

const stateChange = CodeBuild.sampleBuildStateChange()

const phaseChange = CodeBuild.sampleBuildPhaseChange()

const withInformation = (information: object) => ({
  ...stateChange,
  detail: {
    ...stateChange.detail,
    "additional-information": { ...stateChange.detail["additional-information"], ...information }
  }
})

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "CodeBuild.BuildStateChange",
    kind: "request",
    schema: CodeBuild.BuildStateChange,
    samples: [
      stateChange,
      {
        ...stateChange,
        detail: {
          "build-status": "IN_PROGRESS",
          "project-name": "my-sample-project",
          "build-id": "arn:aws:codebuild:us-east-1:123456789012:build/my-sample-project:1",
          "additional-information": { "build-complete": false }
        }
      },
      withInformation({
        artifact: {},
        environment: {
          "environment-variables": [{ name: "STAGE" }],
          "image-pull-credentials-type": "CODEBUILD"
        },
        logs: {},
        "queued-timeout-in-minutes": 480,
        source: { buildspec: "version: 0.2" }
      }),
      withInformation({ environment: {}, source: {} }),
      withInformation({
        artifact: null,
        logs: null,
        "build-number": 55.5,
        phases: [{ "phase-type": "BUILD", "phase-context": [null, "exit status 1"], "end-time": null }]
      })
    ],
    fixtures: ["eventbridge:codebuild"],
    refused: [
      [phaseChange, "[\"detail-type\"]"],
      [
        withInformation({ phases: [{ "phase-type": "BUILD", "start-time": "2017-09-01T16:12:29Z" }] }),
        "detail[\"additional-information\"].phases[0][\"start-time\"]"
      ]
    ]
  },
  {
    name: "CodeBuild.BuildPhaseChange",
    kind: "request",
    schema: CodeBuild.BuildPhaseChange,
    samples: [phaseChange, {
      ...phaseChange,
      detail: {
        "project-name": "my-sample-project",
        "build-id": "arn:aws:codebuild:us-east-1:123456789012:build/my-sample-project:1",
        "additional-information": { "build-complete": false },
        "completed-phase": "BUILD"
      }
    }, {
      ...phaseChange,
      detail: { ...phaseChange.detail, "completed-phase-status": null, "completed-phase-end": null }
    }],
    refused: [
      [stateChange, "[\"detail-type\"]"],
      [
        { ...phaseChange, detail: { ...phaseChange.detail, "completed-phase-duration-seconds": "4" } },
        "detail[\"completed-phase-duration-seconds\"]"
      ]
    ]
  }
]
