import * as HttpApi from "effect/http-api/HttpApi"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as OpenApi from "effect/http-api/OpenApi"
import * as Schema from "effect/Schema"

export const Order = Schema.Struct({
  id: Schema.String,
  sku: Schema.String,
  quantity: Schema.Int,
  placed: Schema.DateTimeUtc
})

export class OutOfStock extends Schema.TaggedError<OutOfStock>("OutOfStock")("OutOfStock", {
  sku: Schema.String,
  available: Schema.Int
}, { httpApiStatus: 409 }) {}

const orders = HttpApiGroup.make("orders")
  .add(
    HttpApiEndpoint.post("place", "/orders", {
      payload: Schema.Struct({ sku: Schema.NonEmptyString, quantity: Schema.Int.check(Schema.isGreaterThan(0)) }),
      success: Order,
      error: OutOfStock
    })
  )
  .add(
    HttpApiEndpoint.get("list", "/orders", {
      query: { sku: Schema.optional(Schema.String) },
      success: Schema.Array(Order)
    })
  )

/** What the function and its clients know of each other. */
export const Shop = HttpApi.make("shop").add(orders).annotate(OpenApi.Title, "Shop")
