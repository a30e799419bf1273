import * as Ec2 from "effect-lambda-runtime/events/Ec2"
import * as EventBridge from "effect-lambda-runtime/events/EventBridge"
import * as Handler from "effect-lambda-runtime/Handler"
import * as Lambda from "effect-lambda-runtime/Lambda"
import * as NodeLambda from "effect-lambda-runtime/NodeLambda"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

/** What the shop puts on the bus. */
const OrderPlaced = EventBridge.eventOf(
  "order.placed",
  Schema.Struct({ id: Schema.String, total: Schema.Finite, dueBy: Schema.DateTimeUtcFromString })
)

const order = Handler.make(
  { event: OrderPlaced },
  ({ detail: { dueBy, id, total } }) =>
    Effect.log(`order ${id} of ${total} is due by ${DateTime.formatIsoDateUtc(dueBy)}`)
)

const instance = Handler.make(
  { event: Ec2.InstanceStateChange },
  ({ detail }) => Effect.log(`instance ${detail["instance-id"]} is ${detail.state}`)
)

const schedule = Handler.make(
  { event: EventBridge.ScheduledEvent },
  ({ time }) => Effect.log(`counting the orders until ${DateTime.formatIso(time)}`)
)

NodeLambda.runMain(Lambda.serve(Handler.match(order, instance, schedule)))
