/**
 * Functions of AWS Transfer Family: identity providers and the custom steps of workflows.
 *
 * @see https://docs.aws.amazon.com/transfer/latest/userguide/custom-lambda-idp.html
 * @see https://docs.aws.amazon.com/transfer/latest/userguide/custom-step-details.html
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { jsonString } from "../internal/events/jsonString.ts"
import { nullish, omittable } from "../internal/events/nullish.ts"
import { openEnum } from "../internal/events/openEnum.ts"

const title = "a Transfer Family event"

/**
 * A user who wants to sign in.
 *
 * **Gotchas**
 *
 * Who signs in with a key has no password: answer with the user's `PublicKeys`, and the server checks the key.
 *
 * **Example** (Who may sign in)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as TransferFamily from "effect-lambda-runtime/events/TransferFamily"
 * import * as Effect from "effect/Effect"
 *
 * const authenticate = Handler.make({
 *   event: TransferFamily.IdentityProviderEvent,
 *   result: TransferFamily.IdentityProviderResult
 * }, ({ password, username }) =>
 *   Effect.succeed(
 *     password === undefined && username === "jane"
 *       ? {
 *         Role: "arn:aws:iam::123456789012:role/transfer",
 *         PublicKeys: ["ssh-ed25519 AAAAC3Nz jane"],
 *         HomeDirectoryType: "LOGICAL" as const,
 *         HomeDirectoryDetails: [{ Entry: "/", Target: "/amzn-s3-demo-bucket/jane" }]
 *       }
 *       : {}
 *   ))
 * ```
 *
 * @category schemas
 * @since 0.1.0
 */
export const IdentityProviderEvent = Schema.Struct({
  username: Schema.String,
  password: nullish(Schema.RedactedFromValue(Schema.String)),
  protocol: openEnum(["SFTP", "FTP", "FTPS"]),
  serverId: Schema.String,
  sourceIp: Schema.String
}).annotate({ title })

/**
 * A decoded {@link IdentityProviderEvent}.
 *
 * @category models
 * @since 0.1.0
 */
export interface IdentityProviderEvent extends Schema.Schema.Type<typeof IdentityProviderEvent> {}

/**
 * What a user may reach. Without a `Role`, as in `{}`, the user is refused.
 *
 * **Details**
 *
 * `HomeDirectoryDetails` is sent as text of JSON, as the service wants it.
 *
 * @category schemas
 * @since 0.1.0
 */
export const IdentityProviderResult = Schema.Struct({
  /** The ARN of the role that reaches the files. */
  Role: omittable(Schema.String),
  /** Who the user is to Amazon EFS. */
  PosixProfile: omittable(Schema.Struct({
    Uid: Schema.Finite,
    Gid: Schema.Finite,
    SecondaryGids: omittable(Schema.Array(Schema.Finite))
  })),
  /** Not to be answered to a password. */
  PublicKeys: omittable(Schema.Array(Schema.String)),
  /** A session policy, as text of JSON. */
  Policy: omittable(Schema.String),
  /** `LOGICAL` needs `HomeDirectoryDetails`. */
  HomeDirectoryType: omittable(Schema.Literals(["PATH", "LOGICAL"])),
  HomeDirectory: omittable(Schema.String),
  HomeDirectoryDetails: omittable(jsonString(Schema.Array(Schema.Struct({
    /** The path that the user sees. */
    Entry: Schema.String,
    /** The bucket or file system, and the path in it. */
    Target: Schema.String,
    /** `FILE` where the target is no folder. */
    Type: omittable(Schema.Literals(["FILE", "DIRECTORY"]))
  }))))
})

/**
 * An {@link IdentityProviderResult} to encode.
 *
 * @category models
 * @since 0.1.0
 */
export interface IdentityProviderResult extends Schema.Schema.Type<typeof IdentityProviderResult> {}

/**
 * A file that has come to the custom step of a workflow.
 *
 * **Gotchas**
 *
 * No result is read: call `SendWorkflowStepState` with the two ids, the `token` and `SUCCESS` or `FAILURE`.
 *
 * @see https://docs.aws.amazon.com/transfer/latest/userguide/custom-step-details.html
 * @category schemas
 * @since 0.1.0
 */
export const WorkflowStepEvent = Schema.Struct({
  /** Names the step in the answer. */
  token: Schema.String,
  serviceMetadata: Schema.Struct({
    executionDetails: Schema.Struct({ workflowId: Schema.String, executionId: Schema.String }),
    /** The upload. */
    transferDetails: nullish(Schema.Struct({
      sessionId: nullish(Schema.String),
      userName: nullish(Schema.String),
      serverId: nullish(Schema.String)
    }))
  }),
  fileLocation: Schema.Union([
    Schema.Struct({
      domain: Schema.Literal("S3"),
      bucket: Schema.String,
      key: Schema.String,
      eTag: nullish(Schema.String),
      versionId: nullish(Schema.String)
    }),
    Schema.Struct({
      domain: Schema.Literal("EFS"),
      fileSystemId: Schema.String,
      path: Schema.String
    })
  ])
}).annotate({ title })

/**
 * A decoded {@link WorkflowStepEvent}.
 *
 * @category models
 * @since 0.1.0
 */
export interface WorkflowStepEvent extends Schema.Schema.Type<typeof WorkflowStepEvent> {}

/**
 * An {@link IdentityProviderEvent} as Lambda delivers it, of a user with the given password.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as TransferFamily from "effect-lambda-runtime/events/TransferFamily"
 *
 * TransferFamily.sampleIdentityProviderEvent().protocol // => "SFTP"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleIdentityProviderEvent = (
  password: string = "correct horse battery staple"
): typeof IdentityProviderEvent.Encoded => ({
  username: "jane",
  password,
  protocol: "SFTP",
  serverId: "s-abcd1234efgh5678i",
  sourceIp: "192.0.2.100"
})

/**
 * A {@link WorkflowStepEvent} as Lambda delivers it, of a file of the given key in S3.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as TransferFamily from "effect-lambda-runtime/events/TransferFamily"
 *
 * TransferFamily.sampleWorkflowStepEvent("in/orders.csv").fileLocation.domain // => "S3"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleWorkflowStepEvent = (key: string = "path/to/mykey"): typeof WorkflowStepEvent.Encoded => ({
  token: "MzI0Nzc4ZDktMGRmMi00MjFhLTgxMjUtYWZmZmRmODNkYjc0",
  serviceMetadata: {
    executionDetails: {
      workflowId: "w-1234567890example",
      executionId: "abcd1234-aa11-bb22-cc33-abcdef123456"
    },
    transferDetails: { sessionId: "36688ff5d2deda8c", userName: "jane", serverId: "s-example1234567890" }
  },
  fileLocation: {
    domain: "S3",
    bucket: "amzn-s3-demo-bucket",
    key,
    eTag: "d8e8fca2dc0f896fd7cb4cb0031ba249",
    versionId: null
  }
})
