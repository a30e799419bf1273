/** The client's certificate of mutual TLS, which both payload formats of API Gateway have in common. */
import * as Schema from "effect/Schema"

export const MutualTlsCertificate = Schema.Struct({
  clientCertPem: Schema.String,
  subjectDN: Schema.String,
  issuerDN: Schema.String,
  serialNumber: Schema.String,
  validity: Schema.Struct({
    /** `May 28 12:30:02 2019 GMT`: `Timestamp.OpenSsl` decodes it. */
    notBefore: Schema.String,
    notAfter: Schema.String
  })
})
