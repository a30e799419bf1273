/**
 * What CloudWatch takes of a metric: names, dimensions, units and values. A line with anything else in it is refused as a
 * whole, with all its metrics, and only the metric `EMFValidationErrors` of the account tells.
 *
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Dimension.html
 */

/** Says what had to be changed; `about` is the same for everything that need not be said again. */
export type Warn = (about: string, message: string) => void

const maxDimensions = 30

/** The format takes 250 characters, the API 255. */
const maxDimensionName = 250
const maxDimensionValue = 1024
const maxMetricName = 255
const maxNamespace = 255

/** 2^360, in both directions. */
const largestValue = 2 ** 360
const smallestValue = 2 ** -360

/** Why CloudWatch does not take this namespace, if it does not. */
export const namespaceProblem = (namespace: string): string | undefined => {
  if (namespace.trim() === "") return "it is blank"
  if (namespace.length > maxNamespace) return `it is longer than ${maxNamespace} characters`
  if (namespace.startsWith("AWS/")) return `"AWS/" is reserved for AWS`
  if (namespace.startsWith(":")) return "it starts with a colon"
  return /^[\w.\-/#: ]*$/.test(namespace) ? undefined : "it may consist of letters, digits, spaces and . - _ / # :"
}

const clean = (text: string, maxLength: number): string => text.replaceAll(/[^\x20-\x7e]/gu, "_").slice(0, maxLength)

/** A name in a message. */
export const quote = (text: string): string => JSON.stringify(text.length > 50 ? `${text.slice(0, 50)}…` : text)

/** A name that is not one of `taken`. */
const distinct = (name: string, taken: { readonly has: (name: string) => boolean }): string =>
  taken.has(name) ? distinct(`${name}_`, taken) : name

/** `taken` are the other members of the same line: its dimensions, and what the format itself needs. */
export const metricName = (
  id: string,
  taken: ReadonlyArray<{ readonly has: (name: string) => boolean }>,
  warn: Warn
): string => {
  const legal = clean(id, maxMetricName)
  const name = distinct(legal.trim() === "" ? "unnamed" : legal, { has: (name) => taken.some((set) => set.has(name)) })
  if (name !== id) {
    warn(
      `name ${id}`,
      `the metric ${quote(id)} is sent as ${
        quote(name)
      }: CloudWatch takes 1 to ${maxMetricName} ASCII characters, and no ` +
        "name that is also a dimension of the metric"
    )
  }
  return name
}

/**
 * The dimensions of `owner`, as a message calls it, the later ones in place of earlier ones of the same name. What is too
 * much is left out, and so is a dimension without a value.
 */
export const dimensions = (
  owner: string,
  entries: Iterable<readonly [name: string, value: string]>,
  reserved: ReadonlySet<string>,
  warn: Warn
): ReadonlyMap<string, string> => {
  const legal = new Map<string, string>()
  for (const [name, value] of entries) {
    const warnOf = (what: string) =>
      warn(`dimension ${name} of ${owner}`, `the dimension ${quote(name)} of ${owner} ${what}`)
    const legalName = distinct(clean(name, maxDimensionName).replace(/^:/, "_"), reserved)
    const legalValue = clean(String(value), maxDimensionValue)
    if (legalName.trim() === "" || legalValue.trim() === "") {
      warnOf("is left out: CloudWatch takes neither a name nor a value that is blank")
    } else if (legal.size === maxDimensions && !legal.has(legalName)) {
      warnOf(`is left out: CloudWatch takes ${maxDimensions}`)
    } else {
      if (legalName !== name || legalValue !== value) {
        warnOf(
          `is sent as ${quote(legalName)}: ${quote(legalValue)}: CloudWatch takes ASCII characters, ` +
            `${maxDimensionName} in a name, which starts with no colon, and ${maxDimensionValue} in a value`
        )
      }
      legal.set(legalName, legalValue)
    }
  }
  return legal
}

/** A number that CloudWatch takes; none for what is not a number. */
export const metricValue = (value: number): number | undefined => {
  if (Number.isNaN(value)) return undefined
  const size = Math.abs(value)
  return size > largestValue ? Math.sign(value) * largestValue : size < smallestValue ? 0 : value
}

const units = new Map(
  [
    "Seconds",
    "Microseconds",
    "Milliseconds",
    "Bytes",
    "Kilobytes",
    "Megabytes",
    "Gigabytes",
    "Terabytes",
    "Bits",
    "Kilobits",
    "Megabits",
    "Gigabits",
    "Terabits",
    "Percent",
    "Count",
    "Bytes/Second",
    "Kilobytes/Second",
    "Megabytes/Second",
    "Gigabytes/Second",
    "Terabytes/Second",
    "Bits/Second",
    "Kilobits/Second",
    "Megabits/Second",
    "Gigabits/Second",
    "Terabits/Second",
    "Count/Second",
    "None"
  ].map((unit) => [unit.toLowerCase(), unit])
)

/** The codes that OpenTelemetry uses; https://ucum.org/ucum. They are case-sensitive. */
const ucumUnits = new Map([
  ["s", "Seconds"],
  ["ms", "Milliseconds"],
  ["us", "Microseconds"],
  ["By", "Bytes"],
  ["bit", "Bits"],
  ["%", "Percent"]
])

/** CloudWatch's name of a unit, if it has one. */
export const metricUnit = (unit: string): string | undefined => ucumUnits.get(unit) ?? units.get(unit.toLowerCase())
