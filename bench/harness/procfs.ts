/**
 * What Linux knows of another process.
 *
 * https://man7.org/linux/man-pages/man5/proc.5.html
 */
import { readFileSync } from "node:fs"

/** The kernel reports times in hundredths of a second, on every architecture that Node runs on. */
const ticksPerSecond = 100

export interface ProcessUsage {
  /** Time on a processor so far, all threads together, in microseconds. */
  readonly cpu: number
  /** Memory in use now, in bytes. */
  readonly resident: number
  /** The most memory that was ever in use, in bytes. */
  readonly peak: number
}

export const processUsage = (pid: number): ProcessUsage => {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1")
  // The second field is the program's name in parentheses and may hold spaces; user time is the 14th.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ")
  const status = readFileSync(`/proc/${pid}/status`, "latin1")
  return {
    cpu: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond * 1_000_000,
    resident: kilobytes(status, "VmRSS"),
    peak: kilobytes(status, "VmHWM")
  }
}

const kilobytes = (status: string, field: string): number => {
  const match = new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(status)
  if (match === null) throw new Error(`/proc/<pid>/status has no ${field}`)
  return Number(match[1]) * 1024
}
