import * as Glue from "../../../src/events/Glue.ts"
import type { Shape } from "../shape.ts"

const job = Glue.sampleJobStateChange()

const crawler = Glue.sampleCrawlerStateChange()

const database = Glue.sampleDataCatalogDatabaseStateChange()

const table = Glue.sampleDataCatalogTableStateChange()

const crawlerFields = { accountId: "1234", crawlerName: "prices" }

const { cloudWatchLogLink: _, message: __, warningMessage: ___, ...silent } = crawler.detail

const { startedOn: ____, ...notStarted } = Glue.sampleJobRunStatus().detail

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "Glue.JobStateChange",
    kind: "request",
    schema: Glue.JobStateChange,
    samples: [
      job,
      { ...job, detail: { ...job.detail, severity: "ERROR", state: "FAILED", message: "JobName:prices failed" } },
      { ...job, detail: { ...job.detail, severity: "WARN", state: "TIMEOUT", message: null } }
    ],
    refused: [
      [{ ...job, detail: { ...job.detail, jobRunId: null } }, "detail.jobRunId"],
      [{ ...job, "detail-type": "Glue Job Run Status" }, "[\"detail-type\"]"]
    ]
  },
  {
    name: "Glue.JobRunStatus",
    kind: "request",
    schema: Glue.JobRunStatus,
    samples: [Glue.sampleJobRunStatus(), { ...Glue.sampleJobRunStatus(), detail: notStarted }],
    refused: [[{ ...Glue.sampleJobRunStatus(), detail: job.detail }, "detail.notificationCondition"]]
  },
  {
    name: "Glue.CrawlerStateChange",
    kind: "request",
    schema: Glue.CrawlerStateChange,
    samples: [
      crawler,
      { ...crawler, detail: silent },
      { ...crawler, detail: { ...crawlerFields, state: "Failed", message: null } },
      {
        ...crawler,
        detail: {
          ...crawlerFields,
          state: "Started",
          startTime: "2017-11-11T01:09:46Z",
          message: "Crawler Started"
        }
      },
      {
        ...crawler,
        detail: {
          ...crawlerFields,
          state: "Failed",
          errorMessage: "Internal Service Exception",
          cloudWatchLogLink: "https://console.aws.amazon.com/cloudwatch/home",
          message: "Crawler Failed"
        }
      }
    ],
    refused: [
      [{ ...crawler, detail: { ...crawler.detail, tablesCreated: "many" } }, "detail.tablesCreated"],
      [{ ...crawler, detail: { ...crawler.detail, completionDate: null } }, "detail.completionDate"]
    ]
  },
  {
    name: "Glue.DataCatalogDatabaseStateChange",
    kind: "request",
    schema: Glue.DataCatalogDatabaseStateChange,
    samples: [
      database,
      { ...database, detail: { ...database.detail, typeOfChange: "CreateDatabase", changedTables: [] } },
      { ...database, detail: { databaseName: "market", typeOfChange: "DeleteDatabase" } }
    ],
    refused: [[{ ...database, detail: { ...database.detail, databaseName: 1 } }, "detail.databaseName"]]
  },
  {
    name: "Glue.DataCatalogTableStateChange",
    kind: "request",
    schema: Glue.DataCatalogTableStateChange,
    samples: [table, { ...table, detail: { databaseName: "a", tableName: "b", typeOfChange: "UpdateTable" } }],
    refused: [[{ ...table, detail: { ...table.detail, changedPartitions: "[1]" } }, "detail.changedPartitions"]]
  }
]
