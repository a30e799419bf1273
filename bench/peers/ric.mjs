// The functions of the bench as a user of the official runtime writes them: handlers that it loads by name.

import { hash } from "node:crypto"

export const hello = async ({ age, name }) => ({
  greeting: `Hello ${name}. You look ${age > 30 ? "younger" : "older"} than your age.`
})

export const wait = async (event) => {
  await new Promise((resolve) => setTimeout(resolve, 50))
  return hello(event)
}

// As `functions/work.ts`, whose types this process would have to strip.
export const compute = async ({ text }) => {
  let digest = text
  for (let round = 0; round < 3_000; round++) {
    digest = hash("sha256", JSON.stringify({ round, digest }))
  }
  return { digest }
}

export const echo = async (event) => event

export const stream = globalThis.awslambda?.streamifyResponse(async ({ size }, responseStream) => {
  const chunk = Buffer.alloc(65_536, "effect")
  for (let sent = 0; sent < size; sent += chunk.length) {
    if (!responseStream.write(chunk)) await new Promise((resolve) => responseStream.once("drain", resolve))
  }
  responseStream.end()
})
