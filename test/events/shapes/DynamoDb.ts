import * as Schema from "effect/Schema"
import * as DynamoDb from "../../../src/events/DynamoDb.ts"
import type { Shape } from "../shape.ts"

const [insert] = DynamoDb.sample().Records

/** Every type of attribute, and what other libraries lose: long numbers, sets that are empty or in their own order. */
const attributes = {
  text: { S: "" },
  long: { N: "12345678901234567890.123456789012345678" },
  tiny: { N: "1E-130" },
  truth: { BOOL: false },
  nothing: { NULL: true },
  bytes: { B: "AAEqQQ==" },
  list: { L: [{ S: "a" }, { N: "1" }, { L: [] }, { M: { deep: { NULL: true } } }] },
  map: { M: { name: { S: "Joe" }, age: { N: "35" } } },
  texts: { SS: ["Zebra", "Giraffe", "Zebra"] },
  numbers: { NS: ["567.8", "1234"] },
  byteses: { BS: ["AAEqQQ==", "QSoBAA=="] },
  empty: { SS: [] }
}

const timeToLive = {
  Records: [{
    ...insert,
    eventName: "REMOVE",
    userIdentity: { type: "Service", principalId: "dynamodb.amazonaws.com" },
    dynamodb: {
      ApproximateCreationDateTime: 1428537600.5,
      Keys: { Id: { N: "101" } },
      OldImage: attributes,
      SequenceNumber: "4421584500000000017450439091",
      SizeBytes: 26,
      StreamViewType: "OLD_IMAGE"
    }
  }]
}

const keysOnly = {
  Records: [{
    ...insert,
    userIdentity: null,
    dynamodb: { Keys: { Id: { B: "AAE=" } }, SequenceNumber: "1", SizeBytes: 2, StreamViewType: "KEYS_ONLY" }
  }]
}

const Item = Schema.Struct({ Id: Schema.Int, Message: Schema.String })

const plain = DynamoDb.eventOf({ key: Schema.Struct({ Id: Schema.Int }), item: Item })

const microseconds = {
  ...DynamoDb.sampleKinesisRecord(),
  dynamodb: {
    ...DynamoDb.sampleKinesisRecord().dynamodb,
    ApproximateCreationDateTime: 1602313124230000,
    ApproximateCreationDateTimePrecision: "MICROSECOND"
  }
}

const withImage = (image: unknown) => ({
  Records: [{ ...insert, dynamodb: { ...insert?.dynamodb, NewImage: image } }]
})

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "DynamoDb.Event",
    kind: "request",
    schema: DynamoDb.Event,
    samples: [DynamoDb.sample(), timeToLive, keysOnly],
    fixtures: ["dynamodb-stream"],
    refused: [
      [{ Records: [{ ...insert, eventSource: "aws:sqs" }] }, "Records[0].eventSource"],
      [withImage({ a: { N: 1 } }), "Records[0].dynamodb.NewImage.a.N"],
      [withImage({ a: { X: "1" } }), "Records[0].dynamodb.NewImage.a"],
      [withImage({ a: { S: "1", N: "1" } }), "Records[0].dynamodb.NewImage.a"]
    ]
  },
  {
    name: "DynamoDb.eventOf",
    kind: "request",
    schema: plain,
    samples: [DynamoDb.sample()],
    refused: [
      [withImage({ Id: { S: "101" }, Message: { S: "" } }), "Records[0].dynamodb.NewImage.Id"],
      [withImage({ Id: { N: "101" } }), "Records[0].dynamodb.NewImage.Message"],
      [withImage({ Id: { N: "9007199254740993" }, Message: { S: "" } }), "Records[0].dynamodb.NewImage.Id"],
      [withImage({ Id: { X: "101" }, Message: { S: "" } }), "Records[0].dynamodb.NewImage.Id"],
      [withImage("101"), "Records[0].dynamodb.NewImage"]
    ]
  },
  {
    name: "DynamoDb.WindowEvent",
    kind: "request",
    schema: DynamoDb.WindowEvent,
    samples: [
      DynamoDb.sampleWindowEvent(),
      { ...DynamoDb.sampleWindowEvent(), state: { sum: 3, seen: ["a", { b: null }] }, isFinalInvokeForWindow: true }
    ],
    fixtures: ["dynamodb-stream:window"]
  },
  {
    name: "DynamoDb.KinesisRecord",
    kind: "request",
    schema: DynamoDb.KinesisRecord,
    samples: [DynamoDb.sampleKinesisRecord(), microseconds],
    fixtureFiles: ["rust/example-dynamodb-event-record-with-optional-fields.json"]
  },
  {
    name: "DynamoDb.kinesisRecordOf",
    kind: "request",
    schema: DynamoDb.kinesisRecordOf({ key: Schema.Struct({ Id: Schema.Int }), item: Item }),
    samples: [DynamoDb.sampleKinesisRecord(), microseconds]
  },
  {
    name: "DynamoDb.BatchResponse",
    kind: "response",
    schema: DynamoDb.BatchResponse,
    samples: [{ batchItemFailures: [{ itemIdentifier: "4421584500000000017450439091" }] }],
    fixtures: ["dynamodb-batch-response"]
  },
  {
    name: "DynamoDb.WindowResult",
    kind: "response",
    schema: DynamoDb.WindowResult,
    samples: [{ state: { sum: 3 }, batchItemFailures: [] }]
  }
]
