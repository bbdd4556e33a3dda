import { AppError } from '../../contracts/errors.ts';
import { isDatabaseUnavailable } from '../../db/is-unavailable.ts';
import { listEndedRunsThatAsk, listOverdueRequests, listUntakenDecisions, type MissedRequest, updateRequestSignalled } from '../../db/repositories/approvals.repository.ts';
import { listRunningBackTests } from '../../db/repositories/back-tests.repository.ts';
import { deleteStrayDrafts } from '../../db/repositories/drafts.repository.ts';
import { findNextDue } from '../../db/repositories/notices.repository.ts';
import { findRunWithAgent, listOpenRuns, lockRun, type RunRow, updateRunAccepted } from '../../db/repositories/runs.repository.ts';
import { type BackTestRunner, sweepBackTest } from '../governance/index.ts';
import type { SettleDeps } from '../hitl/index.ts';
import type { AgentRuns, TemporalRunStatus } from './agent-runs.ts';
import { startRun } from './create-run.ts';
import { closeEndedRun, finishRun, type RunEnding } from './finish-run.ts';

export interface SweepDeps extends SettleDeps {
  agentRuns: AgentRuns;
  backTestRunner: Pick<BackTestRunner, 'describe'>;
}

export interface SweepResult {
  started: number;
  corrected: number;
  signalled: number;
  failed: number;
}

/** What a failure was about. */
interface FailedSweep {
  part: string;
  /** Absent where it was the part as a whole. */
  runId?: string;
  backTestId?: string;
}

interface SweepOptions {
  minAgeMs?: number;
  onProgress?: () => void;
  onFailure?: (error: unknown, about: FailedSweep) => void;
}

const pageSize = 200;
/** A single run may be too busy to answer; after so many in a row nobody does, and the rest of that part waits for the next round. */
const maxOutagesInRow = 3;

/** Whether Temporal or the database could not be reached. */
const isOutage = (error: unknown): boolean => (error instanceof AppError && error.retryable) || isDatabaseUnavailable(error);

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

/** Tells a run of a request; one that does not take it is tried as seldom as one that took it and did not go on. */
async function tellOfRequest(deps: SweepDeps, { runId, requestId }: MissedRequest, result: SweepResult): Promise<void> {
  try {
    await deps.agentRuns.signalApproval(runId, { requestId });
    result.signalled++;
  } catch (error) {
    if (!isOutage(error)) await updateRequestSignalled(deps.db, requestId);
    throw error;
  }
  await updateRequestSignalled(deps.db, requestId);
}

/** Overdue notices have nobody who delivers them: whoever queued them died before waking it, or it was ended from the outside. */
async function wakeNotices(deps: SweepDeps, before: Date): Promise<void> {
  const due = await findNextDue(deps.db);
  if (due !== undefined && due < before) await deps.notifier.wake();
}

async function* listAllOpenRuns(db: SweepDeps['db']): AsyncGenerator<RunRow> {
  for (let afterId: string | undefined; ; ) {
    const runs = await listOpenRuns(db, { afterId, limit: pageSize });
    yield* runs;
    if (runs.length < pageSize) return;
    afterId = runs.at(-1)?.id;
  }
}

/**
 * Keeps the records true to Temporal: starts runs whose start was lost, ends rows whose workflow was ended from the outside, signals
 * decisions a run has not taken up and requests whose time is up, and withdraws what ended runs still ask. The same for back-tests.
 * Young rows are left alone: their request may be under way. What fails keeps nothing else from being looked at. Throws
 * TEMPORAL_UNAVAILABLE, or what the database failed with, where a part was given up for it, when all the other parts are done.
 * @param options.minAgeMs default 10,000.
 * @param options.onFailure is told of whatever failed, and what it was about.
 */
export async function sweepRuns(deps: SweepDeps, options: SweepOptions = {}): Promise<SweepResult> {
  const before = new Date(Date.now() - (options.minAgeMs ?? 10_000));
  const result: SweepResult = { started: 0, corrected: 0, signalled: 0, failed: 0 };
  const outages: unknown[] = [];
  const note = (error: unknown, about: FailedSweep): void => {
    result.failed++;
    options.onFailure?.(error, about);
  };
  const sweepPart = async (part: string, sweep: () => Promise<void>): Promise<void> => {
    options.onProgress?.();
    await sweep().catch((error: unknown) => {
      if (isOutage(error)) outages.push(error);
      note(error, { part });
    });
  };
  const sweepEach = <Item>(part: string, list: () => AsyncIterable<Item> | Promise<Iterable<Item>>, idOf: (item: Item) => Omit<FailedSweep, 'part'>, sweep: (item: Item) => Promise<void>): Promise<void> =>
    sweepPart(part, async () => {
      let outagesInRow = 0;
      for await (const item of await list()) {
        options.onProgress?.();
        try {
          await sweep(item);
          outagesInRow = 0;
        } catch (error) {
          outagesInRow = isOutage(error) ? outagesInRow + 1 : 0;
          if (outagesInRow === maxOutagesInRow) throw error;
          note(error, { part, ...idOf(item) });
        }
      }
    });
  const ofRequest = ({ runId }: MissedRequest) => ({ runId });
  await sweepEach('open runs', () => listAllOpenRuns(deps.db), ({ id }) => ({ runId: id }), async (run) => {
    if (run.created_at < before) await sweepRun(deps, run, before, result);
  });
  await sweepEach('decisions', () => listUntakenDecisions(deps.db, before), ofRequest, (missed) => tellOfRequest(deps, missed, result));
  await sweepEach('overdue requests', () => listOverdueRequests(deps.db, before), ofRequest, (missed) => tellOfRequest(deps, missed, result));
  await sweepEach('ended runs', () => listEndedRunsThatAsk(deps.db, before), (runId) => ({ runId }), (runId) => closeEndedRun(deps, runId));
  await sweepEach('back-tests', () => listRunningBackTests(deps.db, before), ({ id }) => ({ backTestId: id }), ({ id }) => sweepBackTest(deps, id));
  await sweepPart('drafts', () => deleteStrayDrafts(deps.db, before));
  await sweepPart('notices', () => wakeNotices(deps, before));
  // Failing now lets Temporal show why, and try again later and later.
  if (outages.length > 0) throw outages[0];
  return result;
}
