/**
 * An HTTP application that says what it has got, and answers in every way that there is.
 */
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Cookies from "effect/http/Cookies"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerRespondable from "effect/http/HttpServerRespondable"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Multipart from "effect/http/Multipart"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as zlib from "node:zlib"

export class NoTea extends Data.TaggedError("NoTea") {
  [HttpServerRespondable.symbol]() {
    return Effect.succeed(HttpServerResponse.text("short and stout", { status: 418 }))
  }
}

export class NoDatabase extends Data.TaggedError("NoDatabase")<{ readonly message: string }> {}

export const everyByte = Uint8Array.from({ length: 256 }, (_, index) => index)

/** What a request is to the application. Lists have lost the spaces behind their commas. */
const echo = Effect.gen(function*() {
  const request = yield* HttpServerRequest.HttpServerRequest
  const { params } = yield* HttpRouter.RouteContext
  return yield* HttpServerResponse.json({
    method: request.method,
    params,
    search: yield* HttpServerRequest.ParsedSearchParams,
    cookies: request.cookies,
    headers: Object.fromEntries(
      Object.entries(request.headers)
        .filter(([name]) => name.startsWith("x-test-") || name.startsWith("content-"))
        // Of no body some clients say that its length is zero, and some front doors do not.
        .filter(([name, value]) => name !== "content-length" || value !== "0")
        .map(([name, value]) => [name, value.replaceAll(/,\s+/g, ",")])
    )
  })
})

const chunks = (...texts: ReadonlyArray<string>) => Stream.encodeText(Stream.fromIterable(texts))

export const routes = Layer.mergeAll(
  HttpRouter.add("*", "/echo/*", echo),
  HttpRouter.add("GET", "/items/:id", echo),
  HttpRouter.add(
    "POST",
    "/bytes",
    Effect.gen(function*() {
      const request = yield* HttpServerRequest.HttpServerRequest
      const bytes = new Uint8Array(yield* request.arrayBuffer)
      return HttpServerResponse.uint8Array(bytes, { contentType: request.headers["x-test-answer"] })
    })
  ),
  HttpRouter.add(
    "POST",
    "/stream-back",
    Effect.map(
      HttpServerRequest.HttpServerRequest,
      (request) => HttpServerResponse.stream(request.stream, { contentType: "application/x-test" })
    )
  ),
  HttpRouter.add(
    "POST",
    "/text",
    Effect.flatMap(
      HttpServerRequest.HttpServerRequest,
      (request) => Effect.map(request.text, (text) => HttpServerResponse.text(text))
    )
  ),
  HttpRouter.add(
    "POST",
    "/json",
    Effect.flatMap(
      HttpServerRequest.HttpServerRequest,
      (request) => Effect.flatMap(request.json, (json) => HttpServerResponse.json(json))
    )
  ),
  HttpRouter.add(
    "POST",
    "/person",
    Effect.flatMap(
      HttpServerRequest.schemaBodyJson(Schema.Struct({ name: Schema.String })),
      ({ name }) => HttpServerResponse.json({ hello: name })
    )
  ),
  HttpRouter.add(
    "POST",
    "/form",
    Effect.flatMap(
      HttpServerRequest.schemaBodyUrlParams(
        Schema.Struct({ name: Schema.String, tags: Schema.Array(Schema.String) })
      ),
      (form) => HttpServerResponse.json(form)
    )
  ),
  HttpRouter.add(
    "POST",
    "/multipart",
    Effect.flatMap(HttpServerRequest.HttpServerRequest, (request) =>
      request.multipartStream.pipe(
        Stream.mapEffect((part) =>
          Multipart.isField(part)
            ? Effect.succeed([part.key, part.value])
            : Effect.map(part.contentEffect, (content) => [
              part.key,
              part.name,
              part.contentType,
              Buffer.from(content).toString("hex")
            ])
        ),
        Stream.runCollect,
        Effect.flatMap((parts) => HttpServerResponse.json(Array.from(parts)))
      ))
  ),
  HttpRouter.add(
    "GET",
    "/cookies",
    Effect.succeed(
      HttpServerResponse.text("baked", { headers: { "set-cookie": "raw=7; Path=/raw" } }).pipe(
        HttpServerResponse.updateCookies((cookies) =>
          cookies.pipe(
            Cookies.setUnsafe("session", "a b;c", {
              expires: new Date(1_800_000_000_000),
              httpOnly: true,
              secure: true,
              sameSite: "strict",
              path: "/"
            }),
            Cookies.setUnsafe("theme", "dark"),
            Cookies.setUnsafe("old", "", { maxAge: "0 seconds" })
          )
        )
      )
    )
  ),
  HttpRouter.add(
    "GET",
    "/headers",
    HttpServerResponse.text("see above", {
      headers: {
        "cache-control": "no-store, max-age=0",
        "x-test-empty": "",
        "x-test-comma": "a, b,c",
        "connection": "x-test-hop",
        "x-test-hop": "of this connection"
      }
    })
  ),
  HttpRouter.add("GET", "/no-content", HttpServerResponse.empty()),
  HttpRouter.add("GET", "/not-modified", HttpServerResponse.empty({ status: 304, headers: { etag: "\"7\"" } })),
  HttpRouter.add("GET", "/nothing", HttpServerResponse.empty({ status: 200 })),
  HttpRouter.add("GET", "/created", HttpServerResponse.text("made", { status: 201, headers: { location: "/echo/1" } })),
  HttpRouter.add("GET", "/redirect", HttpServerResponse.redirect("/echo/elsewhere?a=%2F", { status: 307 })),
  HttpRouter.add("GET", "/html", Effect.succeed(HttpServerResponse.html("<p>Grüße, 世界 👋</p>"))),
  HttpRouter.add("GET", "/image", HttpServerResponse.uint8Array(everyByte, { contentType: "image/png" })),
  HttpRouter.add(
    "GET",
    "/text-bytes",
    HttpServerResponse.uint8Array(new TextEncoder().encode("\uFEFFGrüße"), {
      contentType: "text/plain; charset=utf-8"
    })
  ),
  HttpRouter.add(
    "GET",
    "/not-utf-8",
    HttpServerResponse.uint8Array(Uint8Array.of(0x47, 0xfc, 0xdf, 0x65), { contentType: "text/plain" })
  ),
  HttpRouter.add(
    "GET",
    "/latin",
    HttpServerResponse.uint8Array(Uint8Array.of(0x41, 0x42), { contentType: "text/plain; charset=iso-8859-1" })
  ),
  HttpRouter.add(
    "GET",
    "/gzip",
    HttpServerResponse.uint8Array(zlib.gzipSync("compressed"), {
      contentType: "text/plain",
      headers: { "content-encoding": "gzip" }
    })
  ),
  HttpRouter.add("GET", "/raw/text", HttpServerResponse.raw("raw", { contentType: "text/plain" })),
  HttpRouter.add("GET", "/raw/bytes", HttpServerResponse.raw(everyByte, { contentType: "image/png" })),
  HttpRouter.add(
    "GET",
    "/stream",
    Effect.sync(() => HttpServerResponse.stream(chunks("one ", "two ", "three"), { contentType: "text/plain" }))
  ),
  HttpRouter.add(
    "GET",
    "/stream/binary",
    Effect.sync(() => HttpServerResponse.stream(Stream.make(everyByte, everyByte), { contentType: "image/png" }))
  ),
  HttpRouter.add(
    "GET",
    "/stream/empty",
    Effect.sync(() => HttpServerResponse.stream(Stream.empty, { contentType: "text/plain" }))
  ),
  HttpRouter.add("GET", "/teapot", Effect.fail(new NoTea())),
  HttpRouter.add("GET", "/no-database", Effect.fail(new NoDatabase({ message: "secret" }))),
  HttpRouter.add("GET", "/bug", Effect.die(new TypeError("secret"))),
  HttpRouter.add("GET", "/early", Effect.die(HttpServerResponse.text("early", { status: 409 })))
)
