import type { RunLimits } from '../../contracts/agents.ts';

/** What is needed to start the workflow of a run; ids and small facts, no content beyond the goal's first line. */
export interface AgentRunStart {
  runId: string;
  agentId: string;
  agentName: string;
  agentVersion: number;
  goal: string;
  /** The id of the person, never their name: it is shown on the Temporal side. */
  startedBy: string;
  limits: RunLimits;
  onRejection: 'tell_agent' | 'fail_run';
}

/** How Temporal sees a run: `missing` when it knows no such workflow. */
export type TemporalRunStatus = 'open' | 'completed' | 'failed' | 'cancelled' | 'terminated' | 'timed_out' | 'missing';

/**
 * The durable side of runs, kept by Temporal. All calls throw TEMPORAL_UNAVAILABLE when it cannot be reached, TEMPORAL_REFUSED when it
 * does not take what is asked (a run has had its 10,000 signals), and RUN_ENDED when the workflow a message is for is closed.
 */
export interface AgentRuns {
  /** Starts the run's workflow; starting the same run again is the same start. */
  start(run: AgentRunStart): Promise<{ temporalRunId: string }>;
  signalApproval(runId: string, signal: { requestId: string }): Promise<void>;
  pause(runId: string, signal: { by: string }): Promise<void>;
  resume(runId: string, signal: { by: string }): Promise<void>;
  steer(runId: string, signal: { messageId: string }): Promise<void>;
  cancel(runId: string): Promise<void>;
  describe(runId: string): Promise<{ status: TemporalRunStatus; temporalRunId: string | null }>;
  ping(): Promise<void>;
  /** The workflow's page in the Temporal Web UI; null when no address of it is configured. */
  uiUrl(runId: string, temporalRunId: string | null): string | null;
}
