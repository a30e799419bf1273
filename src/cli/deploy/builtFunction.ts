/**
 * A function that `build` has made, and what Lambda has to know of it.
 */
import * as Digest from "effect/crypto/Digest"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import * as Schema from "effect/Schema"
import { Manifest } from "../packaging/manifest.ts"
import { BadManifest, DeployError, NotBuilt } from "./DeployError.ts"

export interface BuiltFunction {
  readonly manifest: Manifest
  /** Relative to the working folder. */
  readonly zipFile: string
  readonly zip: Uint8Array
}

export const read = Effect.fnUntraced(function*(name: string, output: string) {
  const fileSystem = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const manifestFile = path.join(output, `${name}.manifest.json`)
  const zipFile = path.join(output, `${name}.zip`)
  if (!(yield* fileSystem.exists(manifestFile))) {
    const inOutput = yield* Effect.orElseSucceed(fileSystem.readDirectory(output), () => [])
    const others = inOutput.flatMap((file) => /^(.+)\.manifest\.json$/.exec(file)?.[1] ?? []).toSorted()
    return yield* new DeployError({ reason: new NotBuilt({ name, output, manifestFile, others }) })
  }
  const bad = (problem: string) => new DeployError({ reason: new BadManifest({ manifestFile, problem }) })
  const manifest = yield* Effect.mapError(
    Schema.decodeUnknownEffect(Schema.fromJsonString(Manifest))(yield* fileSystem.readFileString(manifestFile)),
    () => bad("is not of this version")
  )
  const zip = yield* fileSystem.readFile(zipFile)
  const { digestHex } = yield* Digest.Digest
  if ((yield* digestHex(Digest.sha256, zip)) !== manifest.zip.sha256) return yield* bad(`tells of another ${zipFile}`)
  return { manifest, zipFile, zip } satisfies BuiltFunction
})

/** https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html */
export type Runtime = "nodejs22.x" | "nodejs24.x" | "provided.al2023"

/** Nothing for an image, which brings its own. */
export const runtime = ({ target }: Manifest): Runtime | undefined => {
  switch (target) {
    case "node22":
      return "nodejs22.x"
    case "node24":
      return "nodejs24.x"
    case "provided.al2023":
      return "provided.al2023"
    case "image":
      return undefined
  }
}

/** https://docs.aws.amazon.com/lambda/latest/dg/foundation-arch.html */
export const architecture = ({ architecture }: Manifest): "x86_64" | "arm64" =>
  architecture === "x64" ? "x86_64" : "arm64"

/** Lambda wants one. It is not used: the bootstrap starts the function. */
export const handler = ({ bootstrap, target }: Manifest): string =>
  target === "provided.al2023" ? bootstrap : "index.handler"

const isManaged = ({ target }: Manifest) => target === "node22" || target === "node24"

/** https://docs.aws.amazon.com/lambda/latest/dg/runtimes-modify.html#runtime-wrapper */
export const variables = (manifest: Manifest): Readonly<Record<string, string>> =>
  isManaged(manifest) ? { AWS_LAMBDA_EXEC_WRAPPER: `/var/task/${manifest.bootstrap}` } : {}

/** The variables of a function that there is, without those that another target has left there. */
export const withoutForeign = (
  manifest: Manifest,
  found: Readonly<Record<string, string>>
): Readonly<Record<string, string>> => {
  if (isManaged(manifest)) return found
  const { AWS_LAMBDA_EXEC_WRAPPER: wrapper, ...others } = found
  return wrapper === `/var/task/${manifest.bootstrap}` ? others : found
}
