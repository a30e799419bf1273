/**
 * What was built: written next to the zip file, for whoever deploys it.
 */
import * as Digest from "effect/crypto/Digest"
import * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as packageFile from "./packageFile.ts"

export class Manifest extends Schema.Class<Manifest>("effect-lambda-runtime/cli/packaging/Manifest")({
  name: Schema.String,
  /** What it was built from, relative to the folder of this file, with `/`. */
  entry: Schema.optionalKey(Schema.String),
  target: Schema.Literals(["node22", "node24", "provided.al2023", "image"]),
  /** The major version of the Node that runs it. */
  node: Schema.Literals(["22", "24"]),
  architecture: Schema.Literals(["x64", "arm64"]),
  /** The file that Lambda starts. */
  bootstrap: Schema.Literal("bootstrap"),
  /** The zip file: bytes, and lower-case hexadecimal. */
  zip: Schema.Struct({ size: Schema.Int, sha256: Schema.String }),
  /** Of all paths, permissions and bytes: the same for two zip files that unpack to the same. */
  contentSha256: Schema.String,
  /** The Node that can use the code cache; another starts the function without it. */
  codeCache: Schema.NullOr(Schema.Struct({ node: Schema.String, size: Schema.Int })),
  files: Schema.Array(Schema.Struct({
    path: Schema.String,
    size: Schema.Int,
    sha256: Schema.String,
    executable: Schema.Boolean
  }))
}) {}

export const make = Effect.fnUntraced(function*(
  settings: Pick<Manifest, "name" | "entry" | "target" | "node" | "architecture" | "codeCache">,
  files: ReadonlyArray<packageFile.PackageFile>,
  zip: Uint8Array
): Effect.fn.Return<Manifest, never, Digest.Digest> {
  const { digestHex } = yield* Digest.Digest
  const sha256 = (bytes: Uint8Array) => digestHex(Digest.sha256, bytes)
  const listed = yield* Effect.forEach(packageFile.inOrder(files), (file) =>
    Effect.map(sha256(file.bytes), (hash) => ({
      path: file.path,
      size: file.bytes.length,
      sha256: hash,
      executable: file.executable
    })))
  const content = listed.map(({ executable, path, sha256 }) => `${executable ? "x" : "-"} ${sha256} ${path}\n`).join("")
  return new Manifest({
    ...settings,
    bootstrap: "bootstrap",
    zip: { size: zip.length, sha256: yield* sha256(zip) },
    contentSha256: yield* sha256(new TextEncoder().encode(content)),
    files: listed
  })
})

/** Nothing of what is not one of this version's. */
export const decode: (json: string) => Option.Option<Manifest> = Schema.decodeUnknownOption(
  Schema.fromJsonString(Manifest)
)

export const encode = (manifest: Manifest): string =>
  `${JSON.stringify(Schema.encodeSync(Manifest)(manifest), undefined, 2)}\n`
