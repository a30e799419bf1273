/**
 * The id that API Gateway gives a request: the extended one of a REST API, the only one of an HTTP API.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
 */

/** As in `JCJSViW5PHcESow=`. */
export const make = (): string =>
  `${Buffer.from(crypto.randomUUID().replaceAll("-", ""), "hex").toString("base64url").slice(0, 15)}=`
