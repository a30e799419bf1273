import * as Ecs from "../../../src/events/Ecs.ts"
import type { Shape } from "../shape.ts"

const running = Ecs.sampleTaskStateChange()

/** A task that has been stopped, with fractions of a second as ECS writes them. */
const stopped = {
  ...running,
  detail: {
    ...running.detail,
    attachments: [{ id: "254e29d7", type: "elb", status: "DELETED", details: [] }],
    capacityProviderName: "FARGATE_SPOT",
    containers: [{
      name: "FargateApp",
      lastStatus: "STOPPED",
      exitCode: 137,
      reason: "OutOfMemoryError",
      networkBindings: [{ bindIP: "0.0.0.0", containerPort: 80, hostPort: 32768, protocol: "tcp" }],
      managedAgents: [{ name: "ExecuteCommandAgent", status: "STOPPED", lastStartedAt: "2020-01-23T17:57:58.103Z" }]
    }],
    desiredStatus: "STOPPED",
    enableExecuteCommand: true,
    ephemeralStorage: { sizeInGiB: 20 },
    executionStoppedAt: "2024-11-13T21:22:46.71Z",
    lastStatus: "STOPPED",
    overrides: {
      containerOverrides: [{ command: ["a", "b"], environment: [{ name: "env1", value: "value1" }], name: "test" }]
    },
    startedBy: "ecs-svc/2770844949256052681",
    stopCode: "SpotInterruption",
    stoppedAt: "2024-11-13T21:23:11.984Z",
    stoppedReason: "Your Spot Task was interrupted.",
    version: 9
  }
}

const pending = {
  ...running,
  detail: {
    clusterArn: "arn:aws:ecs:us-east-1:123456789012:cluster/cluster1",
    containerInstanceArn: "arn:aws:ecs:us-east-1:123456789012:container-instance/04f8c17d",
    createdAt: "2016-09-15T21:30:33.3Z",
    desiredStatus: "RUNNING",
    lastStatus: "PENDING",
    taskArn: "arn:aws:ecs:us-east-1:123456789012:task/3102878e",
    containers: null,
    version: 1
  }
}

/** All that a task has seldom. */
const rare = {
  ...running,
  detail: {
    ...running.detail,
    attributes: [{ name: "ecs.os-type", targetType: "container-instance", targetId: "arn" }],
    containers: [
      {
        name: "FargateApp",
        healthStatus: "HEALTHY",
        memory: "512",
        memoryReservation: "256",
        gpuIds: ["gpu-1"],
        networkBindings: [{ containerPortRange: "100-102", hostPortRange: "200-202" }],
        networkInterfaces: [{ ipv6Address: "2001:db8::1" }, {}],
        managedAgents: [{ reason: "failed" }]
      },
      { name: "Sidecar", networkBindings: [{}], networkInterfaces: null, managedAgents: [] }
    ],
    attachments: [{}, { details: [{}] }],
    createdAt: null,
    healthStatus: "HEALTHY",
    overrides: {
      containerOverrides: [{ cpu: 10, memory: 20, memoryReservation: 30, environment: [{}] }],
      cpu: "256",
      memory: "512",
      taskRoleArn: "arn:aws:iam::123456789012:role/task",
      executionRoleArn: "arn:aws:iam::123456789012:role/execution"
    },
    platformFamily: "Linux",
    stoppingAt: "2024-11-13T21:21:58.645Z"
  }
}

const instance = Ecs.sampleContainerInstanceStateChange()

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "Ecs.TaskStateChange",
    kind: "request",
    schema: Ecs.TaskStateChange,
    samples: [running, stopped, pending, rare, { ...running, detail: { ...running.detail, overrides: {} } }],
    normalised: [
      "detail.createdAt: \"2016-09-15T21:30:33.3Z\" -> \"2016-09-15T21:30:33.300Z\"",
      "detail.executionStoppedAt: \"2024-11-13T21:22:46.71Z\" -> \"2024-11-13T21:22:46.710Z\""
    ],
    refused: [
      [instance, "[\"detail-type\"]"],
      [{ ...running, detail: { ...running.detail, containers: [{ name: 1 }] } }, "detail.containers[0].name"],
      [{ ...running, detail: { ...running.detail, stoppedAt: "soon" } }, "detail.stoppedAt"]
    ]
  },
  {
    name: "Ecs.ContainerInstanceStateChange",
    kind: "request",
    schema: Ecs.ContainerInstanceStateChange,
    samples: [instance, {
      ...instance,
      detail: {
        agentConnected: false,
        agentUpdateStatus: "UPDATED",
        attachments: [],
        attributes: [{ name: "ecs.os-type", value: "linux" }],
        clusterArn: "arn:aws:ecs:us-east-1:123456789012:cluster/default",
        containerInstanceArn: "arn:aws:ecs:us-east-1:123456789012:container-instance/b54a2a04",
        registeredAt: "2016-12-06T16:41:06.991Z",
        status: "REGISTRATION_FAILED",
        statusReason: "no capacity",
        version: 1,
        versionInfo: {}
      }
    }, {
      ...instance,
      detail: { ...instance.detail, attributes: null, versionInfo: null }
    }, {
      ...instance,
      detail: {
        ...instance.detail,
        registeredResources: null,
        remainingResources: [{ name: "GPU", type: "STRINGSET", stringSetValue: null, doubleValue: 0.5, longValue: 0 }]
      }
    }],
    fixtures: ["eventbridge:ecs"],
    refused: [
      [running, "[\"detail-type\"]"],
      [
        { ...instance, detail: { ...instance.detail, remainingResources: [{ name: "PORTS", type: 1 }] } },
        "detail.remainingResources[0].type"
      ]
    ]
  }
]
