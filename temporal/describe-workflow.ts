import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { TemporalRunStatus } from '../engine/runs/agent-runs.ts';

const statusOf: Record<string, TemporalRunStatus> = {
  RUNNING: 'open', CONTINUED_AS_NEW: 'open', PAUSED: 'open', COMPLETED: 'completed', FAILED: 'failed', CANCELLED: 'cancelled', TERMINATED: 'terminated', TIMED_OUT: 'timed_out',
};

/** How Temporal sees the newest execution of a workflow. */
export async function describeWorkflow(client: Pick<Client, 'workflow'>, workflowId: string): Promise<{ status: TemporalRunStatus; temporalRunId: string | null }> {
  try {
    const { status, runId } = await client.workflow.getHandle(workflowId).describe();
    return { status: statusOf[status.name] ?? 'open', temporalRunId: runId };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return { status: 'missing', temporalRunId: null };
    throw error;
  }
}
