/**
 * What of AWS a deployment talks to, on this machine: it keeps functions and roles, and every request.
 */
import * as Effect from "effect/Effect"
import { createHash } from "node:crypto"
import { once } from "node:events"
import * as http from "node:http"
import { json, text } from "node:stream/consumers"

export interface SeenRequest {
  /** As in `POST /2015-03-31/functions`, and `IAM CreateRole`. */
  readonly operation: string
  readonly body: Record<string, unknown>
}

export interface AwsStub {
  /** The variables that lead the AWS SDK here. */
  readonly environment: Readonly<Record<string, string>>
  readonly requests: Array<SeenRequest>
  /** How often a role that has been created cannot be assumed yet. */
  unassumable: number
  function: Record<string, unknown> | undefined
  functionUrl: Record<string, unknown> | undefined
  role: string | undefined
}

const account = "123456789012"

export const make = Effect.gen(function*() {
  const server = http.createServer((request, response) => {
    const answer = request.headers["content-type"] === "application/x-www-form-urlencoded"
      ? text(request).then((form) => iam(new URLSearchParams(form)))
      : json(request).catch(() => ({})).then((body) => lambda(request, body as Record<string, unknown>))
    void answer.then(({ body, headers, status }) => response.writeHead(status, headers).end(body))
  })
  server.listen(0, "127.0.0.1")
  yield* Effect.promise(() => once(server, "listening"))
  yield* Effect.addFinalizer(() => Effect.sync(() => server.close().closeAllConnections()))
  const address = server.address()
  const port = address !== null && typeof address === "object" ? address.port : 0

  const stub: AwsStub = {
    environment: {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: "key",
      AWS_SECRET_ACCESS_KEY: "secret",
      AWS_REGION: "eu-central-1"
    },
    requests: [],
    unassumable: 0,
    function: undefined,
    functionUrl: undefined,
    role: undefined
  }

  /** The next invocation starts the function. */
  let isCold = true

  const iam = (form: URLSearchParams) => {
    const action = form.get("Action") ?? ""
    stub.requests.push({ operation: `IAM ${action}`, body: Object.fromEntries(form) })
    if (action === "CreateRole") stub.role = form.get("RoleName") ?? undefined
    if (action === "GetRole" && stub.role === undefined) {
      return xml(
        404,
        "<ErrorResponse><Error><Type>Sender</Type><Code>NoSuchEntity</Code><Message>none</Message></Error></ErrorResponse>"
      )
    }
    const role = `<Role><Arn>arn:aws:iam::${account}:role/${stub.role}</Arn><RoleName>${stub.role}</RoleName></Role>`
    return xml(200, `<${action}Response><${action}Result>${role}</${action}Result></${action}Response>`)
  }

  const lambda = ({ method, url = "" }: http.IncomingMessage, body: Record<string, unknown>) => {
    const path = url.split("?")[0] ?? ""
    stub.requests.push({ operation: `${method} ${path}`, body })
    if (method === "POST" && path === "/2015-03-31/functions") {
      if (stub.unassumable-- > 0) {
        return error(
          400,
          "InvalidParameterValueException",
          "The role defined for the function cannot be assumed by Lambda."
        )
      }
      stub.function = { ...body, ...codeOf(String((body["Code"] as { readonly ZipFile: string }).ZipFile)) }
      return reply(201, described())
    }
    if (stub.function === undefined) return error(404, "ResourceNotFoundException", "Function not found")
    if (path.endsWith("/url")) {
      if (method === "GET" && stub.functionUrl === undefined) return error(404, "ResourceNotFoundException", "none")
      if (method !== "GET") stub.functionUrl = { ...body, FunctionUrl: "https://abc.lambda-url.eu-central-1.on.aws/" }
      return reply(200, stub.functionUrl ?? {})
    }
    if (path.endsWith("/invocations")) {
      const init = isCold ? "Init Duration: 120.50 ms\t" : ""
      isCold = false
      const log = `REPORT RequestId: 1\tDuration: 8.25 ms\tBilled Duration: 9 ms\tMemory Size: 128 MB\t${init}\n`
      return reply(200, null, { "x-amz-log-result": Buffer.from(log).toString("base64") })
    }
    if (method === "PUT") isCold = true
    if (path.endsWith("/code")) Object.assign(stub.function, body, codeOf(String(body["ZipFile"])))
    else if (path.endsWith("/configuration") && method === "PUT") Object.assign(stub.function, body)
    else if (path.endsWith("/policy")) return reply(201, { Statement: "{}" })
    return reply(
      200,
      path.endsWith("/configuration") || method !== "GET" ? described() : { Configuration: described() }
    )
  }

  const described = () => {
    const { Code: _code, ZipFile: _zipFile, ...configuration } = stub.function ?? {}
    return {
      ...configuration,
      FunctionArn: `arn:aws:lambda:eu-central-1:${account}:function:${configuration["FunctionName"]}`,
      State: "Active",
      LastUpdateStatus: "Successful"
    }
  }
  return stub
})

const codeOf = (zipFile: string) => ({
  CodeSha256: createHash("sha256").update(Buffer.from(zipFile, "base64")).digest("base64")
})

const reply = (status: number, body: unknown, headers: http.OutgoingHttpHeaders = {}) => ({
  status,
  body: JSON.stringify(body),
  headers: { "content-type": "application/json", ...headers }
})

const error = (status: number, type: string, message: string) =>
  reply(status, { message }, { "x-amzn-errortype": type })

const xml = (status: number, body: string) => ({ status, body, headers: { "content-type": "text/xml" } })
