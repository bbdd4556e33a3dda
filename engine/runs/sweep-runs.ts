import { AppError } from '../../contracts/errors.ts';
import { listOverdueRequests, listUntakenDecisions } from '../../db/repositories/approvals.repository.ts';
import { deleteStrayDrafts } from '../../db/repositories/drafts.repository.ts';
import { findNextDue } from '../../db/repositories/notices.repository.ts';
import { findRunWithAgent, listOpenRuns, lockRun, type RunRow, updateRunAccepted } from '../../db/repositories/runs.repository.ts';
import { type BackTestRunner, sweepBackTests } from '../governance/index.ts';
import type { SettleDeps } from '../hitl/index.ts';
import type { AgentRuns, TemporalRunStatus } from './agent-runs.ts';
import { startRun } from './create-run.ts';
import { finishRun, type RunEnding } from './finish-run.ts';

export interface SweepDeps extends SettleDeps {
  agentRuns: AgentRuns;
  backTestRunner: Pick<BackTestRunner, 'describe'>;
}

export interface SweepResult {
  started: number;
  corrected: number;
  signalled: number;
}

const pageSize = 200;

/** What a run's row must say when Temporal says this of its workflow; undefined: nothing to correct. */
const endingOf = (runId: string, status: TemporalRunStatus): RunEnding | undefined => {
  switch (status) {
    case 'terminated': return { runId, phase: 'cancelled', end: { code: 'TERMINATED_IN_TEMPORAL', message: 'The workflow was terminated from the Temporal side.' } };
    case 'timed_out': return { runId, phase: 'timed_out', end: { code: 'TIMED_OUT_IN_TEMPORAL', message: 'The workflow timed out on the Temporal side.' } };
    case 'cancelled': return { runId, phase: 'cancelled', end: { code: 'CANCELLED_BY_USER', message: 'The workflow was cancelled from the Temporal side.' } };
    case 'failed':
    case 'completed': return { runId, phase: 'failed', end: { code: 'FAILED_IN_TEMPORAL', message: `The workflow ${status} on the Temporal side without writing its end.` } };
    case 'missing': return { runId, phase: 'failed', end: { code: 'FAILED_IN_TEMPORAL', message: 'Temporal no longer knows the workflow of this run.' } };
    case 'open': return undefined;
  }
};

async function startQueued(deps: SweepDeps, run: RunRow): Promise<void> {
  const loaded = await findRunWithAgent(deps.db, run.id);
  if (loaded === undefined) return;
  await startRun(deps, {
    runId: run.id, agentId: run.agent_id, agentName: loaded.agentName, agentVersion: run.agent_version, goal: run.goal,
    startedBy: run.started_by ?? 'Maestro', limits: run.limits, onRejection: loaded.definition.on_rejection,
  });
}

/** A reset or a continue-as-new made another execution of the same workflow: links lead to the newest one. */
async function followTemporalRun(deps: SweepDeps, run: RunRow, temporalRunId: string): Promise<void> {
  await deps.db.transaction().execute(async (trx) => {
    const locked = await lockRun(trx, run.id);
    if (locked !== undefined) await updateRunAccepted(trx, locked, temporalRunId);
  });
}

async function sweepRun(deps: SweepDeps, run: RunRow, before: Date, result: SweepResult): Promise<void> {
  const { status, temporalRunId } = await deps.agentRuns.describe(run.id);
  if (run.start_accepted_at === null && (status === 'missing' || status === 'open')) {
    await startQueued(deps, run);
    result.started++;
    return;
  }
  const ending = run.phase_since < before ? endingOf(run.id, status) : undefined;
  if (ending !== undefined) {
    await finishRun(deps, ending);
    result.corrected++;
  } else if (temporalRunId !== null && temporalRunId !== run.temporal_run_id) {
    await followTemporalRun(deps, run, temporalRunId);
  }
}

/**
 * Keeps the records true to Temporal: starts runs whose start was lost, ends rows whose workflow was ended from the outside, and
 * signals decisions a run has not taken up, and requests whose time is up. The same for back-tests. Young rows are left alone: their request may be under way.
 * @param options.minAgeMs default 10,000.
 */
export async function sweepRuns(deps: SweepDeps, options: { minAgeMs?: number; onProgress?: () => void } = {}): Promise<SweepResult> {
  const before = new Date(Date.now() - (options.minAgeMs ?? 10_000));
  const result: SweepResult = { started: 0, corrected: 0, signalled: 0 };
  const failures: unknown[] = [];
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      // Without Temporal or the database there is nothing to sweep; a single run must not keep the others from it.
      if (error instanceof AppError && error.retryable) throw error;
      failures.push(error);
    }
  };
  for (let afterId: string | undefined; ; ) {
    const runs = await listOpenRuns(deps.db, { afterId, limit: pageSize });
    for (const run of runs.filter((candidate) => candidate.created_at < before)) {
      options.onProgress?.();
      await attempt(() => sweepRun(deps, run, before, result));
    }
    if (runs.length < pageSize) break;
    afterId = runs.at(-1)?.id;
  }
  for (const { runId, requestId } of [...(await listUntakenDecisions(deps.db, before)), ...(await listOverdueRequests(deps.db, before))]) {
    options.onProgress?.();
    await attempt(async () => {
      await deps.agentRuns.signalApproval(runId, { requestId });
      result.signalled++;
    });
  }
  await attempt(() => sweepBackTests(deps, options));
  await deleteStrayDrafts(deps.db, before);
  // Overdue notices have nobody who delivers them: whoever queued them died before waking it, or it was ended from the outside.
  const due = await findNextDue(deps.db);
  if (due !== undefined && due < before) await deps.notifier.wake();
  // The round is over for all the others; failing now lets Temporal show why and try again.
  if (failures.length > 0) throw failures[0];
  return result;
}
