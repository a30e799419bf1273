/** What Kinesis and DynamoDB streams have in common: Lambda starts again at one record, with all that are behind it. */
import * as Schema from "effect/Schema"
import { batchResponse } from "../events/batchResponse.ts"
import type { BatchRecord } from "./source.ts"

/** The whole batch is of one shard. */
export const shard = 0

export const response = batchResponse(Schema.NonEmptyString)

/** The failed record with the lowest sequence number: where Lambda starts again. */
export const failures = (failed: ReadonlyArray<BatchRecord<string>>): ReadonlyArray<string> => {
  let lowest: string | undefined
  for (const { identifier } of failed) {
    if (lowest === undefined || isLower(identifier, lowest)) lowest = identifier
  }
  return lowest === undefined ? [] : [lowest]
}

/** Up to 56 digits, more than a number holds. */
const isLower = (a: string, b: string): boolean => {
  const [x, y] = [withoutZeros(a), withoutZeros(b)]
  return x.length === y.length ? x < y : x.length < y.length
}

const withoutZeros = (digits: string): string => digits.replace(/^0+/, "")
