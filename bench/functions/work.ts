/** What a handler that computes does: some milliseconds of hashing and JSON, the same for every runtime. */
import { hash } from "node:crypto"

const rounds = 3_000

export const work = (text: string): string => {
  let digest = text
  for (let round = 0; round < rounds; round++) {
    digest = hash("sha256", JSON.stringify({ round, digest }))
  }
  return digest
}
