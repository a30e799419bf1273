import * as TransferFamily from "../../../src/events/TransferFamily.ts"
import type { Shape } from "../shape.ts"

const signIn = TransferFamily.sampleIdentityProviderEvent()

const { password: _, ...withKey } = signIn

const Role = "arn:aws:iam::123456789012:role/transfer"

const step = TransferFamily.sampleWorkflowStepEvent()

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "TransferFamily.IdentityProviderEvent",
    kind: "request",
    schema: TransferFamily.IdentityProviderEvent,
    samples: [
      signIn,
      withKey,
      { ...signIn, password: "", protocol: "FTPS", sourceIp: "2001:db8::1" },
      { ...signIn, password: null }
    ],
    fixtures: ["transfer-family-authorizer"],
    refused: [[{ ...signIn, username: null }, "username"], [{ ...signIn, password: 1 }, "password"]]
  },
  {
    name: "TransferFamily.IdentityProviderResult",
    kind: "response",
    schema: TransferFamily.IdentityProviderResult,
    samples: [
      {
        Role,
        HomeDirectoryType: "LOGICAL",
        HomeDirectoryDetails: "[{\"Entry\":\"/\",\"Target\":\"/amzn-s3-demo-bucket/jane\"}]",
        PublicKeys: ["ssh-ed25519 AAAAC3Nz jane"],
        Policy: "{\"Version\":\"2012-10-17\",\"Statement\":[]}"
      },
      {},
      { Role, HomeDirectoryType: "PATH", HomeDirectory: "/fs-1234567/jane", PosixProfile: { Uid: 1, Gid: 2 } },
      { Role, PosixProfile: { Uid: 1, Gid: 2, SecondaryGids: [3] }, PublicKeys: [] },
      { Role, HomeDirectoryDetails: "[{\"Entry\":\"/a\",\"Target\":\"/b/a\",\"Type\":\"FILE\"}]" }
    ],
    refused: [
      [{ Role, HomeDirectoryDetails: [] }, "HomeDirectoryDetails"],
      [{ Role, HomeDirectoryDetails: "[{\"Entry\":\"/\"}]" }, "HomeDirectoryDetails[0].Target"],
      [{ Role, HomeDirectoryType: "logical" }, "HomeDirectoryType"]
    ]
  },
  {
    name: "TransferFamily.WorkflowStepEvent",
    kind: "request",
    schema: TransferFamily.WorkflowStepEvent,
    samples: [
      step,
      { ...step, fileLocation: { domain: "EFS", fileSystemId: "fs-1234567", path: "/path/to/myfile" } },
      {
        ...step,
        serviceMetadata: { executionDetails: step.serviceMetadata.executionDetails },
        fileLocation: { domain: "S3", bucket: "b", key: "k", eTag: "e", versionId: "v" }
      },
      {
        ...step,
        serviceMetadata: { ...step.serviceMetadata, transferDetails: {} },
        fileLocation: { domain: "S3", bucket: "b", key: "k" }
      }
    ],
    refused: [
      [{ ...step, fileLocation: { ...step.fileLocation, domain: "EFS" } }, "fileLocation.fileSystemId"],
      [{ ...step, fileLocation: { domain: "S4" } }, "fileLocation"]
    ]
  }
]
