/**
 * Results of Amazon GuardDuty Malware Protection for S3, by way of EventBridge.
 *
 * @see https://docs.aws.amazon.com/guardduty/latest/ug/monitor-with-eventbridge-s3-malware-protection.html
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { nullish } from "../internal/events/nullish.ts"
import { openEnum } from "../internal/events/openEnum.ts"
import { serviceEvent, serviceSample } from "../internal/events/serviceEvent.ts"

/**
 * The detail of {@link MalwareProtectionObjectScanResult}.
 *
 * @category schemas
 * @since 0.1.0
 */
export const MalwareProtectionObjectScanResultDetail = Schema.Struct({
  schemaVersion: Schema.String,
  scanStatus: openEnum(["COMPLETED", "SKIPPED", "FAILED"]),
  resourceType: openEnum(["S3_OBJECT"]),
  s3ObjectDetails: Schema.Struct({
    bucketName: Schema.String,
    objectKey: Schema.String,
    eTag: nullish(Schema.String),
    /** In a bucket with versions. */
    versionId: nullish(Schema.String),
    /** The scan was delayed by S3. */
    s3Throttled: nullish(Schema.Boolean)
  }),
  scanResultDetails: Schema.Struct({
    scanResultStatus: openEnum(["NO_THREATS_FOUND", "THREATS_FOUND", "UNSUPPORTED", "ACCESS_DENIED", "FAILED"]),
    /** `null` where nothing was found. */
    threats: nullish(Schema.Array(Schema.Struct({ name: Schema.String }))),
    /** Why the object was not scanned. */
    statusReasons: nullish(Schema.Array(Schema.String))
  })
})

/**
 * A decoded {@link MalwareProtectionObjectScanResultDetail}.
 *
 * @category models
 * @since 0.1.0
 */
export interface MalwareProtectionObjectScanResultDetail
  extends Schema.Schema.Type<typeof MalwareProtectionObjectScanResultDetail>
{}

/**
 * An object that was scanned, or could not be.
 *
 * **Gotchas**
 *
 * A scan that is `COMPLETED` has found threats or has not: ask `scanResultStatus`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const MalwareProtectionObjectScanResult = serviceEvent(
  Schema.Literal("GuardDuty Malware Protection Object Scan Result"),
  MalwareProtectionObjectScanResultDetail
)

/**
 * A decoded {@link MalwareProtectionObjectScanResult}.
 *
 * @category models
 * @since 0.1.0
 */
export interface MalwareProtectionObjectScanResult
  extends Schema.Schema.Type<typeof MalwareProtectionObjectScanResult>
{}

/**
 * {@link MalwareProtectionObjectScanResult} as Lambda delivers it, with the threats of the given names.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as GuardDuty from "effect-lambda-runtime/events/GuardDuty"
 *
 * GuardDuty.sampleMalwareProtectionObjectScanResult("EICAR-Test-File").detail.scanResultDetails.scanResultStatus // => "THREATS_FOUND"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleMalwareProtectionObjectScanResult = (
  ...threats: ReadonlyArray<string>
): typeof MalwareProtectionObjectScanResult.Encoded =>
  serviceSample("aws.guardduty", "GuardDuty Malware Protection Object Scan Result", {
    schemaVersion: "1.0",
    scanStatus: "COMPLETED",
    resourceType: "S3_OBJECT",
    s3ObjectDetails: {
      bucketName: "amzn-s3-demo-bucket",
      objectKey: "uploads/report.pdf",
      eTag: "6ee985bd6f65dc90bb7896a94fe9adb0",
      versionId: "NpeIP.i5R7OBO0bChPbGTmSsym5UohWS",
      s3Throttled: false
    },
    scanResultDetails: threats.length === 0
      ? { scanResultStatus: "NO_THREATS_FOUND", threats: null }
      : { scanResultStatus: "THREATS_FOUND", threats: threats.map((name) => ({ name })) }
  }, ["arn:aws:guardduty:us-east-1:123456789012:malware-protection-plan/24c96cfb217c338fc3df"])
