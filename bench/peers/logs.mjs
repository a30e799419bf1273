// Functions of the official runtime that log as many records as their event asks for.

import pino from "pino"

const logger = pino()

// Other work comes between a hundred records and the next: nobody logs all the time.
const turn = () => new Promise((resolve) => setImmediate(resolve))

export const viaConsole = async ({ records }) => {
  for (let left = records; left > 0; left--) {
    console.info({ message: "order placed", orderId: "o-1" })
    if (left % 100 === 0) await turn()
  }
}

export const viaPino = async ({ records }, { awsRequestId }) => {
  const log = logger.child({ requestId: awsRequestId })
  for (let left = records; left > 0; left--) {
    log.info({ orderId: "o-1" }, "order placed")
    if (left % 100 === 0) await turn()
  }
}
