/**
 * What Lambda will not like of a package.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
import * as text from "../text.ts"
import * as nodeBinary from "./nodeBinary.ts"
import type { PackageFile } from "./packageFile.ts"
import type { Target } from "./settings.ts"

/** Bytes of a zip file in a request. */
const uploadLimit = 52_428_800

/** Bytes of all files, with those of all layers. */
const unpackedLimit = 262_144_000

/** One line for each thing that a person should know. */
export const describe = (
  target: Target,
  files: ReadonlyArray<PackageFile>,
  zip: Uint8Array
): ReadonlyArray<string> => {
  if (target === "image") return []
  const notices: Array<string> = []
  if (target === "provided.al2023" && !nodeBinary.isIn(files)) {
    notices.push("there is no Node.js in the package: add a layer that has bin/node, or build with --with-node")
  }
  if (zip.length > uploadLimit) {
    notices.push(
      `the zip file has ${text.bytes(zip.length)}, and Lambda takes ${text.bytes(uploadLimit)} in a request: ` +
        "SAM, the CDK and Terraform send it through S3, and deploy does not"
    )
  }
  const unpacked = files.reduce((total, { bytes }) => total + bytes.length, 0)
  if (unpacked > unpackedLimit) {
    notices.push(`the files have ${text.bytes(unpacked)}, and Lambda takes ${text.bytes(unpackedLimit)}`)
  }
  return notices
}
