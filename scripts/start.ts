/**
 * `npm start`: runs the hello-json example on the local server, sends it its event, and leaves it running.
 * `npm start streaming` does so with another example.
 */
import { spawn } from "node:child_process"
import * as fs from "node:fs"
import * as path from "node:path"

const examplesFolder = path.join(import.meta.dirname, "../examples")
const name = process.argv[2] ?? "hello-json"

const found = (example: string, ...files: ReadonlyArray<string>): string | undefined =>
  files.map((file) => path.join(examplesFolder, example, file)).find((file) => fs.existsSync(file))

/** Those with several functions have none. */
const entryOf = (example: string) => found(example, "main.ts", "src/main.ts")

const start = (entry: string) => {
  const eventFile = found(name, "event.json", "event.txt", "events/event.json")
  const child = spawn(process.execPath, [entry], { stdio: ["inherit", "pipe", "inherit"] })
  let printed = ""
  let sent = false
  child.stdout.on("data", (data: Buffer) => {
    process.stdout.write(data)
    printed += data
    const url = /http:\/\/\S*[^\s.](?=\.?\s)/.exec(printed)?.[0]
    if (sent || url === undefined || eventFile === undefined) return
    sent = true
    void send(url, eventFile)
  })
  child.on("exit", (code) => {
    process.exitCode = code ?? 1
  })
  // Control-C reaches the example too, which ends in its own time; a signal sent to this process has to be passed on.
  process.on("SIGINT", () => {})
  process.on("SIGTERM", () => child.kill("SIGTERM"))
}

const send = async (url: string, eventFile: string): Promise<void> => {
  console.log(`\n> curl --data-binary @${path.relative(process.cwd(), eventFile)} ${url}`)
  const response = await fetch(url, { method: "POST", body: fs.readFileSync(eventFile) })
  const decoder = new TextDecoder()
  for await (const chunk of response.body ?? []) process.stdout.write(decoder.decode(chunk, { stream: true }))
  console.log("\n\nThe example goes on running. Stop it with Control-C.")
}

const entry = entryOf(name)
if (entry !== undefined) start(entry)
else {
  const names = fs.readdirSync(examplesFolder).filter((example) => entryOf(example) !== undefined)
  console.error(`There is no example "${name}" with one function. There are: ${names.join(", ")}`)
  process.exitCode = 1
}
