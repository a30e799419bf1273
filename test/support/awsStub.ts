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
  /** The statements of the function's policy. */
  policy: Array<Record<string, unknown>>
  role: string | undefined
  roleDescription: string
  /** Who may assume the role. */
  trusted: string
  /** What is refused, in this order, by its operation. */
  readonly refusals: Map<string, Array<Refusal>>
  /** What the configuration says of the next states, before it says that all is well. */
  readonly states: Array<Record<string, string>>
}

export interface Refusal {
  readonly status: number
  readonly type: string
  readonly message: string
}

const account = "123456789012"

export const make = Effect.gen(function*() {
  const server = http.createServer((request, response) => {
    const isIam = request.headers["content-type"] === "application/x-www-form-urlencoded"
    const answer = isIam
      ? text(request).then((form) => iam(request, new URLSearchParams(form)))
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
    policy: [],
    role: undefined,
    roleDescription: "",
    trusted: "lambda.amazonaws.com",
    refusals: new Map(),
    states: []
  }

  /** The next invocation starts the function. */
  let isCold = true

  const iam = (request: http.IncomingMessage, form: URLSearchParams) => {
    const action = form.get("Action") ?? ""
    const operation = `IAM ${action}`
    const fields = Object.fromEntries(form)
    stub.requests.push({ operation, body: fields })
    const refusal = stub.refusals.get(operation)?.shift() ?? refusalOf(request, "iam", operation, fields)
    if (refusal !== undefined) {
      const { message, status, type } = refusal
      return xml(
        status,
        `<ErrorResponse><Error><Type>Sender</Type><Code>${type}</Code><Message>${message}</Message></Error></ErrorResponse>`
      )
    }
    if (action === "CreateRole") {
      stub.role = form.get("RoleName") ?? undefined
      stub.roleDescription = form.get("Description") ?? ""
    }
    if (action === "DeleteRole") stub.role = undefined
    if (action === "GetRole" && stub.role === undefined) {
      return xml(
        404,
        "<ErrorResponse><Error><Type>Sender</Type><Code>NoSuchEntity</Code><Message>none</Message></Error></ErrorResponse>"
      )
    }
    const role =
      `<Role><Arn>arn:aws:iam::${account}:role/${stub.role}</Arn><RoleName>${stub.role}</RoleName><Description>${stub.roleDescription}</Description>${
        action === "GetRole" ? `<AssumeRolePolicyDocument>${trust(stub.trusted)}</AssumeRolePolicyDocument>` : ""
      }</Role>`
    return xml(200, `<${action}Response><${action}Result>${role}</${action}Result></${action}Response>`)
  }

  const lambda = (request: http.IncomingMessage, body: Record<string, unknown>) => {
    const { method, url = "" } = request
    const path = url.split("?")[0] ?? ""
    const operation = `${method} ${path}`
    stub.requests.push({ operation, body })
    const refusal = stub.refusals.get(operation)?.shift() ??
      refusalOf(request, "lambda", operation.replace(/\/functions\/[\w-]+/, "/functions/{name}"), body)
    if (refusal !== undefined) return error(refusal.status, refusal.type, refusal.message)
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
    if (method === "DELETE" && /\/functions\/[^/]+$/.test(path)) {
      stub.function = undefined
      return reply(204, {})
    }
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
    else if (path.includes("/policy")) return policy(method, path, body)
    return reply(
      200,
      path.endsWith("/configuration") || method !== "GET" ? described() : { Configuration: described() }
    )
  }

  const policy = (method: string | undefined, path: string, body: Record<string, unknown>) => {
    if (method === "GET") {
      return stub.policy.length === 0
        ? error(404, "ResourceNotFoundException", "The resource you requested does not exist.")
        : reply(200, { Policy: JSON.stringify({ Version: "2012-10-17", Statement: stub.policy }) })
    }
    if (method === "DELETE") {
      stub.policy = stub.policy.filter(({ Sid }) => Sid !== path.split("/").at(-1))
      return reply(204, {})
    }
    stub.policy.push(statement(body))
    return reply(201, { Statement: JSON.stringify(statement(body)) })
  }

  const described = () => {
    const { Code: _code, ZipFile: _zipFile, ...configuration } = stub.function ?? {}
    return {
      ...configuration,
      FunctionArn: `arn:aws:lambda:eu-central-1:${account}:function:${configuration["FunctionName"]}`,
      State: "Active",
      LastUpdateStatus: "Successful",
      ...stub.states.shift()
    }
  }
  return stub
})

type Rules = Readonly<Record<string, RegExp>>

/** What AWS insists on, of every request that may be made: https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html */
const operations: ReadonlyMap<string, Rules> = new Map(Object.entries<Rules>({
  "IAM GetRole": { RoleName: /^[\w+=,.@-]{1,64}$/, Version: /^2010-05-08$/ },
  "IAM CreateRole": { RoleName: /^[\w+=,.@-]{1,64}$/, AssumeRolePolicyDocument: /^\{.*\}$/ },
  "IAM AttachRolePolicy": { RoleName: /^[\w+=,.@-]{1,64}$/, PolicyArn: /^arn:aws:iam::aws:policy\// },
  "IAM DetachRolePolicy": { RoleName: /^[\w+=,.@-]{1,64}$/, PolicyArn: /^arn:aws:iam::aws:policy\// },
  "IAM DeleteRole": { RoleName: /^[\w+=,.@-]{1,64}$/ },
  "POST /2015-03-31/functions": {
    FunctionName: /^[\w-]{1,64}$/,
    Role: /^arn:aws:iam::\d{12}:role\/\S+$/,
    Handler: /^\S+$/
  },
  "GET /2015-03-31/functions/{name}": {},
  "DELETE /2015-03-31/functions/{name}": {},
  "GET /2015-03-31/functions/{name}/configuration": {},
  "PUT /2015-03-31/functions/{name}/configuration": {},
  "PUT /2015-03-31/functions/{name}/code": { ZipFile: /^[\w+/]+=*$/ },
  "POST /2015-03-31/functions/{name}/invocations": {},
  "GET /2015-03-31/functions/{name}/policy": {},
  "POST /2015-03-31/functions/{name}/policy": {
    StatementId: /^[\w-]{1,100}$/,
    Action: /^lambda:\w+$/,
    Principal: /^\S+$/
  },
  "DELETE /2015-03-31/functions/{name}/policy/FunctionURLAllowPublicAccess": {},
  "DELETE /2015-03-31/functions/{name}/policy/FunctionURLAllowInvokeAction": {},
  "GET /2021-10-31/functions/{name}/url": {},
  "POST /2021-10-31/functions/{name}/url": {
    AuthType: /^(?:NONE|AWS_IAM)$/,
    InvokeMode: /^(?:BUFFERED|RESPONSE_STREAM)$/
  },
  "PUT /2021-10-31/functions/{name}/url": {
    AuthType: /^(?:NONE|AWS_IAM)$/,
    InvokeMode: /^(?:BUFFERED|RESPONSE_STREAM)$/
  }
}))

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html */
const signature = (service: string) =>
  new RegExp(
    `^AWS4-HMAC-SHA256 Credential=key/\\d{8}/[\\w-]+/${service}/aws4_request, SignedHeaders=\\S+, Signature=\\w{64}$`
  )

const refusalOf = (
  { headers }: http.IncomingMessage,
  service: string,
  operation: string,
  fields: Readonly<Record<string, unknown>>
): Refusal | undefined => {
  if (!signature(service).test(headers.authorization ?? "")) {
    return { status: 403, type: "InvalidSignatureException", message: `${operation} is not signed for ${service}` }
  }
  const rules = operations.get(operation)
  if (rules === undefined) return { status: 404, type: "UnknownOperationException", message: operation }
  const wrong = Object.entries(rules).find(([field, rule]) => !rule.test(String(fields[field] ?? "")))
  return wrong === undefined
    ? undefined
    : { status: 400, type: "ValidationException", message: `${operation}: ${wrong[0]} is ${String(fields[wrong[0]])}` }
}

const trust = (service: string) =>
  encodeURIComponent(JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }]
  }))

/** As Lambda writes it into the policy. */
export const statement = (permission: Record<string, unknown>): Record<string, unknown> => ({
  Sid: permission["StatementId"],
  Effect: "Allow",
  Principal: permission["Principal"],
  Action: permission["Action"],
  Resource: `arn:aws:lambda:eu-central-1:${account}:function:orders`,
  Condition: {
    ..."FunctionUrlAuthType" in permission &&
      { StringEquals: { "lambda:FunctionUrlAuthType": permission["FunctionUrlAuthType"] } },
    ..."InvokedViaFunctionUrl" in permission && { Bool: { "lambda:InvokedViaFunctionUrl": "true" } }
  }
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
