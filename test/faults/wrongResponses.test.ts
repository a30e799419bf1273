import { describe } from "@effect/vitest"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/testing/TestClock"
import * as LambdaResponse from "../../src/LambdaResponse.ts"
import { provedElsewhere } from "../support/faultRows.ts"
import { fault, type Stage } from "../support/faultyFunction.ts"
import * as ScriptedPeer from "../support/scriptedPeer.ts"

class OutOfTea extends Data.TaggedError("OutOfTea")<{ readonly message: string }> {}

const outOfTea = new OutOfTea({ message: "none left" })

const respondNext = ({ take }: Stage, response: ScriptedPeer.ResponseOptions) =>
  Effect.flatMap(take, (request) => request.respond(response))

const writeNext = ({ take }: Stage, bytes: Uint8Array | string) =>
  Effect.flatMap(take, ({ connection }) => connection.write(bytes))

const encode = (response: ScriptedPeer.ResponseOptions) => ScriptedPeer.encodeResponse(response).toString("latin1")

/** An event and Lambda's answer to an answer, as they are not quite right. */
const exchange = (distort: (response: string) => string) =>
  Effect.fnUntraced(function*(stage: Stage) {
    yield* writeNext(stage, distort(encode(ScriptedPeer.event("a"))))
    yield* writeNext(stage, distort(encode(ScriptedPeer.accepted)))
  })

const refusal = (status: number) => ScriptedPeer.refusal(status, "Refused", "no")

const malformed = (operation: string) => ({ why }: { readonly why: string }) =>
  `the Runtime API at HOST sent a malformed answer to /${operation}: ${why}`

const garbage = [
  { bytes: "SSH-2.0-OpenSSH_9.9\r\n", why: "it does not start with HTTP/1.1" },
  { bytes: "HTTP/1.1\r\n\r\n", why: "its status line is \"HTTP/1.1\"" },
  { bytes: "HTTP/1.1 OK\r\n\r\n", why: "its status line is \"HTTP/1.1 OK\"" },
  { bytes: "HTTP/1.1 200 OK\r\nno colon\r\n\r\n", why: "a header line is \"no colon\"" },
  { bytes: "HTTP/1.1 200 OK\r\nContent-Length: ten\r\n\r\n", why: "its Content-Length is \"ten\"" },
  { bytes: "HTTP/1.1 101 Switching Protocols\r\n\r\n", why: "it switches protocols" }
]

const oversize = [
  { bytes: `HTTP/1.1 200 OK\r\nX-Tea: ${"a".repeat(1_048_577)}`, why: "its head is larger than 1048576 bytes" },
  { bytes: "HTTP/1.1 200 OK\r\nContent-Length: 67108865\r\n\r\n", why: "its body is larger than 67108864 bytes" },
  {
    bytes: `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4000001\r\n${"a".repeat(67_108_865)}`,
    why: "its body is larger than 67108864 bytes"
  }
]

describe("Wrong responses", () => {
  fault({
    fault: "a poll is answered with 204, no event",
    script: Effect.fnUntraced(function*(stage: Stage) {
      yield* respondNext(stage, { status: 204 })
      yield* ScriptedPeer.settle
      yield* TestClock.adjust("50 millis")
    }),
    sees: ["next", "next"],
    logs: []
  })

  fault({
    fault: "a poll is answered with a status that is none of 200, 202 and 204",
    each: [302, 403, 404, 429, 500, 503],
    script: (stage, status) => respondNext(stage, refusal(status)),
    sees: ["next"],
    logs: [],
    ends: (status) => `the Runtime API answered ${status} to /next: Refused: no`
  })

  fault({
    fault: "a poll is answered with something that is no HTTP response",
    each: garbage,
    script: (stage, { bytes }) => writeNext(stage, bytes),
    sees: ["next"],
    logs: [],
    ends: malformed("next")
  })

  fault({
    fault: "a poll is answered with a head over 1 MiB or a body over 64 MiB",
    each: oversize,
    // Nobody reads it to its end.
    script: (stage, { bytes }) =>
      Effect.flatMap(stage.take, ({ connection }) => Effect.forkScoped(connection.write(bytes))),
    sees: ["next"],
    logs: [],
    ends: malformed("next")
  })

  for (
    const [header, value, description] of [
      ["Lambda-Runtime-Deadline-Ms", undefined, "is missing"],
      ["Lambda-Runtime-Deadline-Ms", "soon", "is \"soon\", not a time in milliseconds"],
      ["Lambda-Runtime-Invoked-Function-Arn", undefined, "is missing"],
      ["Lambda-Runtime-Client-Context", "{", "is not the JSON of a client context"],
      ["Lambda-Runtime-Cognito-Identity", "{", "is not the JSON of a Cognito identity"]
    ] as const
  ) {
    const message = `the Runtime API sent an event whose header ${header} ${description}`
    fault({
      fault: `the header \`${header}\` of an event is ${value === undefined ? "missing" : "malformed"}`,
      script: (stage) =>
        Effect.andThen(
          respondNext(stage, { headers: ScriptedPeer.eventHeaders("a", { [header]: value }) }),
          stage.accept
        ),
      sees: ["next", `a/error RuntimeApiError: ${message}`, "next"],
      logs: [`ERROR ${message}`]
    })
  }

  provedElsewhere("test/NodeLambda.test.ts", [{
    fault: "an event does not say which one it is",
    sees: ["next"],
    logs: [],
    next: "exit code 1: `the Runtime API sent an event whose header Lambda-Runtime-Aws-Request-Id is missing`",
    title: "ends with one line when an event does not say which one it is"
  }])

  fault({
    fault: "interim responses (1xx) go before every response, one or a thousand",
    each: [1, 1000],
    script: (stage, count) =>
      exchange((response) => `${"HTTP/1.1 103 Early Hints\r\nLink: </tea>\r\n\r\n".repeat(count)}${response}`)(stage),
    sees: ["next", "a/response tea", "next"],
    logs: []
  })

  fault({
    fault: "every response says `Connection: close`, and the connection stays open",
    script: exchange((response) => response.replace("\r\n", "\r\nConnection: close\r\n")),
    sees: ["next", "↻ a/response tea", "↻ next"],
    logs: []
  })

  fault({
    fault: "every response is HTTP/1.0",
    script: exchange((response) => response.replace("HTTP/1.1", "HTTP/1.0")),
    sees: ["next", "↻ a/response tea", "↻ next"],
    logs: []
  })

  fault({
    fault: "every response is HTTP/1.0 and says `Connection: keep-alive`",
    script: exchange((response) =>
      response.replace("HTTP/1.1 ", "HTTP/1.0 ").replace("\r\n", "\r\nConnection: keep-alive\r\n")
    ),
    sees: ["next", "a/response tea", "next"],
    logs: []
  })

  fault({
    fault: "no response has a length: each ends with its connection",
    script: Effect.fnUntraced(function*({ take }: Stage) {
      for (const response of [ScriptedPeer.event("a"), ScriptedPeer.accepted]) {
        const { connection } = yield* take
        yield* connection.write(encode(response).replace(/Content-Length: .*\r\n/, ""))
        yield* connection.end
      }
    }),
    sees: ["next", "↻ a/response tea", "↻ next"],
    logs: []
  })

  fault({
    fault: "a response that nobody asked for follows every response",
    script: exchange((response) => `${response}${encode(ScriptedPeer.event("forged"))}`),
    sees: ["next", "↻ a/response tea", "↻ next"],
    logs: []
  })

  fault({
    fault: "an answer is taken with 200, 201 or 204",
    each: [200, 201, 204],
    script: (stage, status) => Effect.andThen(stage.give("a"), respondNext(stage, { status })),
    sees: ["next", "a/response tea", "next"],
    logs: []
  })

  for (const status of [400, 403, 404, 410, 413, 429]) {
    fault({
      fault: `an answer is refused with ${status}`,
      script: (stage) => Effect.andThen(stage.give("a"), respondNext(stage, refusal(status))),
      sees: ["next", "a/response tea", "next"],
      logs: [
        `WARN the Runtime API answered ${status} to /response: Refused: no. The invocation is over; the next one is served`
      ]
    })
  }

  fault({
    fault: "an answer of 6 MB is refused with 413 before Lambda has read it, and the connection is closed or reset",
    each: ["end", "reset"] as const,
    answer: () => Effect.sync(() => LambdaResponse.bytes(new Uint8Array(6_000_000))),
    script: Effect.fnUntraced(function*({ give, open }, loss) {
      yield* give("a")
      const { connection } = yield* open
      yield* connection.pause
      yield* ScriptedPeer.settle
      const response = encode({ ...refusal(413), headers: { Connection: "close" } })
      yield* Effect.all([connection.write(response), connection[loss]], { concurrency: "unbounded" })
    }),
    sees: ["next", "a/response", "↻ next"],
    logs: [
      "WARN the Runtime API answered 413 to /response: Refused: no. The invocation is over; the next one is served"
    ]
  })

  fault({
    fault: "an answer gets a status that is neither 2xx nor 4xx",
    each: [302, 500, 503],
    script: (stage, status) => Effect.andThen(stage.give("a"), respondNext(stage, refusal(status))),
    sees: ["next", "a/response tea"],
    logs: [],
    ends: (status) => `the Runtime API answered ${status} to /response: Refused: no`
  })

  fault({
    fault: "an answer gets something that is no HTTP response",
    each: garbage,
    script: (stage, { bytes }) => Effect.andThen(stage.give("a"), writeNext(stage, bytes)),
    sees: ["next", "a/response tea"],
    logs: [],
    ends: malformed("response")
  })

  for (const status of [400, 413]) {
    fault({
      fault: `the report of a failure is refused with ${status}`,
      answer: () => Effect.fail(outOfTea),
      script: (stage) => Effect.andThen(stage.give("a"), respondNext(stage, refusal(status))),
      sees: ["next", "a/error OutOfTea: none left", "next"],
      logs: [
        "ERROR the invocation failed OutOfTea: none left",
        `WARN the Runtime API answered ${status} to /error: Refused: no. The invocation is over; the next one is served`
      ]
    })
  }

  fault({
    fault: "the report of a failure gets 500",
    answer: () => Effect.fail(outOfTea),
    script: (stage) => Effect.andThen(stage.give("a"), respondNext(stage, refusal(500))),
    sees: ["next", "a/error OutOfTea: none left"],
    logs: ["ERROR the invocation failed OutOfTea: none left"],
    ends: "the Runtime API answered 500 to /error: Refused: no"
  })

  for (const status of [403, 500]) {
    fault({
      fault: `the report of a failed start gets ${status}`,
      layer: Layer.effectDiscard(Effect.fail(outOfTea)),
      script: (stage) => respondNext(stage, refusal(status)),
      sees: ["init/error OutOfTea: none left"],
      logs: [
        "ERROR the function could not start OutOfTea: none left",
        `WARN the failed start could not be reported: the Runtime API answered ${status} to /init/error: Refused: no`
      ],
      ends: "none left"
    })
  }
})
