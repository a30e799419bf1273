/**
 * What AWS CloudTrail records, by way of EventBridge: calls of the AWS API, and sign-ins to the console.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { BooleanText } from "../internal/events/booleanText.ts"
import { nullish } from "../internal/events/nullish.ts"
import { openEnum } from "../internal/events/openEnum.ts"
import { serviceEvent, serviceSample } from "../internal/events/serviceEvent.ts"
import * as Timestamp from "./Timestamp.ts"

/**
 * Who made a request. Which keys there are depends on `type`, and a service of AWS may have none.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
 * @category schemas
 * @since 0.1.0
 */
export const UserIdentity = Schema.Struct({
  type: nullish(openEnum([
    "Root",
    "IAMUser",
    "AssumedRole",
    "Role",
    "FederatedUser",
    "Directory",
    "AWSAccount",
    "AWSService",
    "IdentityCenterUser",
    "SAMLUser",
    "WebIdentityUser",
    "Unknown"
  ])),
  principalId: nullish(Schema.String),
  arn: nullish(Schema.String),
  accountId: nullish(Schema.String),
  accessKeyId: nullish(Schema.String),
  userName: nullish(Schema.String),
  /** The service that made the request. */
  invokedBy: nullish(Schema.String),
  /** Of a `SAMLUser` or a `WebIdentityUser`. */
  identityProvider: nullish(Schema.String),
  credentialId: nullish(Schema.String),
  /** Of temporary credentials. */
  sessionContext: nullish(Schema.Struct({
    attributes: nullish(Schema.Struct({
      mfaAuthenticated: nullish(BooleanText),
      /** ISO 8601, as `Timestamp.IsoSeconds` decodes it, or without separators: `20131102T010628Z`. */
      creationDate: nullish(Schema.String)
    })),
    sessionIssuer: nullish(Schema.Struct({
      type: nullish(openEnum(["Root", "IAMUser", "Role"])),
      principalId: nullish(Schema.String),
      arn: nullish(Schema.String),
      accountId: nullish(Schema.String),
      userName: nullish(Schema.String)
    })),
    webIdFederationData: nullish(Schema.Struct({
      federatedProvider: nullish(Schema.String),
      attributes: nullish(Schema.Json)
    })),
    sourceIdentity: nullish(Schema.String),
    ec2RoleDelivery: nullish(Schema.String)
  })),
  onBehalfOf: nullish(Schema.Struct({ userId: Schema.String, identityStoreArn: Schema.String }))
})

/**
 * A decoded {@link UserIdentity}.
 *
 * @category models
 * @since 0.1.0
 */
export interface UserIdentity extends Schema.Schema.Type<typeof UserIdentity> {}

/**
 * A record of CloudTrail, with what was asked and answered as JSON.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 * @category schemas
 * @since 0.1.0
 */
export const Detail = Schema.Struct({
  eventVersion: Schema.String,
  eventID: Schema.String,
  eventTime: Timestamp.IsoSeconds,
  /** The service: `s3.amazonaws.com`. */
  eventSource: Schema.String,
  /** The operation: `CreateBucket`. */
  eventName: Schema.String,
  eventType: openEnum([
    "AwsApiCall",
    "AwsServiceEvent",
    "AwsConsoleAction",
    "AwsConsoleSignIn",
    "AwsVpceEvent",
    "AwsCloudTrailInsight"
  ]),
  eventCategory: nullish(openEnum(["Management", "Data", "NetworkActivity", "Insight"])),
  awsRegion: Schema.String,
  userIdentity: UserIdentity,
  /** IPv4, IPv6, the name of a service or `AWS Internal`. */
  sourceIPAddress: nullish(Schema.String),
  userAgent: nullish(Schema.String),
  errorCode: nullish(Schema.String),
  errorMessage: nullish(Schema.String),
  requestParameters: nullish(Schema.Json),
  /** None of a request that only reads, and of one that failed. */
  responseElements: nullish(Schema.Json),
  additionalEventData: nullish(Schema.Json),
  serviceEventDetails: nullish(Schema.Json),
  requestID: nullish(Schema.String),
  sharedEventID: nullish(Schema.String),
  apiVersion: nullish(Schema.String),
  readOnly: nullish(Schema.Boolean),
  managementEvent: nullish(Schema.Boolean),
  recipientAccountId: nullish(Schema.String),
  resources: nullish(Schema.Array(Schema.Struct({
    ARN: nullish(Schema.String),
    accountId: nullish(Schema.String),
    type: nullish(Schema.String)
  }))),
  vpcEndpointId: nullish(Schema.String),
  vpcEndpointAccountId: nullish(Schema.String),
  sessionCredentialFromConsole: nullish(BooleanText),
  tlsDetails: nullish(Schema.Struct({
    tlsVersion: nullish(Schema.String),
    cipherSuite: nullish(Schema.String),
    clientProvidedHostHeader: nullish(Schema.String)
  }))
})

/**
 * A decoded {@link Detail}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Detail extends Schema.Schema.Type<typeof Detail> {}

/**
 * A call of the AWS API. `source` is the service that was called.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ApiCall = serviceEvent(Schema.Literal("AWS API Call via CloudTrail"), Detail)

/**
 * A decoded {@link ApiCall}.
 *
 * @category models
 * @since 0.1.0
 */
export interface ApiCall extends Schema.Schema.Type<typeof ApiCall> {}

const makeApiCallOf = <Parameters extends Schema.Constraint>(requestParameters: Parameters) =>
  Schema.Struct({
    ...ApiCall.fields,
    detail: Schema.Struct({ ...Detail.fields, requestParameters: Schema.toCodecJson(requestParameters) })
  }).annotate({ title: "an EventBridge event" })

/**
 * The schema of {@link apiCallOf}.
 *
 * @category models
 * @since 0.1.0
 */
export interface apiCallOf<Parameters extends Schema.Constraint> extends ReturnType<typeof makeApiCallOf<Parameters>> {}

/**
 * An {@link ApiCall} whose `requestParameters` have the given shape.
 *
 * **When to use**
 *
 * For a rule that matches one operation.
 *
 * **Example** (Buckets that are created)
 *
 * ```ts
 * import * as CloudTrail from "effect-lambda-runtime/events/CloudTrail"
 * import * as Schema from "effect/Schema"
 *
 * const CreateBucket = CloudTrail.apiCallOf(Schema.Struct({ bucketName: Schema.String }))
 * const { detail } = Schema.decodeUnknownSync(CreateBucket)(CloudTrail.sampleApiCall())
 * detail.requestParameters.bucketName // => "bucket-test-iad"
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const apiCallOf: <Parameters extends Schema.Constraint>(requestParameters: Parameters) => apiCallOf<Parameters> =
  makeApiCallOf

const yesOrNo = nullish(openEnum(["Yes", "No"]))

const outcome = nullish(openEnum(["Success", "Failure"]))

/**
 * The detail of {@link ConsoleSignIn}.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ConsoleSignInDetail = Schema.Struct({
  ...Detail.fields,
  responseElements: nullish(Schema.Struct({
    ConsoleLogin: outcome,
    CheckMfa: outcome,
    SwitchRole: outcome
  })),
  additionalEventData: nullish(Schema.Struct({
    LoginTo: nullish(Schema.String),
    MobileVersion: yesOrNo,
    MFAUsed: yesOrNo,
    MFAIdentifier: nullish(Schema.String),
    MfaType: nullish(Schema.String),
    SwitchFrom: nullish(Schema.String),
    RedirectTo: nullish(Schema.String)
  }))
})

/**
 * A decoded {@link ConsoleSignInDetail}.
 *
 * @category models
 * @since 0.1.0
 */
export interface ConsoleSignInDetail extends Schema.Schema.Type<typeof ConsoleSignInDetail> {}

/**
 * Somebody has signed in to the AWS Management Console, or tried to.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-aws-console-sign-in-events.html
 * @category schemas
 * @since 0.1.0
 */
export const ConsoleSignIn = serviceEvent(Schema.Literal("AWS Console Sign In via CloudTrail"), ConsoleSignInDetail)

/**
 * A decoded {@link ConsoleSignIn}.
 *
 * @category models
 * @since 0.1.0
 */
export interface ConsoleSignIn extends Schema.Schema.Type<typeof ConsoleSignIn> {}

/**
 * {@link ApiCall} as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as CloudTrail from "effect-lambda-runtime/events/CloudTrail"
 *
 * CloudTrail.sampleApiCall().detail.eventName // => "CreateBucket"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleApiCall = (): typeof ApiCall.Encoded =>
  serviceSample("aws.s3", "AWS API Call via CloudTrail", {
    eventVersion: "1.08",
    userIdentity: {
      type: "AssumedRole",
      principalId: "AROAIDPPEZS35WEXAMPLE:AssumedRoleSessionName",
      arn: "arn:aws:sts::123456789012:assumed-role/RoleToBeAssumed/MySessionName",
      accountId: "123456789012",
      accessKeyId: "ASIAIOSFODNN7EXAMPLE",
      sessionContext: {
        sessionIssuer: {
          type: "Role",
          principalId: "AROAIDPPEZS35WEXAMPLE",
          arn: "arn:aws:iam::123456789012:role/RoleToBeAssumed",
          accountId: "123456789012",
          userName: "RoleToBeAssumed"
        },
        webIdFederationData: {},
        attributes: { mfaAuthenticated: "false", creationDate: "2016-02-20T01:05:59Z" }
      }
    },
    eventTime: "2016-02-20T01:09:13Z",
    eventSource: "s3.amazonaws.com",
    eventName: "CreateBucket",
    awsRegion: "us-east-1",
    sourceIPAddress: "100.100.100.100",
    userAgent: "[S3Console/0.4]",
    requestParameters: { bucketName: "bucket-test-iad" },
    responseElements: null,
    requestID: "9D767BCC3B4E7487",
    eventID: "24ba271e-d595-4e66-a7fd-9c16cbf8abae",
    readOnly: false,
    eventType: "AwsApiCall",
    managementEvent: true,
    recipientAccountId: "123456789012",
    eventCategory: "Management"
  })

/**
 * {@link ConsoleSignIn} as Lambda delivers it, of the root user.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as CloudTrail from "effect-lambda-runtime/events/CloudTrail"
 *
 * CloudTrail.sampleConsoleSignIn().detail.additionalEventData?.MFAUsed // => "No"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleConsoleSignIn = (): typeof ConsoleSignIn.Encoded =>
  serviceSample("aws.signin", "AWS Console Sign In via CloudTrail", {
    eventVersion: "1.02",
    userIdentity: {
      type: "Root",
      principalId: "123456789012",
      arn: "arn:aws:iam::123456789012:root",
      accountId: "123456789012"
    },
    eventTime: "2016-01-05T18:21:27Z",
    eventSource: "signin.amazonaws.com",
    eventName: "ConsoleLogin",
    awsRegion: "us-east-1",
    sourceIPAddress: "0.0.0.0",
    userAgent: "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_10_5) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/47.0",
    requestParameters: null,
    responseElements: { ConsoleLogin: "Success" },
    additionalEventData: {
      LoginTo: "https://console.aws.amazon.com/console/home?state=hashArgs%23&isauthcode=true",
      MobileVersion: "No",
      MFAUsed: "No"
    },
    eventID: "324731c0-64b3-4421-b552-dfc3c27df4f6",
    eventType: "AwsConsoleSignIn"
  })
