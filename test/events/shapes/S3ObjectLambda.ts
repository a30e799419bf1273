import * as S3ObjectLambda from "../../../src/events/S3ObjectLambda.ts"
import type { Shape } from "../shape.ts"

const get = S3ObjectLambda.sampleGetObjectEvent()

const head = S3ObjectLambda.sampleHeadObjectEvent()

const list = S3ObjectLambda.sampleListObjectsEvent()

const listV2 = S3ObjectLambda.sampleListObjectsV2Event()

const ofUser = {
  ...get,
  userIdentity: {
    type: "IAMUser",
    principalId: "principalId",
    arn: "arn:aws:iam::123456789012:user/Alice",
    accountId: "123456789012",
    accessKeyId: "accessKeyId",
    userName: "Alice",
    sessionContext: null
  }
}

/** Nothing is known of the caller but its type. */
const sparse = { ...get, userIdentity: { type: "AWSAccount" } }

const ofSession = (sessionContext: object) => ({
  ...get,
  userIdentity: { type: "AssumedRole", invokedBy: null, sessionContext }
})

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "S3ObjectLambda.Event",
    kind: "request",
    schema: S3ObjectLambda.Event,
    samples: [get, head, list, listV2, ofUser],
    fixtures: ["s3-object-lambda"],
    refused: [[{ ...get, getObjectContext: { inputS3Url: "https://a" } }, "getObjectContext.outputRoute"]]
  },
  {
    name: "S3ObjectLambda.GetObjectEvent",
    kind: "request",
    schema: S3ObjectLambda.GetObjectEvent,
    samples: [get, ofUser, sparse, ofSession({}), ofSession({ attributes: {}, sessionIssuer: {} })],
    refused: [[head, "getObjectContext"]]
  },
  {
    name: "S3ObjectLambda.HeadObjectEvent",
    kind: "request",
    schema: S3ObjectLambda.HeadObjectEvent,
    samples: [head],
    refused: [[list, "headObjectContext"]]
  },
  {
    name: "S3ObjectLambda.ListObjectsEvent",
    kind: "request",
    schema: S3ObjectLambda.ListObjectsEvent,
    samples: [list],
    refused: [[listV2, "listObjectsContext"]]
  },
  {
    name: "S3ObjectLambda.ListObjectsV2Event",
    kind: "request",
    schema: S3ObjectLambda.ListObjectsV2Event,
    samples: [listV2],
    refused: [[list, "listObjectsV2Context"]]
  },
  {
    name: "S3ObjectLambda.HeadObjectResult",
    kind: "response",
    schema: S3ObjectLambda.HeadObjectResult,
    samples: [
      { statusCode: 200, headers: { "Accept-Ranges": "bytes", "Content-Length": 7, "x-amz-delete-marker": false } },
      { statusCode: 404, errorCode: "NoSuchKey", errorMessage: "There is none." }
    ],
    refused: [[{ headers: {} }, "statusCode"]]
  },
  {
    name: "S3ObjectLambda.ListObjectsResult",
    kind: "response",
    schema: S3ObjectLambda.ListObjectsResult,
    samples: [
      { statusCode: 200, listResultXml: "<ListBucketResult/>" },
      {
        statusCode: 200,
        listBucketResult: { name: "bucket", isTruncated: false, maxKeys: 1000, contents: [{ key: "a", size: 1 }] }
      },
      { statusCode: 403, errorCode: "AccessDenied", errorMessage: "No." }
    ],
    refused: [[{ statusCode: 200, listBucketResult: "<ListBucketResult/>" }, "listBucketResult"]]
  }
]
