/**
 * Lambda, as bad as it gets: a Runtime API on bare sockets, for one process of the function after the other.
 */
import type { Buffer } from "node:buffer"
import * as Net from "node:net"
import { makeRequestParser, type RequestHead } from "../../test/support/requestParser.ts"
import { AnswerTaker } from "./answerTaker.ts"
import { type Census, censusEvent } from "./chaosEvent.ts"
import { type ChaosRun, terminate } from "./chaosRun.ts"
import { connectionLimit } from "./environments.ts"
import { deadlineOf, EventGiver } from "./eventGiver.ts"
import type { FunctionProcess, ProcessEnd } from "./functionProcess.ts"
import { Generation } from "./generation.ts"
import { makePlan, type Plan } from "./plan.ts"
import { encode, eventHeaders } from "./responses.ts"
import { asItIs, Wire } from "./wire.ts"

/** A run in which nothing happens for so long has lost something, in milliseconds. */
const patience = 30_000

/** How long the server waits to have its port again, in milliseconds. */
const listenDelay = 20

/** How long a thread may take to be replaced, and how long to wait before it is asked for again, in milliseconds. */
const replacementPatience = 60_000
const replacementDelay = 50

/** After an event that blocks its thread for ever, in milliseconds. */
const hangingTime = 50

export class Lambda {
  private readonly run: ChaosRun
  private readonly events: EventGiver
  private readonly answers: AnswerTaker
  private server = Net.createServer()
  private port = 0
  private isAway = false
  private wireCount = 0
  private recentWires: ReadonlyArray<Wire> = []
  /** Connections on which an event is waited for, the longest wait first. */
  private polls: Array<Wire> = []
  /** The number of an event gives its plan. */
  private lastNumber = 0
  private budget = 0
  /** Plans whose poll was lost: the next poll gets their event. */
  private readonly returned: Array<Plan> = []
  private wantsCensus = false
  private onCensus: ((census: Census | undefined) => void) | undefined
  private onIdle: (() => void) | undefined
  private readonly watchdog: NodeJS.Timeout

  constructor(run: ChaosRun) {
    this.run = run
    this.events = new EventGiver(run, (millis) => this.goAway(millis))
    this.answers = new AnswerTaker(run, (census) => this.onCensus?.(census))
    this.watchdog = setTimeout(() => this.stall(), patience)
  }

  /** Resolves with the port, which stays the same when the server goes away and comes back. */
  async listen(): Promise<number> {
    const server = Net.createServer({ noDelay: true, allowHalfOpen: true }, (socket) => this.onConnection(socket))
    this.server = server
    await new Promise<void>((resolve) => {
      const listen = () => server.listen(this.port, "127.0.0.1", resolve)
      // Meanwhile the system may have given the port to a connection of somebody else.
      server.on("error", () => setTimeout(listen, listenDelay))
      listen()
    })
    const address = server.address()
    if (address !== null && typeof address === "object") this.port = address.port
    this.isAway = false
    return this.port
  }

  close(): void {
    clearTimeout(this.watchdog)
    this.server.close()
    for (const wire of this.run.generation.wires) wire.destroy()
  }

  terminate(): void {
    terminate(this.run)
  }

  /** Connections that the function has open. */
  get connectionCount(): number {
    return this.run.generation.wires.size
  }

  begin(process: FunctionProcess): void {
    const { generation, rhythm } = this.run
    this.run.generation = new Generation(generation.number + 1, rhythm.isAlone, process)
    if (this.isAway) this.run.generation.mayEnd("it was started while the server was away")
  }

  /** The process has ended. */
  async end(end: ProcessEnd): Promise<void> {
    const { generation, ledger } = this.run
    // What it has said last is still to be read.
    while (generation.wires.size > 0 && !this.isHalted) await new Promise((resolve) => setTimeout(resolve, 2))
    this.polls = []
    const problem = this.isHalted ? undefined : generation.judgeEnd(end)
    if (problem !== undefined) ledger.violate(problem, undefined, this.recentWires)
    if (!this.isHalted) {
      // Several are told to end, and report what they cannot finish.
      if (generation.isAlone || generation.mayBeLate) ledger.excuseAll("processEnded")
      ledger.settle()
    }
    this.watchdog.refresh()
    this.checkIdle()
  }

  /** Hands out so many events, and resolves when all of them are settled and all workers wait for more. */
  async round(count: number): Promise<void> {
    this.budget += count
    await this.idle()
    if (!this.isHalted) this.run.ledger.settle()
  }

  /** What each thread that serves says about itself while nothing else goes on; nothing, when something is wrong. */
  async censuses(): Promise<ReadonlyArray<Census> | undefined> {
    const { ledger, threads } = this.run
    const byThread = new Map<number, Census>()
    const startedAt = performance.now()
    for (;;) {
      const census = await this.census()
      if (census === undefined) return undefined
      byThread.set(census.thread, census)
      if (byThread.size === threads) return [...byThread.values()]
      if (performance.now() - startedAt > replacementPatience) {
        ledger.violate(`of ${threads} threads, ${threads - byThread.size} did not come back within a minute`)
        return undefined
      }
      // They get events in turns, unless one of them is being replaced.
      await new Promise((resolve) => setTimeout(resolve, replacementDelay))
    }
  }

  private async census(): Promise<Census | undefined> {
    const census = new Promise<Census | undefined>((resolve) => {
      this.onCensus = resolve
    })
    this.wantsCensus = true
    this.pump()
    const taken = await census
    await this.idle()
    return taken
  }

  private idle(): Promise<void> {
    return new Promise((resolve) => {
      this.onIdle = resolve
      this.pump()
    })
  }

  private get isHalted(): boolean {
    return this.run.ledger.violations.length > 0
  }

  private checkIdle(): void {
    const { generation, threads, workers } = this.run
    const isIdle = this.budget === 0 && this.returned.length === 0 && this.polls.length === workers && !this.wantsCensus
    if (this.isHalted) this.onCensus?.(undefined)
    // What the function has closed is soon closed here too.
    else if (!isIdle || generation.wires.size > connectionLimit({ threads, workers })) return
    const { onIdle } = this
    this.onIdle = undefined
    onIdle?.()
  }

  private stall(): void {
    const { generation, ledger, workers } = this.run
    ledger.violate(
      `nothing has happened for ${patience / 1_000} seconds: ${this.polls.length} of ${workers} workers wait for an `
        + `event, ${ledger.unansweredCount} events have no answer, ${generation.wires.size} connections are open; the `
        + `process: ${generation.describe()}`,
      undefined,
      this.recentWires
    )
    this.checkIdle()
  }

  private onConnection(socket: Net.Socket): void {
    const { generation, ledger } = this.run
    const wire = new Wire(++this.wireCount, socket)
    generation.wires.add(wire)
    this.recentWires = [...this.recentWires.slice(-5), wire]
    const parse = makeRequestParser({
      onHead: (head) => {
        if (!wire.isDeaf) this.onHead(wire, head)
      },
      onChunk: (bytes) => {
        if (!wire.isDeaf) this.answers.onChunk(wire, bytes)
      },
      onEnd: (trailers) => {
        if (!wire.isDeaf) this.answers.onEnd(wire, trailers)
      }
    })
    socket.on("data", (bytes: Buffer) => {
      if (wire.isDeaf) return
      wire.coalesce()
      wire.bytesRead += bytes.length
      try {
        parse(bytes)
      } catch (error) {
        ledger.violate(`malformed request: ${error instanceof Error ? error.message : error}`, undefined, [wire])
        wire.destroy()
      }
      this.answers.onBytes(wire)
      if (this.isHalted) this.checkIdle()
    })
    socket.on("error", () => {})
    // The function has nothing more to say, and so it has nothing to hear.
    socket.on("end", () => wire.end())
    socket.on("close", () => {
      generation.wires.delete(wire)
      this.polls = this.polls.filter((poll) => poll !== wire)
      this.answers.onClose(wire)
      this.checkIdle()
    })
  }

  private onHead(wire: Wire, head: RequestHead): void {
    wire.requests++
    this.watchdog.refresh()
    if (head.method === "POST") return this.answers.onHead(wire, head)
    // An extension that subscribes to no event waits until the end.
    if (head.target === "/2020-01-01/extension/event/next") return
    if (head.target !== "/2018-06-01/runtime/invocation/next") {
      return this.run.ledger.violate(`${head.method} ${head.target}`, undefined, [wire])
    }
    wire.note("a poll arrives")
    if (wire.isMute || wire.isLast) return
    this.run.generation.survive(wire)
    this.polls.push(wire)
    this.pump()
  }

  /** Answers polls for as long as there is something to answer. */
  private pump(): void {
    while (!this.isHalted && !this.isAway) {
      const [wire] = this.polls
      if (wire === undefined || !this.run.generation.isServed(wire)) break
      if (this.wantsCensus && this.budget === 0) {
        this.wantsCensus = false
        this.polls.shift()
        this.askForCensus(wire)
        continue
      }
      const plan = this.nextPlan()
      if (plan === undefined) break
      this.polls.shift()
      this.serve(wire, plan)
    }
    this.checkIdle()
  }

  private nextPlan(): Plan | undefined {
    const returned = this.returned.shift()
    if (returned !== undefined || this.budget === 0) return returned
    this.budget--
    return makePlan(this.run.seed, ++this.lastNumber, this.run.rhythm)
  }

  private serve(wire: Wire, plan: Plan): void {
    const { faults, generation } = this.run
    if (plan.end === "waiting") {
      this.returned.push({ ...plan, end: "never" })
      faults.add("SIGTERM while an event is waited for")
      return terminate(this.run)
    }
    if (plan.pollFault !== "none") {
      this.returned.push({ ...plan, pollFault: "none" })
      return this.events.failPoll(wire, plan)
    }
    if (plan.end === "together") {
      faults.add("SIGTERM together with an event")
      generation.endsWith(0, `SIGTERM with event ${plan.n}`)
      // The event leaves at the end of this turn.
      setImmediate(() => terminate(this.run))
    }
    if (plan.end === "hanging") {
      faults.add("SIGTERM while a thread is blocked for ever")
      generation.endsWith(0, `SIGTERM after event ${plan.n}`)
      setTimeout(() => terminate(this.run), hangingTime)
    }
    this.events.handOver(wire, plan)
  }

  private goAway(millis: number): void {
    const { generation, ledger } = this.run
    this.isAway = true
    this.server.close()
    ledger.excuseAll("outage")
    generation.mayEnd("the server went away")
    for (const wire of generation.wires) wire.reset()
    this.polls = []
    setTimeout(() => void this.listen(), millis)
  }

  private askForCensus(wire: Wire): void {
    const headers = eventHeaders(0, deadlineOf("answer"))
    wire.send(encode({ status: 200, headers, body: censusEvent }, asItIs).bytes, asItIs, "none")
  }
}
