/**
 * Amazon ECS tasks and container instances that change their state, by way of EventBridge.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_cwe_events.html
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { nullish } from "../internal/events/nullish.ts"
import { openEnum } from "../internal/events/openEnum.ts"
import { serviceEvent, serviceSample } from "../internal/events/serviceEvent.ts"

const time = nullish(Schema.DateTimeUtcFromString)

const nameAndValue = Schema.Struct({ name: nullish(Schema.String), value: nullish(Schema.String) })

const attributes = nullish(Schema.Array(Schema.Struct({
  name: Schema.String,
  value: nullish(Schema.String),
  targetType: nullish(Schema.String),
  targetId: nullish(Schema.String)
})))

/**
 * What a task or a container instance is connected to: a network interface, a volume, a load balancer.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Attachment = Schema.Struct({
  id: nullish(Schema.String),
  type: nullish(Schema.String),
  status: nullish(Schema.String),
  /** A list of pairs: the `value` of the one whose `name` is `privateIPv4Address`, say. */
  details: nullish(Schema.Array(nameAndValue))
})

/**
 * A decoded {@link Attachment}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Attachment extends Schema.Schema.Type<typeof Attachment> {}

/**
 * A container of a task.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Container = Schema.Struct({
  containerArn: nullish(Schema.String),
  taskArn: nullish(Schema.String),
  name: Schema.String,
  lastStatus: nullish(openEnum(["PENDING", "RUNNING", "STOPPED"])),
  /** Of a container that has ended. */
  exitCode: nullish(Schema.Finite),
  /** Why it has ended. */
  reason: nullish(Schema.String),
  healthStatus: nullish(openEnum(["HEALTHY", "UNHEALTHY", "UNKNOWN"])),
  image: nullish(Schema.String),
  imageDigest: nullish(Schema.String),
  runtimeId: nullish(Schema.String),
  cpu: nullish(Schema.String),
  memory: nullish(Schema.String),
  memoryReservation: nullish(Schema.String),
  gpuIds: nullish(Schema.Array(Schema.String)),
  networkBindings: nullish(Schema.Array(Schema.Struct({
    bindIP: nullish(Schema.String),
    containerPort: nullish(Schema.Finite),
    containerPortRange: nullish(Schema.String),
    hostPort: nullish(Schema.Finite),
    hostPortRange: nullish(Schema.String),
    protocol: nullish(Schema.String)
  }))),
  networkInterfaces: nullish(Schema.Array(Schema.Struct({
    attachmentId: nullish(Schema.String),
    privateIpv4Address: nullish(Schema.String),
    ipv6Address: nullish(Schema.String)
  }))),
  managedAgents: nullish(Schema.Array(Schema.Struct({
    name: nullish(Schema.String),
    status: nullish(Schema.String),
    reason: nullish(Schema.String),
    lastStartedAt: time
  })))
})

/**
 * A decoded {@link Container}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Container extends Schema.Schema.Type<typeof Container> {}

const status = openEnum([
  "PROVISIONING",
  "PENDING",
  "ACTIVATING",
  "RUNNING",
  "DEACTIVATING",
  "STOPPING",
  "DEPROVISIONING",
  "STOPPED",
  "DELETED"
])

/**
 * The detail of {@link TaskStateChange}.
 *
 * @category schemas
 * @since 0.1.0
 */
export const TaskStateChangeDetail = Schema.Struct({
  taskArn: Schema.String,
  taskDefinitionArn: nullish(Schema.String),
  clusterArn: Schema.String,
  /** Tasks on Amazon EC2. */
  containerInstanceArn: nullish(Schema.String),
  lastStatus: status,
  desiredStatus: status,
  stopCode: nullish(openEnum([
    "TaskFailedToStart",
    "EssentialContainerExited",
    "UserInitiated",
    "ServiceSchedulerInitiated",
    "SpotInterruption",
    "TerminationNotice"
  ])),
  stoppedReason: nullish(Schema.String),
  containers: nullish(Schema.Array(Container)),
  attachments: nullish(Schema.Array(Attachment)),
  attributes,
  overrides: nullish(Schema.Struct({
    containerOverrides: nullish(Schema.Array(Schema.Struct({
      name: nullish(Schema.String),
      command: nullish(Schema.Array(Schema.String)),
      environment: nullish(Schema.Array(nameAndValue)),
      cpu: nullish(Schema.Finite),
      memory: nullish(Schema.Finite),
      memoryReservation: nullish(Schema.Finite)
    }))),
    cpu: nullish(Schema.String),
    memory: nullish(Schema.String),
    taskRoleArn: nullish(Schema.String),
    executionRoleArn: nullish(Schema.String)
  })),
  /** `family:` and the task definition, or `service:` and the service. */
  group: nullish(Schema.String),
  startedBy: nullish(Schema.String),
  availabilityZone: nullish(Schema.String),
  launchType: nullish(openEnum(["EC2", "FARGATE", "EXTERNAL", "MANAGED_INSTANCES"])),
  capacityProviderName: nullish(Schema.String),
  platformFamily: nullish(Schema.String),
  platformVersion: nullish(Schema.String),
  cpu: nullish(Schema.String),
  memory: nullish(Schema.String),
  ephemeralStorage: nullish(Schema.Struct({ sizeInGiB: Schema.Finite })),
  enableExecuteCommand: nullish(Schema.Boolean),
  healthStatus: nullish(openEnum(["HEALTHY", "UNHEALTHY", "UNKNOWN"])),
  connectivity: nullish(openEnum(["CONNECTED", "DISCONNECTED"])),
  connectivityAt: time,
  createdAt: time,
  pullStartedAt: time,
  pullStoppedAt: time,
  startedAt: time,
  stoppingAt: time,
  executionStoppedAt: time,
  stoppedAt: time,
  updatedAt: time,
  /** Counts the changes of the task. */
  version: Schema.Finite
})

/**
 * A decoded {@link TaskStateChangeDetail}.
 *
 * @category models
 * @since 0.1.0
 */
export interface TaskStateChangeDetail extends Schema.Schema.Type<typeof TaskStateChangeDetail> {}

/**
 * A task that has changed its state, or one of whose containers has.
 *
 * **Details**
 *
 * Every time within the detail encodes with milliseconds.
 *
 * **Gotchas**
 *
 * An event may come again, and with the same `detail.version`.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_task_events.html
 * @category schemas
 * @since 0.1.0
 */
export const TaskStateChange = serviceEvent(Schema.Literal("ECS Task State Change"), TaskStateChangeDetail)

/**
 * A decoded {@link TaskStateChange}.
 *
 * @category models
 * @since 0.1.0
 */
export interface TaskStateChange extends Schema.Schema.Type<typeof TaskStateChange> {}

/**
 * How much a container instance has of something: a number, or a set of names.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Resource = Schema.Struct({
  name: openEnum(["CPU", "MEMORY", "PORTS", "PORTS_UDP", "GPU"]),
  type: openEnum(["INTEGER", "DOUBLE", "LONG", "STRINGSET"]),
  integerValue: nullish(Schema.Finite),
  longValue: nullish(Schema.Finite),
  doubleValue: nullish(Schema.Finite),
  /** Of a `STRINGSET`, and then empty where there is none. */
  stringSetValue: nullish(Schema.Array(Schema.String))
})

/**
 * A decoded {@link Resource}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Resource extends Schema.Schema.Type<typeof Resource> {}

/**
 * The detail of {@link ContainerInstanceStateChange}.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ContainerInstanceStateChangeDetail = Schema.Struct({
  containerInstanceArn: Schema.String,
  clusterArn: Schema.String,
  ec2InstanceId: nullish(Schema.String),
  status: openEnum(["REGISTERING", "REGISTRATION_FAILED", "ACTIVE", "INACTIVE", "DEREGISTERING", "DRAINING"]),
  statusReason: nullish(Schema.String),
  agentConnected: Schema.Boolean,
  agentUpdateStatus: nullish(Schema.String),
  attributes,
  attachments: nullish(Schema.Array(Attachment)),
  registeredResources: nullish(Schema.Array(Resource)),
  remainingResources: nullish(Schema.Array(Resource)),
  versionInfo: nullish(Schema.Struct({
    agentHash: nullish(Schema.String),
    agentVersion: nullish(Schema.String),
    dockerVersion: nullish(Schema.String)
  })),
  registeredAt: time,
  updatedAt: time,
  /** Counts the changes of the container instance. */
  version: Schema.Finite
})

/**
 * A decoded {@link ContainerInstanceStateChangeDetail}.
 *
 * @category models
 * @since 0.1.0
 */
export interface ContainerInstanceStateChangeDetail
  extends Schema.Schema.Type<typeof ContainerInstanceStateChangeDetail>
{}

/**
 * A container instance that has changed its state, its agent, or what it has left for tasks.
 *
 * **Details**
 *
 * Every time within the detail encodes with milliseconds.
 *
 * **Gotchas**
 *
 * The agent disconnects and connects again several times an hour, which is no failure.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_container_instance_events.html
 * @category schemas
 * @since 0.1.0
 */
export const ContainerInstanceStateChange = serviceEvent(
  Schema.Literal("ECS Container Instance State Change"),
  ContainerInstanceStateChangeDetail
)

/**
 * A decoded {@link ContainerInstanceStateChange}.
 *
 * @category models
 * @since 0.1.0
 */
export interface ContainerInstanceStateChange extends Schema.Schema.Type<typeof ContainerInstanceStateChange> {}

const arn = "arn:aws:ecs:us-east-1:123456789012"

const task = `${arn}:task/FargateCluster/c13b4cb40f1f4fe4a2971f76ae5a47ad`

/**
 * {@link TaskStateChange} as Lambda delivers it, of a task on AWS Fargate.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as Ecs from "effect-lambda-runtime/events/Ecs"
 *
 * Ecs.sampleTaskStateChange().detail.lastStatus // => "RUNNING"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleTaskStateChange = (): typeof TaskStateChange.Encoded =>
  serviceSample("aws.ecs", "ECS Task State Change", {
    attachments: [{
      id: "1789bcae-ddfb-4d10-8ebe-8ac87ddba5b8",
      type: "eni",
      status: "ATTACHED",
      details: [
        { name: "subnetId", value: "subnet-abcd1234" },
        { name: "networkInterfaceId", value: "eni-abcd1234" },
        { name: "macAddress", value: "0a:98:eb:a7:29:ba" },
        { name: "privateIPv4Address", value: "10.0.0.139" }
      ]
    }],
    attributes: [{ name: "ecs.cpu-architecture", value: "x86_64" }],
    availabilityZone: "us-east-1c",
    clusterArn: `${arn}:cluster/FargateCluster`,
    containers: [{
      containerArn: `${arn}:container/cf159fd6-3e3f-4a9e-84f9-66cbe726af01`,
      lastStatus: "RUNNING",
      name: "FargateApp",
      image: "123456789012.dkr.ecr.us-east-1.amazonaws.com/hello-repository:latest",
      imageDigest: "sha256:74b2c688c700ec95a93e478cdb959737c148df3fbf5ea706abe0318726e885e6",
      runtimeId: "ad64cbc71c7fb31c55507ec24c9f77947132b03d48d9961115cf24f3b7307e1e",
      taskArn: task,
      networkInterfaces: [{
        attachmentId: "1789bcae-ddfb-4d10-8ebe-8ac87ddba5b8",
        privateIpv4Address: "10.0.0.139"
      }],
      cpu: "0"
    }],
    createdAt: "2020-01-23T17:57:34.402Z",
    launchType: "FARGATE",
    cpu: "256",
    memory: "512",
    desiredStatus: "RUNNING",
    group: "family:sample-fargate",
    lastStatus: "RUNNING",
    overrides: { containerOverrides: [{ name: "FargateApp" }] },
    connectivity: "CONNECTED",
    connectivityAt: "2020-01-23T17:57:38.453Z",
    pullStartedAt: "2020-01-23T17:57:52.103Z",
    startedAt: "2020-01-23T17:57:58.103Z",
    pullStoppedAt: "2020-01-23T17:57:55.103Z",
    updatedAt: "2020-01-23T17:57:58.103Z",
    taskArn: task,
    taskDefinitionArn: `${arn}:task-definition/sample-fargate:1`,
    version: 4,
    platformVersion: "1.3.0"
  }, [task])

/**
 * {@link ContainerInstanceStateChange} as Lambda delivers it.
 *
 * **Example** (An event to invoke a function with)
 *
 * ```ts
 * import * as Ecs from "effect-lambda-runtime/events/Ecs"
 *
 * Ecs.sampleContainerInstanceStateChange().detail.status // => "ACTIVE"
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const sampleContainerInstanceStateChange = (): typeof ContainerInstanceStateChange.Encoded => {
  const containerInstance = `${arn}:container-instance/b54a2a04-046f-4331-9d74-3f6d7f6ca315`
  const ports = [
    { name: "PORTS", type: "STRINGSET", stringSetValue: ["22", "2376", "2375", "51678", "51679"] },
    { name: "PORTS_UDP", type: "STRINGSET", stringSetValue: [] }
  ]
  return serviceSample("aws.ecs", "ECS Container Instance State Change", {
    agentConnected: true,
    attributes: [
      { name: "com.amazonaws.ecs.capability.logging-driver.syslog" },
      { name: "com.amazonaws.ecs.capability.docker-remote-api.1.23" }
    ],
    clusterArn: `${arn}:cluster/default`,
    containerInstanceArn: containerInstance,
    ec2InstanceId: "i-f3a8506b",
    registeredResources: [
      { name: "CPU", type: "INTEGER", integerValue: 2048 },
      { name: "MEMORY", type: "INTEGER", integerValue: 3767 },
      ...ports
    ],
    remainingResources: [
      { name: "CPU", type: "INTEGER", integerValue: 1988 },
      { name: "MEMORY", type: "INTEGER", integerValue: 767 },
      ...ports
    ],
    status: "ACTIVE",
    version: 14801,
    versionInfo: { agentHash: "aebcbca", agentVersion: "1.13.0", dockerVersion: "DockerVersion: 1.11.2" },
    updatedAt: "2016-12-06T16:41:06.991Z"
  }, [containerInstance])
}
