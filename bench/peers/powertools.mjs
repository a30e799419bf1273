// The routes of `bench/functions/api.ts` with Powertools for AWS Lambda and zod.

import { Router } from "@aws-lambda-powertools/event-handler/http"
import * as z from "zod"

const Order = z.object({ id: z.string(), lines: z.array(z.object({ sku: z.string(), quantity: z.int() })) })
const Receipt = z.object({ id: z.string(), items: z.int() })

const app = new Router()

app.get("/hello/:name", ({ params }) => ({ hello: params.name }))

app.post("/orders", ({ valid }) => {
  const { id, lines } = valid.req.body
  return { statusCode: 201, body: { id, items: lines.reduce((sum, { quantity }) => sum + quantity, 0) } }
}, { validation: { req: { body: Order }, res: { body: Receipt } } })

export const handler = (event, context) => app.resolve(event, context)
