/**
 * How much memory the process at the other end of a connection has used at most: its peak resident set.
 *
 * Only Linux tells, and only of processes that this one may look at. The socket tables name the peer's socket by its
 * inode, and the process is the one that has the inode among its open files.
 *
 * https://man7.org/linux/man-pages/man5/proc_net.5.html, https://man7.org/linux/man-pages/man5/proc_pid_status.5.html
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as FileSystem from "node:fs/promises"

/** A socket of Node, from the side that accepted it. */
export interface AcceptedConnection {
  readonly remoteAddress?: string | undefined
  readonly remotePort?: number | undefined
  readonly localPort?: number | undefined
}

export interface PeakMemory {
  /**
   * In bytes, `undefined` where it cannot be known: another system, another machine or container, another user's
   * process, or one that has ended. The process is searched for once for each connection.
   */
  readonly of: (connection: AcceptedConnection) => Effect.Effect<number | undefined>
}

export const make = (): PeakMemory => {
  const owners = new WeakMap<AcceptedConnection, Option.Option<number>>()
  // A function has few processes with many connections.
  let lastOwner = process.pid

  const search = Effect.fnUntraced(function*(connection: AcceptedConnection) {
    const inode = yield* peerInode(connection)
    const owner = Option.isSome(inode) ? yield* ownerOf(inode.value, [lastOwner, process.pid]) : Option.none()
    owners.set(connection, owner)
    if (Option.isSome(owner)) lastOwner = owner.value
    return owner
  })

  return {
    of: (connection) =>
      Effect.suspend(() => {
        if (process.platform !== "linux") return Effect.succeed(undefined)
        const known = owners.get(connection)
        return Effect.flatMap(
          known === undefined ? search(connection) : Effect.succeed(known),
          (owner) => Option.isSome(owner) ? peakOf(owner.value) : Effect.succeed(undefined)
        )
      })
  }
}

/** A file of `/proc` can be gone or forbidden at any time. */
const orEmpty = <A>(read: () => Promise<A>, empty: A): Effect.Effect<A> =>
  Effect.orElseSucceed(Effect.tryPromise(read), () => empty)

const readText = (path: string) => orEmpty(() => FileSystem.readFile(path, "utf8"), "")

const readNames = (path: string) => orEmpty<ReadonlyArray<string>>(() => FileSystem.readdir(path), [])

/** The first result there is, from a number of searches at a time. */
const firstSome = <A, B>(
  items: Iterable<A>,
  concurrency: number,
  f: (item: A) => Effect.Effect<Option.Option<B>>
): Effect.Effect<Option.Option<B>> =>
  Stream.fromIterable(items).pipe(
    Stream.mapEffect(f, { concurrency, unordered: true }),
    Stream.filter(Option.isSome),
    Stream.map(({ value }) => value),
    Stream.runHead
  )

const peerInode = (connection: AcceptedConnection) =>
  firstSome(
    ["tcp", "tcp6"],
    1,
    (table) => Effect.map(readText(`/proc/net/${table}`), (text) => findPeer(text, connection))
  )

const ownerOf = Effect.fnUntraced(function*(inode: string, likely: ReadonlyArray<number>) {
  const names = yield* readNames("/proc")
  // A runtime has most likely been started after everything else.
  const newestFirst = names.filter((name) => /^\d+$/.test(name)).map(Number).toSorted((a, b) => b - a)
  return yield* firstSome(
    new Set([...likely, ...newestFirst]),
    2,
    (pid) => Effect.map(hasOpen(pid, `socket:[${inode}]`), Option.map(() => pid))
  )
})

const hasOpen = Effect.fnUntraced(function*(pid: number, target: string) {
  const folder = `/proc/${pid}/fd`
  return yield* firstSome(yield* readNames(folder), 8, (name) =>
    Effect.map(
      orEmpty(() => FileSystem.readlink(`${folder}/${name}`), ""),
      (link) => link === target ? Option.some(link) : Option.none()
    ))
})

const peakOf = (pid: number) =>
  Effect.map(readText(`/proc/${pid}/status`), (status) => {
    const kilobytes = /^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1]
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024
  })

/** The inode of the socket that the peer has, when the peer is in this table of sockets. */
export const findPeer = (
  table: string,
  { localPort, remoteAddress, remotePort }: AcceptedConnection
): Option.Option<string> => {
  if (remoteAddress === undefined || remotePort === undefined || localPort === undefined) return Option.none()
  const address = canonicalAddress(remoteAddress)
  if (address === undefined) return Option.none()
  // Line number, own address, the other one's, state, queues, timer, retransmits, user, timeout, inode.
  const sockets = new RegExp(
    `^ *\\d+: ([\\dA-F]+):${hexPort(remotePort)} [\\dA-F]+:${hexPort(localPort)}(?: +\\S+){6} +(\\d+) `,
    "gm"
  )
  for (const [, hexAddress = "", inode = "0"] of table.matchAll(sockets)) {
    // A socket that waits for its last packets has no inode and no process.
    if (inode !== "0" && readAddress(hexAddress) === address) return Option.some(inode)
  }
  return Option.none()
}

const hexPort = (port: number) => port.toString(16).toUpperCase().padStart(4, "0")

/** Each 32 bits of the address are printed as a number, in the byte order of the machine. */
const readAddress = (hex: string): string | undefined => {
  const words = Uint32Array.from(hex.match(/.{8}/g) ?? [], (word) => Number.parseInt(word, 16))
  const bytes = Array.from(new Uint8Array(words.buffer))
  if (bytes.length === 4) return canonicalAddress(bytes.join("."))
  return canonicalAddress(
    Array.from({ length: 8 }, (_, index) => ((bytes[2 * index]! << 8) | bytes[2 * index + 1]!).toString(16)).join(":")
  )
}

/** One text for every address, the same for IPv4 and IPv4 within IPv6. */
const canonicalAddress = (address: string): string | undefined =>
  URL.parse(`http://[${address.includes(":") ? address : `::ffff:${address}`}]`)?.hostname
