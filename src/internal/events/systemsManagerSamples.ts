/** Events of AWS Systems Manager, as EventBridge has them. */

/** The detail of each kind of event. */
export const details = () => {
  const execution = {
    "start-time": "2025-06-02T14:48:28.039Z",
    "end-time": "2025-06-02T14:52:18.083Z",
    "window-id": "mw-0ed7251d3fcf6e0c2",
    "window-execution-id": "14bea65d-5ccc-462d-a2f3-e99c8d1f4a2b",
    status: "SUCCESS"
  }

  const opsItem = {
    "created-by": "arn:aws:iam::123456789012:user/jane",
    "created-time": "2024-10-19T02:46:53.629Z",
    source: "EC2",
    status: "Open",
    "ops-item-id": "oi-123456abcdef",
    title: "The disk is full",
    "ops-item-type": "/aws/issue",
    description: "Less than 1 GB is left"
  }

  const command = {
    "command-id": "e8d3c0e4-71f7-4491-898f-c9b35bee5f3b",
    "document-name": "AWS-RunPowerShellScript",
    "requested-date-time": "2024-07-10T21:51:30.049Z",
    status: "Success"
  }

  const association = {
    "association-id": "6e37940a-23ba-4ab0-9b96-5d0a1a05464f",
    "document-name": "AWS-RunPowerShellScript",
    "document-version": "Optional.empty",
    targets: "[{\"key\":\"InstanceIds\",\"values\":[\"i-12345678\"]}]",
    "creation-date": "2024-02-13T17:22:54.458Z",
    "last-successful-execution-date": "2024-05-16T23:00:01Z",
    "last-execution-date": "2024-05-16T23:00:01Z",
    status: "Success"
  }

  return {
    "EC2 Automation Step Status-change Notification": {
      ExecutionId: "333ba70b-2333-48db-b17e-a5e69c6f4d1c",
      Definition: "restart",
      DefinitionVersion: 1,
      Status: "Success",
      EndTime: "Nov 29, 2024 7:43:25 PM",
      StartTime: "Nov 29, 2024 7:43:23 PM",
      Time: 2630,
      StepName: "runCommands",
      Action: "aws:runCommand"
    },
    "EC2 Automation Execution Status-change Notification": {
      ExecutionId: "333ba70b-2333-48db-b17e-a5e69c6f4d1c",
      Definition: "restart",
      DefinitionVersion: 1,
      Status: "Success",
      StartTime: "Nov 29, 2024 7:43:20 PM",
      EndTime: "Nov 29, 2024 7:43:26 PM",
      Time: 5753,
      ExecutedBy: "arn:aws:iam::123456789012:user/jane"
    },
    "Calendar State Change": {
      state: "OPEN",
      atTime: "2024-09-19T18:00:07Z",
      nextTransitionTime: "2024-10-11T18:00:07Z"
    },
    "Change Request Status Update": {
      "change-request-id": "d0585556-80f6-4522-8dad-dada6d45b67d",
      "change-request-title": "Larger disks",
      "ops-item-id": "oi-12345abcdef",
      "ops-item-created-by": "arn:aws:iam::123456789012:user/jane",
      "ops-item-created-time": "2024-10-24T10:50:33.180Z",
      "ops-item-modified-by": "arn:aws:iam::123456789012:user/jane",
      "ops-item-modified-time": "2024-10-24T10:50:33.180Z",
      "ops-item-status": "InProgress",
      "change-template-document-name": "disks",
      "runbook-document-arn": "arn:aws:ssm:us-west-2:123456789012:document/grow",
      "runbook-document-version": "1",
      "auto-approve": true,
      approvers: ["arn:aws:iam::123456789012:user/john"]
    },
    "Configuration Compliance State Change": {
      "resource-type": "managed-instance",
      "resource-id": "i-01234567890abcdef",
      "compliance-status": "non_compliant",
      "compliance-type": "Patch",
      "patch-baseline-id": "PB789",
      severity: "critical"
    },
    "Maintenance Window State-change Notification": { "window-id": "mw-0c50858d01ab2cd3e", status: "DISABLED" },
    "Maintenance Window Target Registration Notification": {
      "window-target-id": "e7265f13-3cc5-4f2f-97a9-7d3ca86c32a6",
      "window-id": "mw-0ed7251d3fcf6e0c2",
      status: "REGISTERED"
    },
    "Maintenance Window Task Registration Notification": {
      "window-task-id": "9d2b2ff1-7f4e-4b8b-9c0e-1f2a3b4c5d6e",
      "window-id": "mw-0ed7251d3fcf6e0c2",
      status: "REGISTERED"
    },
    "Maintenance Window Execution State-change Notification": execution,
    "Maintenance Window Task Execution State-change Notification": {
      ...execution,
      "task-execution-id": "6417e808-7f35-4d1a-843f-123456789012"
    },
    "Maintenance Window Task Target Invocation State-change Notification": {
      ...execution,
      "task-execution-id": "c9b05aba-197f-4d8d-be34-e73fb0a1b2c3",
      "window-target-id": "e32eecb2-646c-4f4b-8ed1-205fb4d5e6f7",
      "owner-information": "Owner"
    },
    "Parameter Store Change": { operation: "Create", name: "/shop/price", type: "String", description: "In euros" },
    "Parameter Store Policy Action": {
      "policy-type": "NoChangeNotification",
      "parameter-name": "/shop/key",
      "parameter-type": "SecureString",
      "policy-content":
        "{\"Type\":\"NoChangeNotification\",\"Version\":\"1.0\",\"Attributes\":{\"After\":\"20\",\"Unit\":\"Days\"}}",
      "action-status": "Success",
      "action-reason": "The parameter has not been changed for 20 days."
    },
    "OpsItem Create": opsItem,
    "OpsItem Update": {
      ...opsItem,
      "modified-by": "arn:aws:iam::123456789012:user/jane",
      "modified-time": "2024-10-19T02:46:54.337Z"
    },
    "EC2 Command Status-change Notification": {
      ...command,
      "expire-after": "2024-07-14T22:01:30.049Z",
      parameters: { executionTimeout: ["3600"], commands: ["date"] }
    },
    "EC2 Command Invocation Status-change Notification": { ...command, "instance-id": "i-02573cafcf0123456" },
    "EC2 State Manager Association State Change": {
      ...association,
      "association-version": "1",
      "last-updated-date": "2024-02-13T17:22:54.458Z",
      "association-status-aggregated-count": "{\"Success\":1}",
      "schedule-expression": "cron(0 */30 * * * ? *)",
      "association-cwe-version": "1.0"
    },
    "EC2 State Manager Instance Association State Change": {
      ...association,
      "instance-id": "i-12345678",
      "detailed-status": "",
      "error-code": "testErrorCode",
      "execution-summary": "1 out of 1 plugin processed, 1 success",
      "output-url": "https://s3.amazonaws.com/amzn-s3-demo-bucket/out",
      "instance-association-cwe-version": "1"
    }
  }
}
