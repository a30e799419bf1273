import * as ServerMigration from "../../../src/events/ServerMigration.ts"
import type { Shape } from "../shape.ts"

const completed = ServerMigration.sampleJobStateChange()

const { "ami-id": _, ...withoutImage } = completed.detail

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "ServerMigration.JobStateChange",
    kind: "request",
    schema: ServerMigration.JobStateChange,
    samples: [
      completed,
      { ...completed, detail: { ...withoutImage, state: "Deleted", "replication-run-id": "N/A" } }
    ],
    refused: [
      [{ ...completed, "detail-type": "Server Migration Job" }, "[\"detail-type\"]"],
      [{ ...completed, detail: {} }, "detail[\"replication-job-id\"]"]
    ]
  }
]
