/** What all Lambda triggers of a Cognito user pool have in common. */
import * as Schema from "effect/Schema"
import { nullish } from "./nullish.ts"
import { openEnum } from "./openEnum.ts"
import { preserving } from "./preserving.ts"
import { StringMap } from "./stringMaps.ts"

/** The sources of one trigger, which all start with its name; AWS adds to them. */
export const triggerSource = <const Known extends ReadonlyArray<string>>(trigger: string, known: Known) =>
  openEnum(known).check(Schema.isStartingWith(`${trigger}_`))

/** The fields of an event for the source and the parts of one trigger. */
export const triggerFields = <
  Source extends Schema.Constraint,
  Request extends Schema.Struct.Fields,
  Response extends Schema.Struct.Fields
>(source: Source, request: Request, response: Response) => ({
  version: Schema.String,
  region: nullish(Schema.String),
  userPoolId: nullish(Schema.String),
  userName: nullish(Schema.String),
  callerContext: preserving({
    awsSdkVersion: nullish(Schema.String),
    clientId: nullish(Schema.String)
  }),
  triggerSource: source,
  request: preserving(request),
  response: preserving(response)
})

/** The event of a trigger: of the same name for all of them. */
export const userPoolEvent = <const Fields extends Schema.Struct.Fields>(fields: Fields) =>
  preserving(fields, "a Cognito user pool event")

/** What a program passed to the call that caused the trigger. */
export const clientMetadata = nullish(StringMap)
