import type { Kysely } from 'kysely';
import { AppError } from '../../contracts/errors.ts';
import { isTerminal, type RunPhase } from '../../contracts/runs.ts';
import type { Database } from '../../db/database.ts';
import { insertAuditEntry } from '../../db/repositories/audit.repository.ts';
import { insertMessage } from '../../db/repositories/messages.repository.ts';
import { lockRun, type RunRow, takeBackHoldAsked, updateCancelReason, updateHoldAsked } from '../../db/repositories/runs.repository.ts';
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

interface ControlRequest {
  action: string;
  after?: unknown;
  /** Default: always. */
  isNeeded?: (run: RunRow) => boolean;
  record?: (trx: Parameters<typeof lockRun>[0], run: RunRow) => Promise<void>;
  /** Given the run as it was before. */
  tell: (run: RunRow) => Promise<void>;
}

/**
 * Writes what somebody asked of an open run into the records, then tells Temporal; what changes nothing is accepted and left at that.
 * Throws RUN_NOT_FOUND and RUN_ENDED.
 */
async function control({ db }: Deps, { runId, actor }: ControlOptions, request: ControlRequest): Promise<Accepted> {
  const { run, isNeeded } = await db.transaction().execute(async (trx) => {
    const locked = await lockRun(trx, runId);
    if (locked === undefined) throw new AppError('RUN_NOT_FOUND', `run ${runId}`);
    refuseEnded(locked);
    if (request.isNeeded?.(locked) === false) return { run: locked, isNeeded: false };
    await request.record?.(trx, locked);
    await insertAuditEntry(trx, { ...toAuditActor(actor), action: request.action, objectType: 'run', objectId: runId, before: { status: locked.phase }, after: request.after });
    return { run: locked, isNeeded: true };
  });
  if (isNeeded) await request.tell(run);
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

/** The same is asked of Temporal again after this long, should it not be known to have come about. */
const holdPatienceMs = 60_000;

/** Whether asking for a hold or its end would change something. A hold that was asked for on the Temporal side is not known of before it comes about. */
const isHoldNeeded = (run: RunRow, asked: 'pause' | 'resume'): boolean => {
  if (run.hold_asked === null) return asked === 'pause' ? run.phase !== 'paused' : run.phase !== 'queued';
  if (run.hold_asked !== asked) return true;
  const isSo = (run.phase === 'paused') === (asked === 'pause');
  const askedAt = run.hold_asked_at?.getTime() ?? 0;
  const isOld = Date.now() - askedAt >= holdPatienceMs;
  // A phase that began since says that something else overtook it.
  return isSo ? asked === 'resume' && isOld : isOld || run.phase_since.getTime() >= askedAt;
};

/** Asks for a hold or its end where it would change something: a run takes 10,000 signals and no more. */
async function askForHold(deps: Deps, options: ControlOptions, asked: 'pause' | 'resume'): Promise<Accepted> {
  const { runId, actor } = options;
  const askedAt = new Date();
  return control(deps, options, {
    action: `run.${asked}`,
    isNeeded: (run) => isHoldNeeded(run, asked),
    record: (trx) => updateHoldAsked(trx, runId, { asked, askedAt }),
    tell: async (run) => {
      try {
        await deps.agentRuns[asked](runId, { by: actor.name });
      } catch (error) {
        // It may not have reached the run, and can be asked anew at once; where this fails too, in a minute.
        await takeBackHoldAsked(deps.db, runId, { askedAt, before: run.hold_asked }).catch(() => undefined);
        throw error;
      }
    },
  });
}

/** Lets a run hold before its next step; one that is held, or about to be, is left at that. */
export const pauseRun = (deps: Deps, options: ControlOptions): Promise<Accepted> => askForHold(deps, options, 'pause');

/** Lets a paused run go on, or one that may be about to be; one that was let go on already is left at that. */
export const resumeRun = (deps: Deps, options: ControlOptions): Promise<Accepted> => askForHold(deps, options, 'resume');

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

