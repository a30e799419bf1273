import * as Macie from "../../../src/events/Macie.ts"
import type { Shape } from "../shape.ts"

const scan = Macie.sampleAlert()

const { summary: _, ...withoutSummary } = scan.detail

const writable = {
  ...scan,
  detail: {
    ...scan.detail,
    name: "Bucket is writable by all authenticated users",
    summary: {
      Description: "Bucket is writable by all authenticated users",
      Bucket: { "secret-bucket-name": 1 },
      "Record Count": 1,
      ACL: {
        "secret-bucket-name": [{
          Owner: { DisplayName: "bucket_owner", ID: "089d2842f4b392f5c5c61f073bd2e4a3" },
          Grants: [{
            Grantee: { Type: "Group", URI: "http://acs.amazonaws.com/groups/global/AuthenticatedUsers" },
            Permission: "WRITE"
          }]
        }]
      },
      "Event Count": 1,
      Timestamps: { "2017-01-10T22:48:06.784937": 1 }
    }
  }
}

const highRisk = {
  ...scan,
  detail: {
    ...scan.detail,
    "notification-type": "ALERT_UPDATED",
    summary: {
      Description: "Public bucket contains high risk object",
      Object: { "public_bucket/secret_key.txt": 1 },
      "Record Count": 2,
      Themes: { "Secret Markings": 1 },
      "Event Count": 2,
      "DLP risk": { "7": 2 },
      Owner: { bucket_owner: 2 },
      Timestamps: { "2017-04-03T16:12:53+00:00": 2 }
    }
  }
}

const predictive = {
  ...scan,
  detail: {
    ...withoutSummary,
    "notification-type": "ALERT_UPDATED",
    trigger: {
      "alert-type": "predictive",
      features: {
        distinctEventName: {
          name: "distinctEventName",
          description: "Event Names executed during a user session",
          narrative: "A sudden increase in event names",
          risk: 3
        },
        ListRolePolicies: {
          name: "ListRolePolicies",
          description: "Lists the names of the inline policies",
          narrative: "Information collection activity",
          anomalous: true,
          multiplier: 12.017441860465116,
          excession_times: ["2017-04-21T18:00:00Z"],
          risk: 2
        }
      }
    }
  }
}

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "Macie.Alert",
    kind: "request",
    schema: Macie.Alert,
    samples: [
      scan,
      writable,
      highRisk,
      predictive,
      { ...scan, detail: { ...scan.detail, summary: { Events: { ListRoles: { count: 2 } } } } }
    ],
    refused: [
      [{ ...scan, "detail-type": "Macie Finding" }, "[\"detail-type\"]"],
      [{ ...scan, detail: { ...scan.detail, summary: { Themes: { a: "1" } } } }, "detail.summary.Themes.a"]
    ]
  }
]
