import type { Kysely } from 'kysely';
import { AppError } from '../../contracts/errors.ts';
import { isTerminal, type RunPhase } from '../../contracts/runs.ts';
import type { Database } from '../../db/database.ts';
import { insertAuditEntry } from '../../db/repositories/audit.repository.ts';
import { insertMessage } from '../../db/repositories/messages.repository.ts';
import { lockRun, type RunRow, updateCancelReason } from '../../db/repositories/runs.repository.ts';
import { newId } from '../../platform/ids.ts';
import { type Actor, toAuditActor } from '../governance/actor.ts';
import type { Secrets } from '../secrets/index.ts';
import type { AgentRuns } from './agent-runs.ts';

interface Deps {
  db: Kysely<Database>;
  agentRuns: AgentRuns;
}
interface ControlOptions {
  runId: string;
  actor: Actor;
}
type Accepted = { run_id: string; status: RunPhase };

const refuseEnded = (run: RunRow): void => {
  if (isTerminal(run.phase)) {
    throw new AppError('RUN_ENDED', `The run is ${run.phase.replaceAll('_', ' ')} since ${run.finished_at?.toISOString()}.`, { details: { status: run.phase, finished_at: run.finished_at?.toISOString() ?? null } });
  }
};

/** Writes what somebody asked of an open run into the records, then tells Temporal; throws RUN_NOT_FOUND and RUN_ENDED. */
async function control(
  { db }: Deps,
  { runId, actor }: ControlOptions,
  request: { action: string; after?: unknown; record?: (trx: Parameters<typeof lockRun>[0], run: RunRow) => Promise<void>; tell: () => Promise<void> },
): Promise<Accepted> {
  const run = await db.transaction().execute(async (trx) => {
    const locked = await lockRun(trx, runId);
    if (locked === undefined) throw new AppError('RUN_NOT_FOUND', `run ${runId}`);
    refuseEnded(locked);
    await request.record?.(trx, locked);
    await insertAuditEntry(trx, { ...toAuditActor(actor), action: request.action, objectType: 'run', objectId: runId, before: { status: locked.phase }, after: request.after });
    return locked;
  });
  await request.tell();
  return { run_id: runId, status: run.phase };
}

/** Asks Temporal to cancel a run, for a reason that is kept without secrets; it ends as cancelled once its work under way has stopped. */
export async function cancelRun(deps: Deps & { secrets: Pick<Secrets, 'mask'> }, options: ControlOptions & { reason?: string | undefined }): Promise<Accepted> {
  const given = options.reason === undefined ? '' : await deps.secrets.mask(options.reason);
  const reason = `Cancelled by ${options.actor.name}${given === '' ? '.' : `: ${given}`}`;
  return control(deps, options, {
    action: 'run.cancel',
    after: { reason },
    record: (trx) => updateCancelReason(trx, options.runId, reason),
    tell: () => deps.agentRuns.cancel(options.runId),
  });
}

/** Lets a run hold before its next step. */
export async function pauseRun(deps: Deps, options: ControlOptions): Promise<Accepted> {
  return control(deps, options, { action: 'run.pause', tell: () => deps.agentRuns.pause(options.runId, { by: options.actor.name }) });
}

/** Lets a paused run go on. */
export async function resumeRun(deps: Deps, options: ControlOptions): Promise<Accepted> {
  return control(deps, options, { action: 'run.resume', tell: () => deps.agentRuns.resume(options.runId, { by: options.actor.name }) });
}

/** Says something into the conversation, without any secret that stands in it; the model reads it on its next turn, and a run about to finish takes one more. */
export async function steerRun(deps: Deps & { secrets: Pick<Secrets, 'mask'> }, options: ControlOptions & { message: string }): Promise<Accepted> {
  const text = await deps.secrets.mask(options.message);
  const messageId = newId();
  return control(deps, options, {
    action: 'run.steer',
    after: { message_id: messageId },
    record: (trx, run) => insertMessage(trx, { id: messageId, runId: options.runId, iteration: Math.max(1, run.iterations), source: 'operator', text }),
    tell: () => deps.agentRuns.steer(options.runId, { messageId }),
  });
}

