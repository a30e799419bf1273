/**
 * What stays the same of a metric in CloudWatch, and is therefore found out and rendered once: its name, its unit, and
 * the dimensions that it is counted under.
 */
import * as CloudWatch from "./cloudWatch.ts"

/** What holds for all metrics of a function. */
export interface Settings {
  /** Dimensions that every metric has, as CloudWatch takes them. */
  readonly dimensions: ReadonlyMap<string, string>
  /** Names of the metrics that are stored for every second. */
  readonly highResolution: ReadonlySet<string>
  /** Members of a line that are not metrics or dimensions. */
  readonly reserved: ReadonlySet<string>
  readonly warn: CloudWatch.Warn
}

/** One metric of CloudWatch: everything that is sent for it goes by the same name and dimensions. */
export interface Series {
  readonly name: string
  readonly unit: string | undefined
  readonly dimensions: ReadonlyMap<string, string>
  /** The names of the dimensions as a JSON array. */
  readonly dimensionNames: string
  /** The dimensions as members of a JSON object; series with the same share a line. */
  readonly dimensionMembers: string
  /** What the line says about the metric, as a JSON object. */
  readonly definition: string
}

export const make = (
  settings: Settings,
  metric: {
    readonly id: string
    readonly unit?: string | undefined
    readonly attributes?: Readonly<Record<string, string>> | undefined
    readonly dimension?: readonly [name: string, value: string] | undefined
  }
): Series => {
  const { id } = metric
  const { dimensions: common, highResolution, reserved, warn } = settings
  const attributes = new Map(Object.entries(metric.attributes ?? {}))
  const unit = takeUnit(id, attributes, warn) ?? metric.unit
  const dimensions = CloudWatch.dimensions(
    `the metric ${CloudWatch.quote(id)}`,
    [...common, ...attributes, ...metric.dimension === undefined ? [] : [metric.dimension]],
    reserved,
    warn
  )
  const name = CloudWatch.metricName(id, [dimensions, reserved], warn)
  return {
    name,
    unit,
    dimensions,
    dimensionNames: JSON.stringify([...dimensions.keys()]),
    dimensionMembers: [...dimensions].map(([name, value]) => `,${JSON.stringify(name)}:${JSON.stringify(value)}`).join(
      ""
    ),
    definition: JSON.stringify({ Name: name, Unit: unit, StorageResolution: highResolution.has(id) ? 1 : undefined })
  }
}

/** As Effect's own exporters, which find the unit of a metric in these attributes. It is no dimension then. */
const takeUnit = (
  id: string,
  attributes: Map<string, string>,
  warn: CloudWatch.Warn
): string | undefined => {
  for (const key of ["unit", "time_unit"]) {
    const given = attributes.get(key)
    if (given === undefined) continue
    const unit = CloudWatch.metricUnit(String(given))
    if (unit !== undefined) {
      attributes.delete(key)
      return unit
    }
    warn(
      `unit of ${id}`,
      `the metric ${JSON.stringify(id)} has the ${key} ${
        JSON.stringify(given)
      }, which CloudWatch does not know: it is ` +
        `sent as a dimension. CloudWatch knows Seconds, Milliseconds, Bytes, Percent, Count, Bytes/Second and so on`
    )
  }
  return undefined
}
