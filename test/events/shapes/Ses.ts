import * as Ses from "../../../src/events/Ses.ts"
import * as Sns from "../../../src/events/Sns.ts"
import type { Shape } from "../shape.ts"

const sample = Ses.sample()

const [record] = sample.Records

const receipt = record?.ses.receipt

const mail = record?.ses.mail

const withRecord = (ses: { readonly mail?: object; readonly receipt?: object }) => ({
  Records: [{ ...record, ses: { mail: { ...mail, ...ses.mail }, receipt: { ...receipt, ...ses.receipt } } }]
})

/** What every mail has. */
const sparse = {
  Records: [{
    eventSource: "aws:ses",
    eventVersion: "1.0",
    ses: {
      mail: { timestamp: "2015-09-11T20:32:33.936Z", source: "", messageId: "id", destination: [] },
      receipt: {
        timestamp: "2015-09-11T20:32:33.936Z",
        processingTimeMillis: 0,
        recipients: [],
        action: { type: "Lambda", functionArn: "arn:aws:lambda:f", invocationType: "Event" }
      }
    }
  }]
}

const topicArn = "arn:aws:sns:us-east-1:123456789012:mail"

const actions = [
  {
    type: "S3",
    topicArn,
    bucketName: "amzn-s3-demo-bucket",
    objectKey: "in/mail",
    objectKeyPrefix: "in/",
    kmsKeyArn: "k"
  },
  { type: "S3", bucketName: "amzn-s3-demo-bucket", objectKey: "mail" },
  { type: "SNS", topicArn, encoding: "BASE64" },
  { type: "SNS" },
  {
    type: "Bounce",
    topicArn,
    smtpReplyCode: "550",
    statusCode: "5.1.1",
    message: "Mailbox does not exist",
    sender: "postmaster@example.com"
  },
  { type: "Lambda", topicArn: null, functionArn: "arn:aws:lambda:f", invocationType: "Event" },
  { type: "WorkMail", topicArn, organizationArn: "arn:aws:workmail:o" },
  { type: "Stop", topicArn },
  { type: "Bounce", smtpReplyCode: "550", message: "No", sender: "postmaster@example.com" }
]

const notification = {
  notificationType: "Received",
  mail,
  receipt: { ...receipt, action: actions[2] },
  content: "SGk="
}

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "Ses.Event",
    kind: "request",
    schema: Ses.Event,
    samples: [
      sample,
      sparse,
      ...actions.map((action) => withRecord({ receipt: { action } })),
      withRecord({ receipt: { dmarcVerdict: { status: "FAIL" }, dmarcPolicy: "reject" } }),
      withRecord({ receipt: { spamVerdict: { status: "DISABLED" }, virusVerdict: { status: "DISABLED" } } }),
      withRecord({ mail: { headersTruncated: true, headers: [], commonHeaders: {} } })
    ],
    fixtures: ["ses"],
    refused: [
      [{ Records: [{ ...record, eventSource: "aws:s3" }] }, "Records[0].eventSource"],
      [withRecord({ mail: { timestamp: "yesterday" } }), "Records[0].ses.mail.timestamp"],
      [withRecord({ mail: { headers: [{ name: "To" }] } }), "Records[0].ses.mail.headers[0].value"]
    ]
  },
  {
    name: "Ses.Notification",
    kind: "request",
    schema: Ses.Notification,
    samples: [notification, { notificationType: "Received", mail, receipt }],
    refused: [[{ ...notification, notificationType: "Bounce" }, "notificationType"]]
  },
  {
    name: "Ses.Notification in Sns.eventOf",
    kind: "request",
    schema: Sns.eventOf(Ses.Notification),
    samples: [Sns.sample(notification)]
  },
  {
    name: "Ses.Result",
    kind: "response",
    schema: Ses.Result,
    samples: [{ disposition: "CONTINUE" }, { disposition: "STOP_RULE" }, { disposition: "STOP_RULE_SET" }],
    refused: [[{ disposition: "stop_rule" }, "disposition"]]
  }
]
