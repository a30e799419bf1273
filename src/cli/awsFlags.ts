/**
 * Where on AWS, and as whom: what is not given comes from where the AWS CLI has it.
 */
import * as Flag from "effect/cli/Flag"
import * as Option from "effect/Option"

export const flags = {
  region: Flag.String("region").pipe(Flag.withDescription("The region of AWS"), Flag.optional),
  profile: Flag.String("profile").pipe(Flag.withDescription("The profile of the AWS configuration"), Flag.optional)
}

/** As the clients of the AWS SDK take them. */
export const options = (
  { profile, region }: { readonly region: Option.Option<string>; readonly profile: Option.Option<string> }
) => ({
  ...Option.isSome(region) && { region: region.value },
  ...Option.isSome(profile) && { profile: profile.value }
})
