/**
 * CloudWatch's embedded metric format: a log line that says which of its members are metrics.
 *
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
import type { Change } from "./changes.ts"
import type { Series } from "./series.ts"

/** Metrics of one line, and values of one metric. */
export const MaxMetrics = 100
export const MaxValues = 100

/**
 * What one event of CloudWatch Logs holds, less the 26 bytes that it counts for each. By now CloudWatch takes 1 MB;
 * what stands between takes 256 KB.
 *
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
 */
export const MaxLineSize = 256 * 1024 - 26

export interface Envelope {
  readonly namespace: string
  /** Milliseconds since the Unix epoch. */
  readonly timestamp: number
  /** The level that the platform is to see, where it would drop the line for want of one. */
  readonly level: string | undefined
}

/** The members that are neither metrics nor dimensions. */
export const reservedMembers = (level: string | undefined): ReadonlySet<string> =>
  new Set(level === undefined ? ["_aws"] : ["_aws", "level", "timestamp"])

interface Line {
  readonly series: Series
  readonly names: Set<string>
  readonly definitions: Array<string>
  readonly members: Array<string>
  size: number
}

/** As many lines as the limits of the format ask for, without line feeds. Everything in them is ASCII. */
export const render = (envelope: Envelope, changes: ReadonlyArray<Change>): ReadonlyArray<string> => {
  const timestamp = Math.floor(envelope.timestamp)
  const head =
    `{"_aws":{"Timestamp":${timestamp},"CloudWatchMetrics":[{"Namespace":${JSON.stringify(envelope.namespace)}` +
    `,"Dimensions":[`
  const foot = envelope.level === undefined
    ? "}"
    : `,"level":${JSON.stringify(envelope.level)},"timestamp":"${new Date(timestamp).toISOString()}"}`
  const finish = ({ definitions, members, series }: Line): string =>
    `${head}${series.dimensionNames}],"Metrics":[${definitions.join(",")}]}]}${series.dimensionMembers}${
      members.join("")
    }${foot}`

  const linesOf = new Map<string, Array<Line>>()
  for (const { counts, series, values } of changes) {
    let lines = linesOf.get(series.dimensionMembers)
    if (lines === undefined) linesOf.set(series.dimensionMembers, lines = [])
    for (let start = 0; start < values.length; start += MaxValues) {
      const end = start + MaxValues
      const member = `,${JSON.stringify(series.name)}:${
        renderValues(values.slice(start, end), counts?.slice(start, end))
      }`
      const size = series.definition.length + 1 + member.length
      let line = lines.find(({ names, size: taken }) =>
        names.size < MaxMetrics && !names.has(series.name) && taken + size <= MaxLineSize
      )
      if (line === undefined) {
        line = { series, names: new Set(), definitions: [], members: [], size: 0 }
        line.size = finish(line).length
        lines.push(line)
      }
      line.names.add(series.name)
      line.definitions.push(series.definition)
      line.members.push(member)
      line.size += size
    }
  }
  return [...linesOf.values()].flatMap((lines) => lines.map(finish))
}

/**
 * A number, or an array with each value as often as it was observed. What does not fit there is told with counts, as
 * AWS's own exporters do; the specification does not mention it.
 *
 * https://github.com/open-telemetry/opentelemetry-collector-contrib/pull/22626
 * https://docs.rs/metrique-writer-format-emf/latest/metrique_writer_format_emf/struct.Emf.html
 */
const renderValues = (values: ReadonlyArray<number>, counts: ReadonlyArray<number> | undefined): string => {
  const total = counts === undefined ? values.length : counts.reduce((total, count) => total + count, 0)
  if (total > MaxValues) return JSON.stringify({ Values: values, Counts: counts })
  const each = counts === undefined ? values : values.flatMap((value, index) => Array(counts[index]).fill(value))
  return JSON.stringify(each.length === 1 ? each[0] : each)
}
