import * as Schema from "effect/Schema"
import * as CloudTrail from "../../../src/events/CloudTrail.ts"
import type { Shape } from "../shape.ts"

const call = CloudTrail.sampleApiCall()

const { sessionContext: _, ...identity } = call.detail.userIdentity

const identities = [
  { ...identity, type: "IAMUser", userName: "Alice" },
  {
    ...identity,
    sessionContext: { attributes: { mfaAuthenticated: "true", creationDate: "20131102T010628Z" }, sourceIdentity: "a" }
  },
  { type: "AWSService", invokedBy: "autoscaling.amazonaws.com" },
  { accountId: "123456789012", invokedBy: "AWS Internal" },
  {
    type: "WebIdentityUser",
    principalId: "accounts.google.com:application-id:user-id",
    userName: "user-id",
    identityProvider: "accounts.google.com"
  },
  {
    type: "IdentityCenterUser",
    accountId: "123456789012",
    credentialId: "90e292de-5eb8-446e-9602-90f7c45044f7",
    onBehalfOf: {
      userId: "94d00cd8-e9e6-4810-b177-b08e84725435",
      identityStoreArn: "arn:aws:identitystore::123456789012:identitystore/d-9067642ac7"
    }
  },
  { type: "Unknown", principalId: "123456789000", arn: "", accountId: "123456789000", accessKeyId: "" }
]

const withDetail = (detail: object) => ({ ...call, detail: { ...call.detail, ...detail } })

/** All that a record has seldom. */
const rare = withDetail({
  userIdentity: {
    ...identity,
    sessionContext: {
      attributes: {},
      ec2RoleDelivery: "2.0",
      sessionIssuer: {},
      sourceIdentity: "a",
      webIdFederationData: { federatedProvider: "accounts.google.com", attributes: { "accounts.google.com:aud": "1" } }
    }
  },
  additionalEventData: { SignatureVersion: "SigV4", bytesTransferredIn: 0 },
  apiVersion: "2015-03-31",
  eventCategory: null,
  resources: [{}],
  serviceEventDetails: { snapshotId: "s" },
  sessionCredentialFromConsole: "true",
  sharedEventID: "7bc3a3a9",
  tlsDetails: { clientProvidedHostHeader: "s3.amazonaws.com" },
  vpcEndpointAccountId: "123456789012",
  vpcEndpointId: "vpce-1"
})

/** What every record has. */
const bareDetail = {
  eventVersion: "1.08",
  eventID: "24ba271e",
  eventTime: "2016-02-20T01:09:13Z",
  eventSource: "s3.amazonaws.com",
  eventName: "CreateBucket",
  eventType: "AwsApiCall",
  awsRegion: "us-east-1",
  userIdentity: { ...identity, sessionContext: {} }
}

const signIn = CloudTrail.sampleConsoleSignIn()

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "CloudTrail.ApiCall",
    kind: "request",
    schema: CloudTrail.ApiCall,
    samples: [
      call,
      rare,
      { ...call, detail: bareDetail },
      withDetail({ resources: null, tlsDetails: {} }),
      ...identities.map((userIdentity) => withDetail({ userIdentity })),
      {
        ...call,
        detail: {
          ...call.detail,
          errorCode: "AccessDenied",
          errorMessage: "denied",
          requestParameters: null,
          responseElements: { list: [1, "a"] },
          resources: [{ ARN: "arn:aws:s3:::a", accountId: "123456789012", type: "AWS::S3::Bucket" }],
          tlsDetails: { tlsVersion: "TLSv1.3", cipherSuite: "TLS_AES_128_GCM_SHA256" }
        }
      }
    ],
    refused: [
      [signIn, "[\"detail-type\"]"],
      [{ ...call, detail: { ...call.detail, userIdentity: null } }, "detail.userIdentity"],
      [{ ...call, detail: { ...call.detail, readOnly: "false" } }, "detail.readOnly"]
    ]
  },
  {
    name: "CloudTrail.apiCallOf",
    kind: "request",
    schema: CloudTrail.apiCallOf(Schema.Struct({ bucketName: Schema.String, until: Schema.Date })),
    samples: [withDetail({ requestParameters: { bucketName: "a", until: "2026-01-02T03:04:05.678Z" } })],
    refused: [[call, "detail.requestParameters.until"]]
  },
  {
    name: "CloudTrail.Detail",
    kind: "request",
    schema: CloudTrail.Detail,
    samples: [call.detail, rare.detail, bareDetail],
    fixtures: ["cloudtrail-detail"]
  },
  {
    name: "CloudTrail.ConsoleSignIn",
    kind: "request",
    schema: CloudTrail.ConsoleSignIn,
    samples: [
      signIn,
      {
        ...signIn,
        detail: {
          ...signIn.detail,
          eventName: "CheckMfa",
          eventType: "AwsConsoleSignin",
          errorMessage: "Failed authentication",
          responseElements: { CheckMfa: "Success" },
          additionalEventData: { MfaType: "U2F MFA" },
          recipientAccountId: "111122223333"
        }
      },
      { ...signIn, detail: { ...signIn.detail, responseElements: null, additionalEventData: null } },
      {
        ...signIn,
        detail: {
          ...bareDetail,
          responseElements: { SwitchRole: "Success" },
          additionalEventData: { MFAIdentifier: "arn", SwitchFrom: "arn", RedirectTo: "https://example.com" }
        }
      }
    ],
    refused: [
      [call, "[\"detail-type\"]"],
      [
        { ...signIn, detail: { ...signIn.detail, responseElements: { ConsoleLogin: true } } },
        "detail.responseElements.ConsoleLogin"
      ]
    ]
  }
]
