/** The official runtime, installed from the bench's own lockfile when it is first needed. */
import { spawnSync } from "node:child_process"
import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"

const benchDirectory = fileURLToPath(new URL("..", import.meta.url))
const ricDirectory = `${benchDirectory}node_modules/aws-lambda-ric/`

export const ricEntry = `${ricDirectory}index.mjs`

/** Built at install time; without it the package cannot run. */
const ricIsBuilt = () => existsSync(`${ricDirectory}rapid-client.node`)

const pinoIsThere = () => existsSync(`${benchDirectory}node_modules/pino`)

const routersAreThere = () =>
  ["@aws-lambda-powertools/event-handler", "@aws-lambda-powertools/parser", "hono"].every((name) =>
    existsSync(`${benchDirectory}node_modules/${name}`)
  )

/** A peer that is no runtime. */
export const peerPath = (name: string): string => `${benchDirectory}peers/${name}.mjs`

/** Whether the official runtime is there to be compared with. */
export const installRic = (log: (line: string) => void): boolean => {
  if (ricIsBuilt() && pinoIsThere() && routersAreThere()) return true
  log("Installing aws-lambda-ric 4.0.2 with `npm ci --prefix bench`. It builds libcurl, which takes about a minute.")
  const { error, status } = spawnSync("npm", ["ci", "--prefix", benchDirectory], { stdio: ["ignore", 2, 2] })
  if (ricIsBuilt()) return true
  log([
    `aws-lambda-ric 4.0.2 could not be ${
      status === 0 ? "built" : `installed (npm: ${error?.message ?? `exit code ${status}`})`
    }.`,
    "Its native client needs cmake, autoconf, automake, libtool and a C++ compiler. On Debian or Ubuntu:",
    "  apt-get install cmake autoconf automake libtool g++ make python3 xz-utils",
    "To see what failed:",
    "  npm install --prefix bench --foreground-scripts aws-lambda-ric@4.0.2 --no-save",
    "Going on without it."
  ].join("\n"))
  return false
}
