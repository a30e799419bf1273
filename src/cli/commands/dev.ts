/**
 * `effect-lambda dev`.
 */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as development from "../dev/development.ts"
import * as keys from "../dev/keys.ts"
import { defaultEntry } from "../packaging/BuildError.ts"
import { reported } from "../Reporter.ts"

const inspectAddress = (text: string): { readonly host: string; readonly port: number } | undefined => {
  const [, host = "127.0.0.1", port] = /^(?:(.+):)?(\d{1,5})$/.exec(text) ?? []
  return port === undefined || Number(port) > 65_535 ? undefined : { host, port: Number(port) }
}

export const dev = Command.make(
  "dev",
  {
    entries: Argument.String("entry").pipe(
      Argument.withDescription(
        "The files that call NodeLambda.runMain, one for each function; name=file names it, and without any it is main.ts"
      ),
      Argument.variadic()
    ),
    port: Flag.Int("port").pipe(
      Flag.withAlias("p"),
      Flag.withDescription("The port of the local server; without it, 7000, and 0 takes a free one"),
      Flag.filter(
        (port) => port >= 0 && port <= 65_535,
        (port) => `--port is ${port}: it must be from 0 to 65535`
      ),
      Flag.withDefault(7000)
    ),
    managed: Flag.Int("managed").pipe(
      Flag.withDescription("As on Managed Instances: so many invocations at a time in one process"),
      Flag.filter((value) => value > 0, (value) => `--managed is ${value}: it must be above 0`),
      Flag.optional
    ),
    timeout: Flag.Int("timeout").pipe(
      Flag.withDescription("The functions' timeout in seconds; without it, 3, and 900 with --inspect"),
      Flag.filter(
        (seconds) => seconds > 0 && seconds <= 900,
        (seconds) => `--timeout is ${seconds}: it must be from 1 to 900`
      ),
      Flag.optional
    ),
    environment: Flag.KeyValuePair("env").pipe(
      Flag.withDescription("A variable: NAME=value. It is stronger than those in .env, .env.local and .env.<function>"),
      Flag.withDefault({})
    ),
    external: Flag.String("external").pipe(
      Flag.withDescription("A package to load from node_modules in place of bundling it"),
      Flag.atLeast(0)
    ),
    inspect: Flag.String("inspect").pipe(
      Flag.withDescription(
        "Let debuggers in: [host:]port, as in --inspect=9229. More functions have the ports behind it"
      ),
      Flag.filter(
        (address) => inspectAddress(address) !== undefined,
        (address) => `--inspect is "${address}": it must be [host:]port, as in --inspect=9229`
      ),
      Flag.optional
    )
  },
  reported(Effect.fnUntraced(function*({ entries, environment, external, inspect, managed, port, timeout }) {
    const running = development.run({
      entries: entries.length === 0 ? [defaultEntry] : entries,
      port,
      managed: Option.getOrUndefined(managed),
      timeout: Option.getOrElse(timeout, () => Option.isSome(inspect) ? 900 : 3),
      environment,
      external,
      inspect: Option.getOrUndefined(Option.map(inspect, inspectAddress)),
      onStarted: keys.listen
    })
    return yield* Effect.scoped(running)
  }))
).pipe(
  Command.withDescription("Run functions here, and replace them after every change"),
  Command.withExamples([
    { command: "effect-lambda dev", description: "Run main.ts" },
    { command: "effect-lambda dev src/orders.ts src/site.ts", description: "Run two functions on one server" },
    { command: "effect-lambda dev orders=src/orders/handler.ts site=src/site/handler.ts", description: "Name them" },
    { command: "effect-lambda dev --managed 16", description: "16 invocations at a time, as on Managed Instances" },
    { command: "effect-lambda dev --inspect=9229", description: "With a debugger" }
  ])
)
