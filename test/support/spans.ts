/**
 * A tracer that keeps what it makes.
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Queue from "effect/Queue"
import * as Tracer from "effect/Tracer"

class KeptSpan extends Tracer.NativeSpan {
  readonly onEnd: (span: KeptSpan) => void

  constructor(options: ConstructorParameters<typeof Tracer.NativeSpan>[0], onEnd: (span: KeptSpan) => void) {
    super(options)
    this.onEnd = onEnd
  }

  override end(...args: Parameters<Tracer.NativeSpan["end"]>): void {
    const ended = this.status._tag === "Ended"
    super.end(...args)
    if (!ended) this.onEnd(this)
  }
}

export const make = Effect.map(Queue.unbounded<Tracer.NativeSpan>(), (invocations) => {
  const spans: Array<Tracer.NativeSpan> = []
  const tracer = Tracer.make({
    span: (options) => {
      const span = new KeptSpan(options, (span) => {
        if (span.kind === "server") Queue.offerUnsafe(invocations, span)
      })
      spans.push(span)
      return span
    }
  })
  return {
    layer: Layer.succeed(Tracer.Tracer, tracer),
    /** In the order in which they were made. */
    spans: spans as ReadonlyArray<Tracer.NativeSpan>,
    /** The span of the next invocation that is over. */
    invocation: Queue.take(invocations),
    childrenOf: (parent: Tracer.Span) => spans.filter((span) => parentOf(span) === parent),
    named: (name: string) => spans.filter((span) => span.name === name)
  }
})

export const parentOf = ({ parent }: Tracer.Span): Tracer.AnySpan | undefined => Option.getOrUndefined(parent)

/** How it ended: the words of `Exit`, and `Started` where it has not. */
export const outcomeOf = ({ status }: Tracer.Span): string => status._tag === "Ended" ? status.exit._tag : status._tag

export const namesOf = (spans: ReadonlyArray<Tracer.Span>): ReadonlyArray<string> => spans.map(({ name }) => name)
