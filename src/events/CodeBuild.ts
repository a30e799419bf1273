/**
 * AWS CodeBuild builds, by way of EventBridge.
 *
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/sample-build-notifications.html
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { nullish } from "../internal/events/nullish.ts"
import { openEnum } from "../internal/events/openEnum.ts"
import { serviceEvent, serviceSample } from "../internal/events/serviceEvent.ts"
import * as Timestamp from "./Timestamp.ts"

const phaseType = openEnum([
  "SUBMITTED",
  "QUEUED",
  "PROVISIONING",
  "DOWNLOAD_SOURCE",
  "INSTALL",
  "PRE_BUILD",
  "BUILD",
  "POST_BUILD",
  "UPLOAD_ARTIFACTS",
  "FINALIZING",
  "COMPLETED"
])

const phaseStatus = openEnum([
  "QUEUED",
  "IN_PROGRESS",
  "SUCCEEDED",
  "FAILED",
  "FAULT",
  "TIMED_OUT",
  "STOPPED",
  "CLIENT_ERROR"
])

/**
 * A phase of a build. The last one, `COMPLETED`, has neither an end nor a status.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Phase = Schema.Struct({
  "phase-type": phaseType,
  "phase-status": nullish(phaseStatus),
  /** What went wrong. */
  "phase-context": nullish(Schema.Array(Schema.NullOr(Schema.String))),
  "start-time": nullish(Timestamp.AmericanEnglish),
  "end-time": nullish(Timestamp.AmericanEnglish),
  "duration-in-seconds": nullish(Schema.Finite)
})

/**
 * A decoded {@link Phase}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Phase extends Schema.Schema.Type<typeof Phase> {}

/**
 * What CodeBuild says of a build.
 *
 * @category schemas
 * @since 0.1.0
 */
export const AdditionalInformation = Schema.Struct({
  artifact: nullish(Schema.Struct({
    md5sum: nullish(Schema.String),
    sha256sum: nullish(Schema.String),
    location: nullish(Schema.String)
  })),
  environment: nullish(Schema.Struct({
    image: nullish(Schema.String),
    "privileged-mode": nullish(Schema.Boolean),
    "image-pull-credentials-type": nullish(openEnum(["CODEBUILD", "SERVICE_ROLE"])),
    "compute-type": nullish(Schema.String),
    type: nullish(Schema.String),
    "environment-variables": nullish(Schema.Array(Schema.Struct({
      name: Schema.String,
      type: nullish(openEnum(["PLAINTEXT", "PARAMETER_STORE", "SECRETS_MANAGER"])),
      value: nullish(Schema.String)
    })))
  })),
  "timeout-in-minutes": nullish(Schema.Finite),
  "queued-timeout-in-minutes": nullish(Schema.Finite),
  "build-complete": Schema.Boolean,
  /** Counts the builds of a project. */
  "build-number": nullish(Schema.Finite),
  /** Who started the build: a user, a rule or a pipeline. */
  initiator: nullish(Schema.String),
  "build-start-time": nullish(Timestamp.AmericanEnglish),
  source: nullish(Schema.Struct({
    type: nullish(Schema.String),
    location: nullish(Schema.String),
    buildspec: nullish(Schema.String)
  })),
  "source-version": nullish(Schema.String),
  logs: nullish(Schema.Struct({
    "group-name": nullish(Schema.String),
    "stream-name": nullish(Schema.String),
    "deep-link": nullish(Schema.String)
  })),
  phases: nullish(Schema.Array(Phase))
})

/**
 * Decoded {@link AdditionalInformation}.
 *
 * @category models
 * @since 0.1.0
 */
export interface AdditionalInformation extends Schema.Schema.Type<typeof AdditionalInformation> {}

const detailFields = {
  "project-name": Schema.String,
  /** The ARN of the build. */
  "build-id": Schema.String,
  "additional-information": AdditionalInformation,
  version: nullish(Schema.String)
}

/**
 * The detail of {@link BuildStateChange}.
 *
 * @category schemas
 * @since 0.1.0
 */
export const BuildStateChangeDetail = Schema.Struct({
  ...detailFields,
  "build-status": openEnum(["IN_PROGRESS", "SUCCEEDED", "FAILED", "FAULT", "TIMED_OUT", "STOPPED"]),
  "current-phase": nullish(phaseType),
  /** A list in a text of its own, `[]` where there is nothing to say. */
  "current-phase-context": nullish(Schema.String)
})

/**
 * A decoded {@link BuildStateChangeDetail}.
 *
 * @category models
 * @since 0.1.0
 */
export interface BuildStateChangeDetail extends Schema.Schema.Type<typeof BuildStateChangeDetail> {}

/**
 * A build that has started or ended.
 *
 * **Details**
 *
 * The times within the detail have no zone and are UTC.
 *
 * @category schemas
 * @since 0.1.0
 */
export const BuildStateChange = serviceEvent(Schema.Literal("CodeBuild Build State Change"), BuildStateChangeDetail)

/**
 * A decoded {@link BuildStateChange}.
 *
 * @category models
 * @since 0.1.0
 */
export interface BuildStateChange extends Schema.Schema.Type<typeof BuildStateChange> {}

/**
 * The detail of {@link BuildPhaseChange}.
 *
 * @category schemas
 * @since 0.1.0
 */
export const BuildPhaseChangeDetail = Schema.Struct({
  ...detailFields,
  "completed-phase": phaseType,
  "completed-phase-status": nullish(phaseStatus),
  /** A list in a text of its own, `[]` where there is nothing to say. */
  "completed-phase-context": nullish(Schema.String),
  "completed-phase-duration-seconds": nullish(Schema.Finite),
  "completed-phase-start": nullish(Timestamp.AmericanEnglish),
  "completed-phase-end": nullish(Timestamp.AmericanEnglish)
})

/**
 * A decoded {@link BuildPhaseChangeDetail}.
 *
 * @category models
 * @since 0.1.0
 */
export interface BuildPhaseChangeDetail extends Schema.Schema.Type<typeof BuildPhaseChangeDetail> {}

/**
 * A build that has completed a phase.
 *
 * **Details**
 *
 * The times within the detail have no zone and are UTC.
 *
 * @category schemas
 * @since 0.1.0
 */
export const BuildPhaseChange = serviceEvent(Schema.Literal("CodeBuild Build Phase Change"), BuildPhaseChangeDetail)

/**
 * A decoded {@link BuildPhaseChange}.
 *
 * @category models
 * @since 0.1.0
 */
export interface BuildPhaseChange extends Schema.Schema.Type<typeof BuildPhaseChange> {}

const build = "arn:aws:codebuild:us-east-1:123456789012:build/my-sample-project:8745a7a9-c340-456a-9166-edf953571bEX"

const sampleFields = {
  "project-name": "my-sample-project",
  "build-id": build,
  "additional-information": {
    artifact: {
      md5sum: "da9c44c8a9a3cd4b443126e823168fEX",
      sha256sum: "6ccc2ae1df9d155ba83c597051611c42d60e09c6329dcb14a312cecc0a8e39EX",
      location: "arn:aws:s3:::codebuild-123456789012-output-bucket/my-output-artifact.zip"
    },
    environment: {
      image: "aws/codebuild/standard:2.0",
      "privileged-mode": false,
      "compute-type": "BUILD_GENERAL1_SMALL",
      type: "LINUX_CONTAINER",
      "environment-variables": [{ name: "STAGE", type: "PLAINTEXT", value: "test" }]
    },
    "timeout-in-minutes": 60,
    "build-complete": true,
    "build-number": 55,
    initiator: "MyCodeBuildDemoUser",
    "build-start-time": "Sep 1, 2017 4:12:29 PM",
    source: { location: "codebuild-123456789012-input-bucket/my-input-artifact.zip", type: "S3" },
    "source-version": "my-source-version",
    logs: {
      "group-name": "/aws/codebuild/my-sample-project",
      "stream-name": "8745a7a9-c340-456a-9166-edf953571bEX",
      "deep-link":
        "https://console.aws.amazon.com/cloudwatch/home?region=us-east-1#logEvent:group=/aws/codebuild/my-sample-project"
    },
    phases: [
      {
        "phase-context": [],
        "start-time": "Sep 1, 2017 4:14:21 PM",
        "end-time": "Sep 1, 2017 4:14:26 PM",
        "duration-in-seconds": 4,
        "phase-type": "FINALIZING",
        "phase-status": "SUCCEEDED"
      },
      { "start-time": "Sep 1, 2017 4:14:26 PM", "phase-type": "COMPLETED" }
    ]
  },
  version: "1"
}

/**
 * {@link BuildStateChange} as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as CodeBuild from "effect-lambda-runtime/events/CodeBuild"
 *
 * CodeBuild.sampleBuildStateChange().detail["build-status"] // => "SUCCEEDED"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleBuildStateChange = (): typeof BuildStateChange.Encoded =>
  serviceSample("aws.codebuild", "CodeBuild Build State Change", {
    ...sampleFields,
    "build-status": "SUCCEEDED",
    "current-phase": "COMPLETED",
    "current-phase-context": "[]"
  }, [build])

/**
 * {@link BuildPhaseChange} as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as CodeBuild from "effect-lambda-runtime/events/CodeBuild"
 *
 * CodeBuild.sampleBuildPhaseChange().detail["completed-phase"] // => "FINALIZING"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleBuildPhaseChange = (): typeof BuildPhaseChange.Encoded =>
  serviceSample("aws.codebuild", "CodeBuild Build Phase Change", {
    ...sampleFields,
    "completed-phase": "FINALIZING",
    "completed-phase-status": "SUCCEEDED",
    "completed-phase-context": "[]",
    "completed-phase-duration-seconds": 4,
    "completed-phase-start": "Sep 1, 2017 4:14:21 PM",
    "completed-phase-end": "Sep 1, 2017 4:14:26 PM"
  }, [build])
