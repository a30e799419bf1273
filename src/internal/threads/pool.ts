/**
 * The threads that can serve, and the choice between them.
 *
 * The main thread alone asks for events, and gives each to the thread that serves the fewest invocations. Polls of the
 * threads themselves would wait at Lambda in the order in which they were sent, those of one thread side by side, because
 * a thread that has computed sends them all at once: a few invocations at a time would all come to the same thread.
 */
import type { Task, Thread } from "./thread.ts"

export class Pool {
  private threads: Array<Thread> = []
  private waiting: Array<Task> = []

  add(thread: Thread): void {
    this.threads.push(thread)
    for (const task of this.waiting.splice(0)) this.serve(task)
  }

  remove(thread: Thread): void {
    this.threads = this.threads.filter((other) => other !== thread)
  }

  /** As long as there is no thread, the task waits for one. */
  serve(task: Task): void {
    const [first, ...others] = this.threads.filter((thread) => !thread.isEnding())
    if (first === undefined) {
      this.waiting.push(task)
      return
    }
    let chosen = first
    for (const other of others) if (other.load() < chosen.load()) chosen = other
    // Of several that are as busy, the one that has waited for longest is the first.
    this.threads.push(...this.threads.splice(this.threads.indexOf(chosen), 1))
    chosen.serve(task)
  }

  /** Takes the tasks that wait for a thread. */
  empty(): ReadonlyArray<Task> {
    return this.waiting.splice(0)
  }
}
