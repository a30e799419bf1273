/** Events that AWS services put on the default bus of an account. */
import * as Schema from "effect/Schema"
import * as EventBridge from "../../events/EventBridge.ts"

const makeServiceEvent = <DetailType extends Schema.Constraint, Detail extends Schema.Constraint>(
  detailType: DetailType,
  detail: Detail
) =>
  Schema.Struct({ ...EventBridge.Event.fields, "detail-type": detailType, detail })
    .annotate({ title: "an EventBridge event" })

/** The schema of {@link serviceEvent}. */
export interface serviceEvent<DetailType extends Schema.Constraint, Detail extends Schema.Constraint>
  extends ReturnType<typeof makeServiceEvent<DetailType, Detail>>
{}

/**
 * An event of one kind, or of several that have the same detail.
 *
 * `EventBridge.eventOf` takes a detail of any schema to its JSON form. These details are of JSON by themselves, and
 * the types know their encoded side, which samples are written in.
 */
export const serviceEvent: <DetailType extends Schema.Constraint, Detail extends Schema.Constraint>(
  detailType: DetailType,
  detail: Detail
) => serviceEvent<DetailType, Detail> = makeServiceEvent

/** An event of a service, as Lambda delivers it. */
export const serviceSample = <const DetailType extends string, Detail>(
  source: string,
  detailType: DetailType,
  detail: Detail,
  resources: ReadonlyArray<string> = []
) => ({
  version: "0",
  id: "7bf73129-1428-4cd3-a780-95db273d1602",
  "detail-type": detailType,
  source,
  account: "123456789012",
  time: "2021-11-12T00:00:00Z",
  region: "us-east-1",
  resources,
  detail
})
