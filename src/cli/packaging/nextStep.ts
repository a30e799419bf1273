/**
 * What comes after a function is built or measured.
 */
import { shellCommand } from "../shellCommand.ts"
import * as image from "./image.ts"
import type { Manifest } from "./manifest.ts"

/** `output` is the folder that was asked for, and `folder` that of the function. */
export const afterBuild = (manifest: Manifest, output: string, folder: string): string =>
  shellCommand(
    manifest.target === "image"
      ? image.buildCommand(manifest.name, manifest.architecture, folder)
      : ["effect-lambda", "deploy", manifest.name, ...output === "dist" ? [] : ["--output", output]]
  )

/** `where` is what was said of the region and the profile. */
export const afterRemoteBench = (name: string, where: Readonly<Record<string, string>>): string => {
  const flags = Object.entries(where).flatMap(([flag, value]) => [`--${flag}`, value])
  return shellCommand(["effect-lambda", "invoke", name, "--remote", "--tail", ...flags])
}
