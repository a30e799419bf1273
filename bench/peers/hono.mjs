// The routes of `bench/functions/api.ts` with Hono and zod.

import { Hono } from "hono"
import { handle } from "hono/aws-lambda"
import { validator } from "hono/validator"
import * as z from "zod"

const Order = z.object({ id: z.string(), lines: z.array(z.object({ sku: z.string(), quantity: z.int() })) })
const Receipt = z.object({ id: z.string(), items: z.int() })

const app = new Hono()

app.get("/hello/:name", (c) => c.json({ hello: c.req.param("name") }))

app.post(
  "/orders",
  validator("json", (body, c) => {
    const { data, success } = Order.safeParse(body)
    return success ? data : c.json({ message: "Bad Request" }, 400)
  }),
  (c) => {
    const { id, lines } = c.req.valid("json")
    return c.json(Receipt.parse({ id, items: lines.reduce((sum, { quantity }) => sum + quantity, 0) }), 201)
  }
)

export const handler = handle(app)
