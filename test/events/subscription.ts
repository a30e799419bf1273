/** What a subscription of CloudWatch Logs sends, made without the code that is tested. */
import * as zlib from "node:zlib"

export const compress = (data: unknown): string => zlib.gzipSync(JSON.stringify(data)).toString("base64")

export const inflate = (base64: string): unknown =>
  JSON.parse(zlib.gunzipSync(Buffer.from(base64, "base64")).toString("utf8"))

/** As CloudWatch Logs sends it to see whether a destination is there. */
export const control = {
  messageType: "CONTROL_MESSAGE",
  owner: "CloudwatchLogs",
  logGroup: "",
  logStream: "",
  subscriptionFilters: [],
  logEvents: [{
    id: "",
    timestamp: 1552518348220,
    message: "CWL CONTROL MESSAGE: Checking health of destination Kinesis stream."
  }]
}
