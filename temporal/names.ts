// Names shared by workers, workflows and clients. Imports nothing, so that the workflow bundle stays small.

/** What a worker process may do; each role polls a task queue of its own so that they scale and fail apart. */
export const workerRoles = ['workflows', 'models', 'tools', 'sandbox'] as const;
export type WorkerRole = (typeof workerRoles)[number];

export const defaultTaskQueuePrefix = 'maestro';

/** The task queue of a role: `maestro-models`. Another prefix keeps two systems (or tests) apart in one namespace. */
export const taskQueueOf = (role: WorkerRole, prefix: string = defaultTaskQueuePrefix): string => `${prefix}-${role}`;

/** The queue of another role beside the one a workflow runs on. */
export const siblingTaskQueue = (workflowTaskQueue: string, role: WorkerRole): string =>
  taskQueueOf(role, workflowTaskQueue.replace(/-workflows$/, ''));

export const agentRunWorkflowType = 'agentRunWorkflow';
export const maintenanceWorkflowType = 'maintenanceWorkflow';
export const noticesWorkflowType = 'noticesWorkflow';
export const backTestWorkflowType = 'backTestWorkflow';

/** One maintenance workflow per task queue prefix. */
export const maintenanceWorkflowId = (prefix: string = defaultTaskQueuePrefix): string => `${prefix}-maintenance`;

/** One workflow that delivers notices per task queue prefix. */
export const noticesWorkflowId = (prefix: string = defaultTaskQueuePrefix): string => `${prefix}-notices`;

/** One workflow per back-test. */
export const backTestWorkflowId = (backTestId: string, prefix: string = defaultTaskQueuePrefix): string => `${prefix}-back-test-${backTestId}`;

/** Characters of what Temporal takes as a summary (200), without the ellipsis. */
export const summaryCharacters = 199;

/**
 * Search attributes and their types, within SQL visibility's limits (10 Keyword, 3 of each other type).
 * @see https://docs.temporal.io/search-attribute
 */
export const searchAttributes = {
  AgentId: 'KEYWORD',
  AgentName: 'KEYWORD',
  AgentVersion: 'KEYWORD',
  RunPhase: 'KEYWORD',
  WaitingFor: 'KEYWORD',
  RiskLevel: 'KEYWORD',
  StartedBy: 'KEYWORD',
  AwaitingSince: 'DATETIME',
  CostUsd: 'DOUBLE',
  Iteration: 'INT',
  TokensTotal: 'INT',
} as const;
export type SearchAttributeName = keyof typeof searchAttributes;
