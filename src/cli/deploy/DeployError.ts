/**
 * Why a function could not be deployed.
 */
import * as Schema from "effect/Schema"

/** There is no such built function. */
export class NotBuilt extends Schema.Error<NotBuilt>("effect-lambda-runtime/cli/deploy/NotBuilt")({
  _tag: Schema.tag("NotBuilt"),
  name: Schema.String,
  output: Schema.String,
  manifestFile: Schema.String,
  /** What has been built there. */
  others: Schema.Array(Schema.String)
}) {
  override get message(): string {
    const others = this.others.length === 0 ? "" : `, but there is ${this.others.join(", ")}`
    return `there is no ${this.manifestFile}${others}: build the function first, as with ` +
      `effect-lambda build src/main.ts --name ${this.name}${this.output === "dist" ? "" : ` --output ${this.output}`}`
  }
}

/** The manifest is not one of this version's, or the zip file is not the one that it tells of. */
export class BadManifest extends Schema.Error<BadManifest>("effect-lambda-runtime/cli/deploy/BadManifest")({
  _tag: Schema.tag("BadManifest"),
  manifestFile: Schema.String,
  problem: Schema.String
}) {
  override get message(): string {
    return `${this.manifestFile} ${this.problem}: build the function again`
  }
}

/** Lambda takes zip files up to 50 MB in a request. */
export class TooLarge extends Schema.Error<TooLarge>("effect-lambda-runtime/cli/deploy/TooLarge")({
  _tag: Schema.tag("TooLarge"),
  zip: Schema.String,
  size: Schema.Int
}) {
  override get message(): string {
    return `${this.zip} has ${this.size} bytes, and Lambda takes 52428800 directly: ` +
      "deploy it through S3, as with effect-lambda iac sam"
  }
}

/** Images are pushed to a registry, with its own tools. */
export class ImageBuilt extends Schema.Error<ImageBuilt>("effect-lambda-runtime/cli/deploy/ImageBuilt")({
  _tag: Schema.tag("ImageBuilt"),
  name: Schema.String
}) {
  override get message(): string {
    return `${this.name} was built for an image, and only zip files are deployed from here: ` +
      `use effect-lambda iac sam ${this.name}, or build it with --target node24`
  }
}

/** The AWS SDK is an optional dependency, and is not installed. */
export class SdkMissing extends Schema.Error<SdkMissing>("effect-lambda-runtime/cli/deploy/SdkMissing")({
  _tag: Schema.tag("SdkMissing"),
  package: Schema.String
}) {
  override get message(): string {
    return `functions are deployed with the AWS SDK, and there is no ${this.package}: ` +
      "npm install --save-dev @aws-sdk/client-lambda @aws-sdk/client-iam"
  }
}

/** Lambda has taken a request, and could not do what it said. */
export class NotSettled extends Schema.Error<NotSettled>("effect-lambda-runtime/cli/deploy/NotSettled")({
  _tag: Schema.tag("NotSettled"),
  name: Schema.String,
  problem: Schema.String
}) {
  override get message(): string {
    return `${this.name}: Lambda ${this.problem}`
  }
}

/** The function on AWS is an image, and stays one. */
export class ImageDeployed extends Schema.Error<ImageDeployed>("effect-lambda-runtime/cli/deploy/ImageDeployed")({
  _tag: Schema.tag("ImageDeployed"),
  name: Schema.String
}) {
  override get message(): string {
    return `${this.name} is an image on AWS, which a zip file cannot replace: delete it there, or choose another --name ` +
      "when you build"
  }
}

/** The variables that a function has cannot be read, so that they would be lost. */
export class VariablesUnreadable
  extends Schema.Error<VariablesUnreadable>("effect-lambda-runtime/cli/deploy/VariablesUnreadable")({
    _tag: Schema.tag("VariablesUnreadable"),
    name: Schema.String,
    problem: Schema.String
  })
{
  override get message(): string {
    return `the variables of ${this.name} cannot be read, and would be lost: ${this.problem}`
  }
}

/** A role of the name that a new function's role has is for something else. */
export class ForeignRole extends Schema.Error<ForeignRole>("effect-lambda-runtime/cli/deploy/ForeignRole")({
  _tag: Schema.tag("ForeignRole"),
  role: Schema.String
}) {
  override get message(): string {
    return `the role ${this.role} is there already, and does not let Lambda assume it: name another with --role`
  }
}

/** `--streaming` says how a URL answers. */
export class UrlMissing extends Schema.Error<UrlMissing>("effect-lambda-runtime/cli/deploy/UrlMissing")({
  _tag: Schema.tag("UrlMissing")
}) {
  override get message(): string {
    return "--streaming is about the function's URL: give it one, as with --url iam"
  }
}

/** AWS has refused a request, or could not be reached. */
export class AwsFailure extends Schema.Error<AwsFailure>("effect-lambda-runtime/cli/deploy/AwsFailure")({
  _tag: Schema.tag("AwsFailure"),
  /** As in `ResourceConflictException`. */
  type: Schema.String,
  description: Schema.String
}) {
  override get message(): string {
    return this.type === "Error" ? this.description : `${this.description} (${this.type})`
  }
}

/** A function could not be deployed; `reason` says why. */
export class DeployError extends Schema.TaggedError<DeployError>("effect-lambda-runtime/cli/deploy/DeployError")(
  "DeployError",
  {
    reason: Schema.Union([
      NotBuilt,
      BadManifest,
      ImageBuilt,
      ImageDeployed,
      TooLarge,
      UrlMissing,
      ForeignRole,
      VariablesUnreadable,
      SdkMissing,
      NotSettled,
      AwsFailure
    ])
  }
) {
  override get message(): string {
    return this.reason.message
  }
}
