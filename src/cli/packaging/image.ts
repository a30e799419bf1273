/**
 * What a container image of a function is built with, which lies in its folder, and is not part of the package.
 */
import * as packageFile from "./packageFile.ts"
import type { Architecture, NodeMajor } from "./settings.ts"

/**
 * The base image is AWS's own: its Node.js is in `/var/lang/bin`, where the bootstrap finds it.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/nodejs-image.html
 */
const dockerfile = (node: NodeMajor): string =>
  `FROM public.ecr.aws/lambda/nodejs:${node}
COPY . \${LAMBDA_TASK_ROOT}/
ENTRYPOINT ["/var/task/bootstrap"]
`

const ignore = `Dockerfile
.dockerignore
`

export const files = (node: NodeMajor): ReadonlyArray<packageFile.PackageFile> => [
  packageFile.text("Dockerfile", dockerfile(node)),
  packageFile.text(".dockerignore", ignore)
]

/** Lambda takes images of one platform, without the attestation that makes an index of them. */
export const buildCommand = (name: string, architecture: Architecture, folder: string): ReadonlyArray<string> => [
  "docker",
  "buildx",
  "build",
  "--platform",
  `linux/${architecture === "x64" ? "amd64" : "arm64"}`,
  "--provenance=false",
  "--tag",
  name.toLowerCase(),
  folder
]
