/**
 * Ctrl-C, in the middle of what a command does.
 */
import { spawn } from "node:child_process"
import { once } from "node:events"
import * as net from "node:net"
import * as path from "node:path"
import { text } from "node:stream/consumers"
import { projectFolder } from "../doctest/docstrings.ts"
import type { Told } from "./effectLambda.ts"

/** Runs a command, and interrupts it as soon as that has happened for which `until` waits. */
export const interrupt = async (
  args: ReadonlyArray<string>,
  until: Promise<unknown>,
  environment: Readonly<Record<string, string>> = {}
): Promise<Told> => {
  const child = spawn(process.execPath, [path.join(projectFolder, "src/cli/main.ts"), ...args], {
    cwd: projectFolder,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"]
  })
  const exited = new Promise<number | null>((resolve) => child.once("exit", resolve))
  const told = Promise.all([text(child.stdout), text(child.stderr), exited])
  await Promise.race([until, told])
  child.kill("SIGINT")
  const [stdout, stderr, exitCode] = await told
  return { exitCode, stdout, stderr }
}

/**
 * Interrupts a command when the function that it starts runs, which is `test/fixtures/packaging/calls.ts`, and waits until
 * that function has ended.
 */
export const interruptFunction = async (args: ReadonlyArray<string>): Promise<Told> => {
  const server = net.createServer()
  try {
    await once(server.listen(0, "127.0.0.1"), "listening")
    const address = server.address()
    const port = address !== null && typeof address === "object" ? address.port : 0
    const call = new Promise<net.Socket>((resolve) => server.once("connection", resolve))
    const hungUp = call.then((socket) => once(socket.on("error", () => {}).resume(), "close"))
    const told = await interrupt([...args, "--env", `PORT=${port}`], call)
    await hungUp
    return told
  } finally {
    server.close()
  }
}
