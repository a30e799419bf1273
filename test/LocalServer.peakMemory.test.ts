import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { readFileSync } from "node:fs"
import * as Net from "node:net"
import * as PeakMemory from "../src/internal/local/function/peakMemory.ts"
import * as localSocket from "./support/localSocket.ts"
import * as program from "./support/program.ts"

/** A server that keeps the first connection it gets. */
const listen = Effect.gen(function*() {
  const accepted = yield* Deferred.make<Net.Socket>()
  const server = yield* Effect.acquireRelease(
    Effect.callback<Net.Server>((resume) => {
      const server = Net.createServer((socket) => {
        socket.on("error", () => {})
        Deferred.doneUnsafe(accepted, Effect.succeed(socket))
      })
      server.listen(0, "127.0.0.1", () => resume(Effect.succeed(server)))
    }),
    (server) =>
      Effect.gen(function*() {
        if (yield* Deferred.isDone(accepted)) (yield* Deferred.await(accepted)).destroy()
        server.close()
      })
  )
  const address = server.address()
  assert.isTrue(typeof address === "object" && address !== null)
  return { port: (address as Net.AddressInfo).port, accepted: Deferred.await(accepted) }
})

const ownPeak = () => Number(/VmHWM:\s*(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))?.[1]) * 1024

/** As Linux prints it, with a socket of each kind: 127.0.0.1:54321 to :7000, twice, and ::1 likewise. */
const tables = {
  tcp: `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1B58 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1001 1 00000000 100 0 0 10 0
   1: 0100007F:1B58 0100007F:D431 01 00000000:00000000 00:00000000 00000000     0        0 1002 1 00000000 20 4 30 10 -1
   2: 0200007F:D431 0100007F:1B58 01 00000000:00000000 00:00000000 00000000     0        0 1003 1 00000000 20 4 30 10 -1
   3: 0100007F:D431 0100007F:1B58 06 00000000:00000000 03:000004AC 00000000     0        0 0 3 00000000
   4: 0100007F:D431 0100007F:1B58 01 0000000A:00000014 02:0000004B 00000002  1000        7 1004 2 00000000 20 4 30 10 -1
`,
  tcp6:
    `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when
   0: 00000000000000000000000001000000:D431 00000000000000000000000001000000:1B58 01 00000000:00000000 00:00000000 00000000     0        0 2001 1 00000000 20 4 0 10 -1
   1: 0000000000000000FFFF00000100007F:D431 0000000000000000FFFF00000100007F:1B58 01 00000000:00000000 00:00000000 00000000     0        0 2002 1 00000000 20 4 0 10 -1
`
}

const findPeer = (table: keyof typeof tables, remoteAddress: string, remotePort = 54_321) =>
  Option.getOrUndefined(PeakMemory.findPeer(tables[table], { remoteAddress, remotePort, localPort: 7000 }))

describe("the peak of the memory at the other end of a connection", () => {
  it.effect("is that of another process, while it lives", () =>
    Effect.gen(function*() {
      const { accepted, port } = yield* listen
      const peakMemory = PeakMemory.make()
      const peer = yield* program.start("test/fixtures/programs/connect.ts", {
        HOST: "127.0.0.1",
        PORT: String(port)
      })
      const [, printed] = yield* peer.printed(/peak (\d+)/)
      const connection = yield* accepted
      const peak = (yield* peakMemory.of(connection)) ?? 0
      assert.isAtLeast(peak, Number(printed))
      assert.isAtMost(peak, Number(printed) + 100_000_000)
      // A connection that is closed no longer says where to.
      connection.destroy()
      assert.isAtLeast((yield* peakMemory.of(connection)) ?? 0, peak)
      yield* peer.kill("SIGKILL")
      yield* peer.exit
      assert.isUndefined(yield* peakMemory.of(connection))
    }))

  it.effect("is that of this process, when it has both ends", () =>
    Effect.gen(function*() {
      const { accepted, port } = yield* listen
      yield* localSocket.connect(`127.0.0.1:${port}`)
      const connection = yield* accepted
      const before = ownPeak()
      const peak = yield* PeakMemory.make().of(connection)
      assert.isTrue(peak !== undefined && peak >= before && peak <= ownPeak(), String(peak))
    }))

  it.effect("tells processes apart", () =>
    Effect.gen(function*() {
      const peakMemory = PeakMemory.make()
      const [own, other] = [yield* listen, yield* listen]
      yield* localSocket.connect(`127.0.0.1:${own.port}`)
      const peer = yield* program.start("test/fixtures/programs/connect.ts", {
        HOST: "127.0.0.1",
        PORT: String(other.port)
      })
      yield* peer.printed(/peak/)
      const connections = [yield* other.accepted, yield* own.accepted]
      yield* Effect.forEach(connections, peakMemory.of, { concurrency: "unbounded" })
      yield* peer.kill("SIGKILL")
      yield* peer.exit
      const [gone, mine] = yield* Effect.forEach(connections, peakMemory.of)
      assert.isUndefined(gone)
      assert.isDefined(mine)
    }))

  it.effect.each<PeakMemory.AcceptedConnection>([
    {},
    { remoteAddress: "192.0.2.1", remotePort: 54_321, localPort: 7000 },
    { remoteAddress: "127.0.0.1", remotePort: 0, localPort: 0 },
    { remoteAddress: "not an address", remotePort: 54_321, localPort: 7000 }
  ])("is not known of %j", (connection) =>
    Effect.gen(function*() {
      assert.isUndefined(yield* PeakMemory.make().of(connection))
    }))
})

describe("a table of sockets", () => {
  it("has the peer's end of a connection by its address and both ports", () => {
    assert.strictEqual(findPeer("tcp", "127.0.0.1"), "1004")
    assert.strictEqual(findPeer("tcp", "127.0.0.2"), "1003")
    assert.strictEqual(findPeer("tcp6", "::1"), "2001")
    assert.isUndefined(findPeer("tcp", "127.0.0.3"))
    assert.isUndefined(findPeer("tcp", "127.0.0.1", 54_320))
    assert.isUndefined(findPeer("tcp6", "::2"))
  })

  it("has IPv4 within IPv6 on either side", () => {
    assert.strictEqual(findPeer("tcp", "::ffff:127.0.0.1"), "1004")
    assert.strictEqual(findPeer("tcp6", "::ffff:127.0.0.1"), "2002")
    assert.strictEqual(findPeer("tcp6", "127.0.0.1"), "2002")
  })

  it.prop("may hold anything", [Schema.String, Schema.String], ([text, remoteAddress]) => {
    for (const table of [text, tables.tcp.replaceAll("7F", text), tables.tcp6.slice(0, text.length * 10)]) {
      PeakMemory.findPeer(table, { remoteAddress, remotePort: 54_321, localPort: 7000 })
    }
  })
})
