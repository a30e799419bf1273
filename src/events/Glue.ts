/**
 * Events of AWS Glue, which come by way of EventBridge: of jobs, of crawlers, and of the Data Catalog.
 *
 * @see https://docs.aws.amazon.com/glue/latest/dg/automating-awsglue-with-cloudwatch-events.html
 * @see https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-glue.html
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { nullish } from "../internal/events/nullish.ts"
import { openEnum } from "../internal/events/openEnum.ts"
import * as EventBridge from "./EventBridge.ts"
import * as Timestamp from "./Timestamp.ts"

const jobFields = {
  jobName: Schema.String,
  jobRunId: Schema.String,
  severity: openEnum(["INFO", "WARN", "ERROR"]),
  message: nullish(Schema.String)
}

/**
 * How a run of a job has ended.
 *
 * @category schemas
 * @since 0.1.0
 */
export const JobStateChangeDetail = Schema.Struct({
  ...jobFields,
  state: openEnum(["SUCCEEDED", "FAILED", "TIMEOUT", "STOPPED"])
})

/**
 * A decoded {@link JobStateChangeDetail}.
 *
 * @category models
 * @since 0.1.0
 */
export interface JobStateChangeDetail extends Schema.Schema.Type<typeof JobStateChangeDetail> {}

/**
 * A run of a job that has ended.
 *
 * **Example** (Tell of failures)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as Glue from "effect-lambda-runtime/events/Glue"
 * import * as Effect from "effect/Effect"
 *
 * const tell = Handler.make({ event: Glue.JobStateChange }, ({ detail, time }) =>
 *   Effect.log(detail.jobName, detail.state, detail.message, time))
 * ```
 *
 * @category schemas
 * @since 0.1.0
 */
export const JobStateChange = EventBridge.eventOf("Glue Job State Change", JobStateChangeDetail)

/**
 * A decoded {@link JobStateChange}.
 *
 * @category models
 * @since 0.1.0
 */
export interface JobStateChange extends Schema.Schema.Type<typeof JobStateChange> {}

/**
 * A run of a job that takes longer than it should.
 *
 * @category schemas
 * @since 0.1.0
 */
export const JobRunStatusDetail = Schema.Struct({
  ...jobFields,
  state: openEnum(["STARTING", "RUNNING", "STOPPING"]),
  notificationCondition: Schema.Struct({
    /** Minutes. */
    NotifyDelayAfter: Schema.Finite
  }),
  startedOn: nullish(Timestamp.IsoSeconds)
})

/**
 * A decoded {@link JobRunStatusDetail}.
 *
 * @category models
 * @since 0.1.0
 */
export interface JobRunStatusDetail extends Schema.Schema.Type<typeof JobRunStatusDetail> {}

/**
 * A run of a job that is still in a state after the time that its delay notification sets.
 *
 * @category schemas
 * @since 0.1.0
 */
export const JobRunStatus = EventBridge.eventOf("Glue Job Run Status", JobRunStatusDetail)

/**
 * A decoded {@link JobRunStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export interface JobRunStatus extends Schema.Schema.Type<typeof JobRunStatus> {}

const crawlerFields = {
  accountId: Schema.String,
  crawlerName: Schema.String,
  message: nullish(Schema.String)
}

/**
 * What a crawler does or has done, by its `state`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const CrawlerStateChangeDetail = Schema.Union([
  Schema.Struct({
    ...crawlerFields,
    state: Schema.Literal("Started"),
    startTime: Timestamp.IsoSeconds
  }),
  Schema.Struct({
    ...crawlerFields,
    state: Schema.Literal("Succeeded"),
    completionDate: Timestamp.IsoSeconds,
    "runningTime (sec)": Schema.FiniteFromString,
    tablesCreated: Schema.FiniteFromString,
    tablesUpdated: Schema.FiniteFromString,
    tablesDeleted: Schema.FiniteFromString,
    partitionsCreated: Schema.FiniteFromString,
    partitionsUpdated: Schema.FiniteFromString,
    partitionsDeleted: Schema.FiniteFromString,
    /** `N/A` where there is none. */
    warningMessage: nullish(Schema.String),
    cloudWatchLogLink: nullish(Schema.String)
  }),
  Schema.Struct({
    ...crawlerFields,
    state: Schema.Literal("Failed"),
    errorMessage: nullish(Schema.String),
    cloudWatchLogLink: nullish(Schema.String)
  })
])

/**
 * A decoded {@link CrawlerStateChangeDetail}.
 *
 * @category models
 * @since 0.1.0
 */
export type CrawlerStateChangeDetail = typeof CrawlerStateChangeDetail.Type

/**
 * A crawler that has started, succeeded or failed.
 *
 * **Example** (Count new tables)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as Glue from "effect-lambda-runtime/events/Glue"
 * import * as Effect from "effect/Effect"
 *
 * const count = Handler.make({ event: Glue.CrawlerStateChange }, ({ detail }) =>
 *   detail.state === "Succeeded" && detail.tablesCreated > 0
 *     ? Effect.log(detail.crawlerName, detail.tablesCreated)
 *     : Effect.void)
 * ```
 *
 * @category schemas
 * @since 0.1.0
 */
export const CrawlerStateChange = EventBridge.eventOf("Glue Crawler State Change", CrawlerStateChangeDetail)

/**
 * A decoded {@link CrawlerStateChange}.
 *
 * @category models
 * @since 0.1.0
 */
export interface CrawlerStateChange extends Schema.Schema.Type<typeof CrawlerStateChange> {}

/**
 * What has changed in a database of the Data Catalog.
 *
 * @category schemas
 * @since 0.1.0
 */
export const DataCatalogDatabaseStateChangeDetail = Schema.Struct({
  databaseName: Schema.String,
  typeOfChange: openEnum(["CreateDatabase", "DeleteDatabase", "CreateTable", "DeleteTable", "BatchDeleteTable"]),
  /** At most 100 of them. */
  changedTables: nullish(Schema.Array(Schema.String))
})

/**
 * A decoded {@link DataCatalogDatabaseStateChangeDetail}.
 *
 * @category models
 * @since 0.1.0
 */
export interface DataCatalogDatabaseStateChangeDetail
  extends Schema.Schema.Type<typeof DataCatalogDatabaseStateChangeDetail>
{}

/**
 * A database of the Data Catalog that has changed, or its list of tables.
 *
 * @category schemas
 * @since 0.1.0
 */
export const DataCatalogDatabaseStateChange = EventBridge.eventOf(
  "Glue Data Catalog Database State Change",
  DataCatalogDatabaseStateChangeDetail
)

/**
 * A decoded {@link DataCatalogDatabaseStateChange}.
 *
 * @category models
 * @since 0.1.0
 */
export interface DataCatalogDatabaseStateChange extends Schema.Schema.Type<typeof DataCatalogDatabaseStateChange> {}

/**
 * What has changed in a table of the Data Catalog.
 *
 * @category schemas
 * @since 0.1.0
 */
export const DataCatalogTableStateChangeDetail = Schema.Struct({
  databaseName: Schema.String,
  tableName: Schema.String,
  typeOfChange: openEnum([
    "UpdateTable",
    "CreatePartition",
    "BatchCreatePartition",
    "UpdatePartition",
    "DeletePartition",
    "BatchDeletePartition",
    "BatchUpdatePartition"
  ]),
  /** At most 100 of them, as text: `[2026, 1]`. */
  changedPartitions: nullish(Schema.Array(Schema.String))
})

/**
 * A decoded {@link DataCatalogTableStateChangeDetail}.
 *
 * @category models
 * @since 0.1.0
 */
export interface DataCatalogTableStateChangeDetail
  extends Schema.Schema.Type<typeof DataCatalogTableStateChangeDetail>
{}

/**
 * A table of the Data Catalog that has changed, or its partitions.
 *
 * @category schemas
 * @since 0.1.0
 */
export const DataCatalogTableStateChange = EventBridge.eventOf(
  "Glue Data Catalog Table State Change",
  DataCatalogTableStateChangeDetail
)

/**
 * A decoded {@link DataCatalogTableStateChange}.
 *
 * @category models
 * @since 0.1.0
 */
export interface DataCatalogTableStateChange extends Schema.Schema.Type<typeof DataCatalogTableStateChange> {}

const sampleOf = <const DetailType extends string, Detail>(detailType: DetailType, detail: Detail) => ({
  version: "0",
  id: "abcdef00-1234-5678-9abc-def012345678",
  "detail-type": detailType,
  source: "aws.glue",
  account: "123456789012",
  time: "2017-09-07T18:57:21Z",
  region: "us-east-1",
  resources: [],
  detail
})

/**
 * {@link JobStateChange} as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as Glue from "effect-lambda-runtime/events/Glue"
 *
 * Glue.sampleJobStateChange().detail.state // => "SUCCEEDED"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleJobStateChange = () =>
  sampleOf(
    "Glue Job State Change",
    {
      jobName: "prices",
      severity: "INFO",
      state: "SUCCEEDED",
      jobRunId: "jr_abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789",
      message: "Job run succeeded"
    } satisfies typeof JobStateChangeDetail.Encoded
  )

/**
 * {@link JobRunStatus} as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as Glue from "effect-lambda-runtime/events/Glue"
 *
 * Glue.sampleJobRunStatus().detail.state // => "RUNNING"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleJobRunStatus = () =>
  sampleOf(
    "Glue Job Run Status",
    {
      jobName: "prices",
      severity: "INFO",
      notificationCondition: { NotifyDelayAfter: 1 },
      state: "RUNNING",
      jobRunId: "jr_6aa58e7a3aa44e2e4c7db2c50e2f7396cb57901729e4b702dcb2cfbbeb3f7a86",
      message: "Job is in RUNNING state",
      startedOn: "2018-04-24T20:55:47.941Z"
    } satisfies typeof JobRunStatusDetail.Encoded
  )

/**
 * {@link CrawlerStateChange} as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as Glue from "effect-lambda-runtime/events/Glue"
 *
 * Glue.sampleCrawlerStateChange().detail.crawlerName // => "prices"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleCrawlerStateChange = () =>
  sampleOf(
    "Glue Crawler State Change",
    {
      tablesCreated: "1",
      warningMessage: "N/A",
      partitionsUpdated: "0",
      tablesUpdated: "0",
      message: "Crawler Succeeded",
      partitionsDeleted: "0",
      accountId: "123456789012",
      "runningTime (sec)": "7",
      tablesDeleted: "0",
      crawlerName: "prices",
      completionDate: "2017-11-11T01:25:00Z",
      state: "Succeeded",
      partitionsCreated: "0",
      cloudWatchLogLink:
        "https://console.aws.amazon.com/cloudwatch/home?region=us-east-1#logEventViewer:group=/aws-glue"
    } satisfies typeof CrawlerStateChangeDetail.Encoded
  )

/**
 * {@link DataCatalogDatabaseStateChange} as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as Glue from "effect-lambda-runtime/events/Glue"
 *
 * Glue.sampleDataCatalogDatabaseStateChange().detail.changedTables // => ["prices"]
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleDataCatalogDatabaseStateChange = () =>
  sampleOf(
    "Glue Data Catalog Database State Change",
    {
      databaseName: "market",
      typeOfChange: "CreateTable",
      changedTables: ["prices"]
    } satisfies typeof DataCatalogDatabaseStateChangeDetail.Encoded
  )

/**
 * {@link DataCatalogTableStateChange} as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as Glue from "effect-lambda-runtime/events/Glue"
 *
 * Glue.sampleDataCatalogTableStateChange().detail.tableName // => "prices"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleDataCatalogTableStateChange = () =>
  sampleOf(
    "Glue Data Catalog Table State Change",
    {
      databaseName: "market",
      changedPartitions: ["[2026, 1]"],
      typeOfChange: "BatchCreatePartition",
      tableName: "prices"
    } satisfies typeof DataCatalogTableStateChangeDetail.Encoded
  )
