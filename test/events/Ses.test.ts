import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Ses from "../../src/events/Ses.ts"
import * as Sns from "../../src/events/Sns.ts"
import { decode, misfits } from "./codec.ts"

const [record] = Ses.sample().Records

const withReceipt = (receipt: object) => ({
  Records: [{ ...record, ses: { ...record?.ses, receipt: { ...record?.ses.receipt, ...receipt } } }]
})

const withMail = (mail: object) => ({
  Records: [{ ...record, ses: { ...record?.ses, mail: { ...record?.ses.mail, ...mail } } }]
})

describe("Ses", () => {
  it.effect("reads the verdict DISABLED, of a rule that does not scan", () =>
    Effect.gen(function*() {
      const { Records } = yield* decode(Ses.Event)(withReceipt({ spamVerdict: { status: "DISABLED" } }))
      assert.strictEqual(Records[0]?.ses.receipt.spamVerdict?.status, "DISABLED")
    }))

  it.effect("reads the actions S3 and SNS, which topics are notified of", () =>
    Effect.gen(function*() {
      const ofS3 = yield* decode(Ses.Event)(
        withReceipt({ action: { type: "S3", bucketName: "mail", objectKey: "in/1", objectKeyPrefix: "in/" } })
      )
      const action = ofS3.Records[0]?.ses.receipt.action
      assert.strictEqual(action?.type === "S3" && action.objectKey, "in/1")
      const ofSns = yield* decode(Ses.Event)(withReceipt({ action: { type: "SNS", topicArn: "arn:t" } }))
      assert.strictEqual(ofSns.Records[0]?.ses.receipt.action.topicArn, "arn:t")
    }))

  it.effect("refuses an action of which a field is missing, rather than take it for another", () =>
    Effect.gen(function*() {
      const at = yield* misfits(Ses.Event)(withReceipt({ action: { type: "S3", bucketName: "mail" } }))
      assert.deepStrictEqual(at, ["Records[0].ses.receipt.action.objectKey"])
    }))

  it.effect("does not judge a date that a sender's program wrote", () =>
    Effect.gen(function*() {
      const { Records } = yield* decode(Ses.Event)(withMail({ commonHeaders: { date: "last Tuesday (CET)" } }))
      assert.strictEqual(Records[0]?.ses.mail.commonHeaders?.date, "last Tuesday (CET)")
    }))

  it.effect("reads a mail without sender, recipient and subject", () =>
    Effect.gen(function*() {
      const { Records } = yield* decode(Ses.Event)(withMail({ commonHeaders: { messageId: "<1>" } }))
      assert.isUndefined(Records[0]?.ses.mail.commonHeaders?.from)
      assert.isUndefined(Records[0]?.ses.mail.commonHeaders?.subject)
    }))

  it.effect("reads the policy of a domain whose DMARC check failed", () =>
    Effect.gen(function*() {
      const { Records } = yield* decode(Ses.Event)(
        withReceipt({ dmarcVerdict: { status: "FAIL" }, dmarcPolicy: "quarantine" })
      )
      assert.strictEqual(Records[0]?.ses.receipt.dmarcPolicy, "quarantine")
    }))

  it.effect("reads what SES sends to a topic", () =>
    Effect.gen(function*() {
      const event = yield* decode(Sns.eventOf(Ses.Notification))(
        Sns.sample({ notificationType: "Received", ...record?.ses, content: "SGk=" })
      )
      assert.strictEqual(event.Records[0]?.Sns.Message.mail.source, "janedoe@example.com")
      assert.strictEqual(event.Records[0]?.Sns.Message.content, "SGk=")
    }))
})
