import { type Client, WorkflowExecutionAlreadyStartedError, WorkflowIdConflictPolicy, WorkflowIdReusePolicy, WorkflowNotFoundError } from '@temporalio/client';
import { defineSearchAttributeKey, TypedSearchAttributes } from '@temporalio/common';
import { AppError } from '../contracts/errors.ts';
import type { AgentRuns } from '../engine/runs/agent-runs.ts';
import { toLine } from '../platform/shorten.ts';
import { approvalDecisionSignal, pauseSignal, resumeSignal, steerSignal } from '../workflows/agent-run/messages.ts';
import type { AgentRunInput } from '../workflows/agent-run/workflow.ts';
import { describeWorkflow } from './describe-workflow.ts';
import { agentRunWorkflowType, maintenanceWorkflowId, maintenanceWorkflowType, searchAttributes, summaryCharacters, taskQueueOf } from './names.ts';
import { toTemporalError } from './to-temporal-error.ts';

const keys = {
  agentId: defineSearchAttributeKey('AgentId', searchAttributes.AgentId),
  agentName: defineSearchAttributeKey('AgentName', searchAttributes.AgentName),
  agentVersion: defineSearchAttributeKey('AgentVersion', searchAttributes.AgentVersion),
  phase: defineSearchAttributeKey('RunPhase', searchAttributes.RunPhase),
  startedBy: defineSearchAttributeKey('StartedBy', searchAttributes.StartedBy),
};

/** Translates what the client throws; `runId` names the workflow in the log. */
async function asking<Result>(runId: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) throw new AppError('RUN_ENDED', `the workflow of run ${runId} is closed`, { cause: error });
    throw toTemporalError(error, `run ${runId}`);
  }
}

/** The engine's port on durable runs, kept by Temporal. The workflow id is the run id. */
export function createAgentRuns(client: Client, options: { taskQueuePrefix: string; namespace: string; uiUrl?: string | undefined; publicUrl?: string | undefined; turnsPerHistory?: number | undefined }): AgentRuns {
  const handle = (runId: string) => client.workflow.getHandle(runId);
  return {
    start: (run) =>
      asking(run.runId, async () => {
        const input: AgentRunInput = {
          runId: run.runId,
          limits: {
            maxIterations: run.limits.max_iterations, maxTokens: run.limits.max_tokens,
            maxCostMicroUsd: run.limits.max_cost_micro_usd, maxDurationMs: run.limits.max_duration_seconds * 1000,
          },
          onRejection: run.onRejection,
          ...(options.turnsPerHistory === undefined ? {} : { turnsPerHistory: options.turnsPerHistory }),
        };
        try {
          const started = await client.workflow.start(agentRunWorkflowType, {
            workflowId: run.runId,
            taskQueue: taskQueueOf('workflows', options.taskQueuePrefix),
            args: [input],
            workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
            workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
            staticSummary: toLine(`${run.agentName}: ${run.goal}`, summaryCharacters),
            staticDetails: `Agent **${toLine(run.agentName, 120)}** version ${run.agentVersion}\n\n${options.publicUrl ?? ''}/maestro/runs/${run.runId}`,
            typedSearchAttributes: new TypedSearchAttributes([
              { key: keys.agentId, value: run.agentId },
              { key: keys.agentName, value: toLine(run.agentName, summaryCharacters) },
              { key: keys.agentVersion, value: String(run.agentVersion) },
              { key: keys.phase, value: 'running' },
              { key: keys.startedBy, value: run.startedBy },
            ]),
          });
          return { temporalRunId: started.firstExecutionRunId };
        } catch (error) {
          // It ran and ended already: starting the same run again is the same start.
          if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
          return { temporalRunId: (await handle(run.runId).describe()).runId };
        }
      }),
    signalApproval: (runId, signal) => asking(runId, () => handle(runId).signal(approvalDecisionSignal, signal)),
    pause: (runId, signal) => asking(runId, () => handle(runId).signal(pauseSignal, signal)),
    resume: (runId, signal) => asking(runId, () => handle(runId).signal(resumeSignal, signal)),
    steer: (runId, signal) => asking(runId, () => handle(runId).signal(steerSignal, signal)),
    cancel: async (runId) => {
      await asking(runId, () => handle(runId).cancel());
    },
    describe: (runId) => asking(runId, () => describeWorkflow(client, runId)),
    ping: () => asking('', async () => void (await client.workflowService.describeNamespace({ namespace: options.namespace }))),
    uiUrl: (runId, temporalRunId) =>
      options.uiUrl === undefined
        ? null
        : `${options.uiUrl.replace(/\/$/, '')}/namespaces/${encodeURIComponent(options.namespace)}/workflows/${runId}${temporalRunId === null ? '' : `/${temporalRunId}/timeline`}`,
  };
}

/** Starts the workflow that keeps records true, unless it runs already. */
export async function ensureMaintenance(client: Client, taskQueuePrefix: string, input: { intervalMs?: number } = {}): Promise<void> {
  await client.workflow.start(maintenanceWorkflowType, {
    workflowId: maintenanceWorkflowId(taskQueuePrefix),
    taskQueue: taskQueueOf('workflows', taskQueuePrefix),
    args: [input],
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
    staticSummary: 'Keeps run records true to Temporal',
  });
}
