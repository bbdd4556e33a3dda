import type { Kysely } from 'kysely';
import type { z } from 'zod';
import { AppError } from '../../contracts/errors.ts';
import type { Attempt, attemptRequestSchema } from '../../contracts/runs.ts';
import type { Database } from '../../db/database.ts';
import { findTurnCall, listTurnCalls, type ModelCallRow } from '../../db/repositories/model-calls.repository.ts';
import { findRun } from '../../db/repositories/runs.repository.ts';
import { findStep, type StepRow } from '../../db/repositories/steps.repository.ts';
import { pickUsage } from '../../db/usage.ts';
import { readRequestBody } from '../reasoning/index.ts';

interface Deps {
  db: Kysely<Database>;
}

const isUnsaid = (row: ModelCallRow): boolean => row.input_tokens === null && row.output_tokens === null && row.raw_usage === null;

const toAttempt = (row: ModelCallRow): Attempt => ({
  id: row.id,
  attempt: row.attempt,
  llm_provider: row.llm_provider,
  llm_connection: row.connection_name,
  llm_model: row.llm_model,
  status: row.status,
  is_cached: row.is_cached,
  error: row.error,
  action: row.action,
  retry_at: row.retry_at?.toISOString() ?? null,
  usage: isUnsaid(row) ? null : pickUsage(row),
  cost_micro_usd: row.cost_micro_usd,
  first_token_ms: row.first_token_ms,
  request_bytes: row.request_bytes,
  dropped_turns: row.dropped_turns,
  started_at: row.started_at.toISOString(),
  finished_at: row.finished_at?.toISOString() ?? null,
});

/** The turn a step belongs to. The step that gives the answer shares its number with the turn before, so its message says which it is. */
async function getTurn(db: Kysely<Database>, runId: string, stepId: string): Promise<{ step: StepRow; iteration: number }> {
  const found = await findStep(db, runId, stepId);
  if (found !== undefined) return { step: found.step, iteration: found.turn };
  if ((await findRun(db, runId)) === undefined) throw new AppError('RUN_NOT_FOUND', `run ${runId}`);
  throw new AppError('STEP_NOT_FOUND', `step ${stepId} of run ${runId}`);
}

/** Each request to a model within a step, oldest first; none for steps that ask no model. Throws RUN_NOT_FOUND and STEP_NOT_FOUND. */
export async function listAttempts({ db }: Deps, runId: string, stepId: string): Promise<{ items: Attempt[] }> {
  const { step, iteration } = await getTurn(db, runId, stepId);
  if (step.kind !== 'reasoning' && step.kind !== 'finish') return { items: [] };
  return { items: (await listTurnCalls(db, runId, iteration)).map(toAttempt) };
}

/** What an attempt sent, byte for byte. Throws RUN_NOT_FOUND, STEP_NOT_FOUND and ATTEMPT_NOT_FOUND. */
export async function getAttemptRequest({ db }: Deps, { runId, stepId, attemptId }: { runId: string; stepId: string; attemptId: string }): Promise<z.output<typeof attemptRequestSchema>> {
  const { iteration } = await getTurn(db, runId, stepId);
  const call = await findTurnCall(db, { runId, iteration, callId: attemptId });
  const body = call?.request_ref == null ? undefined : await readRequestBody(db, call.request_ref);
  if (call?.request_url == null || body === undefined) throw new AppError('ATTEMPT_NOT_FOUND', `attempt ${attemptId} of step ${stepId}`);
  return { method: 'POST', url: call.request_url, body };
}
