import { setTimeout } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { AppError } from '../../contracts/errors.ts';
import type { CreateRunBody, CreateRunResponse } from '../../contracts/runs.ts';
import type { Database } from '../../db/database.ts';
import { findAgentForRun, lockAgentForRun } from '../../db/repositories/agent-pins.repository.ts';
import { insertAuditEntry } from '../../db/repositories/audit.repository.ts';
import { insertEvents } from '../../db/repositories/events.repository.ts';
import {
  deleteQueuedRun, findRunByIdempotencyKey, insertRun, lockRun, type RunRow, updateRunAccepted,
} from '../../db/repositories/runs.repository.ts';
import { hashJson } from '../../platform/hash-json.ts';
import { newId } from '../../platform/ids.ts';
import { type Actor, toAuditActor } from '../governance/actor.ts';
import type { Secrets } from '../secrets/index.ts';
import type { AgentRuns, AgentRunStart } from './agent-runs.ts';

interface Deps {
  db: Kysely<Database>;
  agentRuns: AgentRuns;
}

interface CreateDeps extends Deps {
  secrets: Pick<Secrets, 'mask'>;
}

/** How long a repeated request waits for the first one to be started. */
const startPatienceMs = 5_000;

const toResponse = (run: RunRow): CreateRunResponse => ({ run_id: run.id, status: run.phase, created_at: run.created_at.toISOString() });

/** A repeated request under the same key: the first one's answer, or a refusal when it asks for something else. */
async function replay(db: Kysely<Database>, userId: string, key: string, requestHash: string): Promise<CreateRunResponse | undefined> {
  for (const deadline = Date.now() + startPatienceMs; ; ) {
    const earlier = await findRunByIdempotencyKey(db, userId, key);
    if (earlier === undefined) return undefined;
    if (earlier.request_hash !== requestHash) throw new AppError('IDEMPOTENCY_KEY_REUSED', undefined, { details: { run_id: earlier.id } });
    // While the first request is still starting it, the row may yet be taken back.
    if (earlier.start_accepted_at !== null || Date.now() > deadline) return toResponse(earlier);
    await setTimeout(100);
  }
}

/** Hands a queued run to Temporal and notes that it was accepted. */
export async function startRun({ db, agentRuns }: Deps, start: AgentRunStart): Promise<RunRow> {
  const { temporalRunId } = await agentRuns.start(start);
  return db.transaction().execute(async (trx) => {
    const run = await lockRun(trx, start.runId);
    if (run === undefined) throw new AppError('RUN_NOT_FOUND', `run ${start.runId}`);
    return updateRunAccepted(trx, run, temporalRunId);
  });
}

/**
 * Creates a run of an agent's current version and starts it. The row is written first, so that a run Temporal knows always has
 * one; when the start is refused the row is removed again and RUN_NOT_STARTED thrown. When this process dies in between, the
 * sweeper starts it. Also throws AGENT_NOT_FOUND and IDEMPOTENCY_KEY_REUSED.
 */
export async function createRun(
  deps: CreateDeps,
  { body: given, actor, idempotencyKey }: { body: CreateRunBody; actor: Actor; idempotencyKey?: string | undefined },
): Promise<CreateRunResponse & { replayed: boolean }> {
  const { db } = deps;
  // A key somebody wrote into the goal becomes a reference to it: it is read by models, shown to everybody and stands in Temporal.
  const body: CreateRunBody = { ...given, inputs: await deps.secrets.mask(given.inputs) };
  const requestHash = hashJson(body);
  if (idempotencyKey !== undefined && actor.userId !== null) {
    const earlier = await replay(db, actor.userId, idempotencyKey, requestHash);
    if (earlier !== undefined) return { ...earlier, replayed: true };
  }
  const agent = await findAgentForRun(db, body.agent_id);
  if (agent === undefined) throw new AppError('AGENT_NOT_FOUND', `agent ${body.agent_id}`);
  const overrides = Object.fromEntries(Object.entries(body.limits ?? {}).filter(([, value]) => value !== undefined));
  const limits = { ...agent.definition.limits, ...overrides };

  const inserted = await db.transaction().execute(async (trx) => {
    // Read again, and held: an agent that is being deleted starts nothing any more.
    if (!(await lockAgentForRun(trx, agent.id))) throw new AppError('AGENT_NOT_FOUND', `agent ${agent.id}`);
    const run = await insertRun(trx, {
      id: newId(), agentId: agent.id, agentVersion: agent.version, inputs: body.inputs, limits,
      startedBy: actor.userId, idempotencyKey: idempotencyKey ?? null, requestHash,
    });
    if (run === undefined) return undefined;
    await insertEvents(trx, [{ type: 'run-changed', run_id: run.id, data: { agent_id: agent.id, status: 'queued', iterations: 0 } }]);
    await insertAuditEntry(trx, {
      ...toAuditActor(actor), action: 'run.create', objectType: 'run', objectId: run.id,
      after: { agent_id: agent.id, agent_version: agent.version, goal: run.goal, limits },
    });
    return run;
  });
  if (inserted === undefined) {
    // Another request with the same key was faster by a moment.
    const earlier = await replay(db, actor.userId ?? '', idempotencyKey ?? '', requestHash);
    if (earlier === undefined) throw new AppError('RUN_NOT_STARTED', `the run with key ${idempotencyKey} was removed meanwhile`);
    return { ...earlier, replayed: true };
  }
  try {
    const run = await startRun(deps, {
      runId: inserted.id, agentId: agent.id, agentName: agent.name, agentVersion: agent.version, goal: inserted.goal,
      startedBy: actor.userId ?? actor.name, limits, onRejection: agent.definition.on_rejection,
    });
    return { ...toResponse(run), replayed: false };
  } catch (error) {
    // A workflow that was started all the same finds no row and ends itself.
    await deleteQueuedRun(db, inserted.id);
    throw new AppError('RUN_NOT_STARTED', `run ${inserted.id}`, { cause: error });
  }
}
