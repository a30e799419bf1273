import * as SecretsManager from "../../../src/events/SecretsManager.ts"
import type { Shape } from "../shape.ts"

const sample = SecretsManager.sample()

const { RotationToken: _, ...withoutToken } = sample

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "SecretsManager.Event",
    kind: "request",
    schema: SecretsManager.Event,
    samples: [
      sample,
      withoutToken,
      { ...sample, RotationToken: null },
      SecretsManager.sample("setSecret"),
      SecretsManager.sample("testSecret"),
      SecretsManager.sample("finishSecret")
    ],
    fixtures: ["secretsmanager-rotation"],
    refused: [[{ ...sample, Step: "deleteSecret" }, "Step"], [{ ...sample, SecretId: null }, "SecretId"]]
  }
]
