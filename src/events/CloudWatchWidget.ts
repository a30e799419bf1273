/**
 * Custom widgets of Amazon CloudWatch dashboards.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/add_custom_widget_dashboard_about.html
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { nullish } from "../internal/events/nullish.ts"
import { openEnum } from "../internal/events/openEnum.ts"

const title = "a CloudWatch widget event"

const timeRange = {
  start: Schema.DateTimeUtcFromMillis,
  end: Schema.DateTimeUtcFromMillis
}

/**
 * The widget and its dashboard.
 *
 * @category schemas
 * @since 0.1.0
 */
export const WidgetContext = Schema.Struct({
  dashboardName: Schema.String,
  widgetId: Schema.String,
  accountId: nullish(Schema.String),
  locale: nullish(Schema.String),
  timezone: nullish(Schema.Struct({
    label: Schema.String,
    /** `+02:00`. */
    offsetISO: Schema.String,
    offsetInMinutes: Schema.Finite
  })),
  /** Seconds. */
  period: nullish(Schema.Finite),
  isAutoPeriod: nullish(Schema.Boolean),
  timeRange: nullish(Schema.Struct({
    mode: openEnum(["relative", "absolute"]),
    ...timeRange,
    /** Milliseconds. */
    relativeStart: nullish(Schema.Finite),
    zoom: nullish(Schema.Struct(timeRange))
  })),
  theme: nullish(openEnum(["light", "dark"])),
  linkCharts: nullish(Schema.Boolean),
  title: nullish(Schema.String),
  /** What the user has filled in, by name. */
  forms: nullish(Schema.Struct({ all: nullish(Schema.Record(Schema.String, Schema.Json)) })),
  /** What the widget was made with. */
  params: nullish(Schema.Record(Schema.String, Schema.Json)),
  /** Pixels. */
  width: nullish(Schema.Finite),
  /** Pixels. */
  height: nullish(Schema.Finite)
})

/**
 * A decoded {@link WidgetContext}.
 *
 * @category models
 * @since 0.1.0
 */
export interface WidgetContext extends Schema.Schema.Type<typeof WidgetContext> {}

/**
 * The console asks how the function is used. Answer with Markdown, and do nothing else.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/add_custom_widget_dashboard_about.html#add_custom_widget_describe
 * @category schemas
 * @since 0.1.0
 */
export const DescribeEvent = Schema.Struct({ describe: Schema.Literal(true), widgetContext: nullish(WidgetContext) })
  .annotate({ title })

/**
 * A decoded {@link DescribeEvent}.
 *
 * @category models
 * @since 0.1.0
 */
export interface DescribeEvent extends Schema.Schema.Type<typeof DescribeEvent> {}

const widgetFields = { widgetContext: WidgetContext }

const makeEventOf = <Parameters extends Schema.Struct.Fields>(parameters: Parameters) =>
  Schema.Union([DescribeEvent, Schema.toCodecJson(Schema.Struct({ ...widgetFields, ...parameters }))]).annotate({
    title
  })

/**
 * The schema of {@link eventOf}.
 *
 * @category models
 * @since 0.1.0
 */
export interface eventOf<Parameters extends Schema.Struct.Fields> extends ReturnType<typeof makeEventOf<Parameters>> {}

/**
 * An {@link Event} of a widget with parameters. They are beside the context, and not sent where the console asks how
 * the function is used.
 *
 * **Example** (A widget that says what it is told)
 *
 * ```ts
 * import * as Handler from "effect-lambda-runtime/Handler"
 * import * as CloudWatchWidget from "effect-lambda-runtime/events/CloudWatchWidget"
 * import * as Effect from "effect/Effect"
 * import * as Schema from "effect/Schema"
 *
 * const echo = Handler.make({
 *   event: CloudWatchWidget.eventOf({ echo: Schema.String }),
 *   result: CloudWatchWidget.Result
 * }, (event) => Effect.succeed("describe" in event ? { markdown: "Says what it is told" } : `<h1>${event.echo}</h1>`))
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const eventOf: <Parameters extends Schema.Struct.Fields>(parameters: Parameters) => eventOf<Parameters> =
  makeEventOf

/**
 * A dashboard that shows the widget, or the console that asks how the function is used: `"describe" in event` tells.
 * {@link eventOf} has the parameters as well.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Event = Schema.Union([DescribeEvent, Schema.Struct(widgetFields)]).annotate({ title })

/**
 * A decoded {@link Event}.
 *
 * @category models
 * @since 0.1.0
 */
export type Event = typeof Event.Type

/**
 * What the widget shows: HTML as text, Markdown as `{ markdown }`, or any other JSON as it is.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Result = Schema.Json

/**
 * A {@link Result} to encode.
 *
 * @category models
 * @since 0.1.0
 */
export type Result = Schema.Json

/**
 * An event as Lambda delivers it for a dashboard, with the given parameters beside the context.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as CloudWatchWidget from "effect-lambda-runtime/events/CloudWatchWidget"
 *
 * CloudWatchWidget.sample({ echo: "hi" }).widgetContext?.params // => { echo: "hi" }
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sample = (parameters: { readonly [name: string]: Schema.Json } = {}): typeof Event.Encoded => ({
  ...parameters,
  widgetContext: {
    dashboardName: "shop",
    widgetId: "widget-16",
    accountId: "123456789012",
    locale: "en",
    timezone: { label: "UTC", offsetISO: "+00:00", offsetInMinutes: 0 },
    period: 300,
    isAutoPeriod: true,
    timeRange: {
      mode: "relative",
      start: 1627236199729,
      end: 1627322599729,
      relativeStart: 86400012,
      zoom: { start: 1627276030434, end: 1627282956521 }
    },
    theme: "light",
    linkCharts: true,
    title: "Orders",
    forms: { all: {} },
    params: parameters,
    width: 588,
    height: 369
  }
})
