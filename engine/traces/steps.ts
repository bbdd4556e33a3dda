import type { Kysely } from 'kysely';
import { z } from 'zod';
import { AppError } from '../../contracts/errors.ts';
import type { Page, PageQuery } from '../../contracts/pagination.ts';
import { type Step, stepBodyListLimit, type StepKind } from '../../contracts/runs.ts';
import { riskLevelSchema } from '../../contracts/tools.ts';
import type { Database } from '../../db/database.ts';
import { type DraftPiece, listDraftPieces } from '../../db/repositories/drafts.repository.ts';
import { findRun } from '../../db/repositories/runs.repository.ts';
import { findStepView, listStepViews, type Sized, type StepView } from '../../db/repositories/step-views.repository.ts';
import { pickUsage } from '../../db/usage.ts';
import { parsePageCursor } from '../../platform/page-cursor.ts';
import { toPage } from '../../platform/to-page.ts';
import { toDraft } from './to-draft.ts';

interface Deps {
  db: Kysely<Database>;
}

const cursorSchema = z.strictObject({ sequence: z.int().nonnegative() });

/** What went in and what came out, from the facts each kind of step points to. */
function toBodies(view: StepView): { input: Sized | null; output: Sized | null } {
  switch (view.kind) {
    case 'reasoning':
    case 'finish': return { input: view.request, output: view.answer };
    case 'safety': return { input: view.call, output: view.check };
    case 'approval': return { input: view.question, output: view.decision };
    case 'tool': return { input: view.call, output: view.output };
    case 'memory': return { input: null, output: view.memory };
  }
}

const isLeftOut = (sized: Sized | null, limitBytes: number): boolean => sized?.bytes != null && sized.bytes > limitBytes;

/** What an open step waits for; a moment that has passed is no waiting: a worker is about to take it up. */
const toWaiting = ({ status, waiting_reason: reason, waiting_until: until }: StepView, now: Date): Step['waiting'] =>
  status === 'running' && reason !== null && until !== null && until > now ? { reason, until: until.toISOString() } : null;

const isThinking = (view: StepView): boolean => view.kind === 'reasoning' && view.status === 'running';

/** What open steps among these have said so far; without one nothing is read. */
const listPieces = async (db: Kysely<Database>, runId: string, views: readonly StepView[]): Promise<DraftPiece[]> => (views.some(isThinking) ? listDraftPieces(db, runId) : []);

function toStep(view: StepView, limitBytes: number, pieces: readonly DraftPiece[]): Step {
  const { input, output } = toBodies(view);
  const durationMs = view.finished_at === null ? null : Math.max(0, view.finished_at.getTime() - view.started_at.getTime());
  return {
    id: view.id,
    run_id: view.run_id,
    iteration: view.iteration,
    sequence: view.sequence,
    kind: view.kind,
    status: view.status,
    summary: view.summary,
    tool_name: view.tool_name,
    tool_call_id: view.tool_call_id,
    approval_id: view.request_id,
    risk_level: riskLevelSchema.nullable().parse(view.risk_level),
    input: (input?.body ?? null) as Step['input'],
    output: (output?.body ?? null) as Step['output'],
    is_shortened: isLeftOut(input, limitBytes) || isLeftOut(output, limitBytes),
    error: view.error,
    llm_model: view.llm_model,
    llm_connection: view.llm_connection,
    is_fallback: view.is_fallback,
    is_cached: view.is_cached,
    saved_micro_usd: view.saved_micro_usd,
    first_token_ms: view.first_token_ms,
    waiting: toWaiting(view, new Date()),
    draft: isThinking(view) ? toDraft(view.id, pieces) : null,
    usage: view.message_id === null ? null : pickUsage(view),
    cost_micro_usd: view.cost_micro_usd,
    attempt: view.attempt,
    started_at: view.started_at.toISOString(),
    finished_at: view.finished_at?.toISOString() ?? null,
    duration_ms: durationMs,
  };
}

/** The trace of a run in order, large bodies left out. Throws RUN_NOT_FOUND and CURSOR_INVALID. */
export async function listSteps({ db }: Deps, runId: string, query: PageQuery & { kind?: StepKind | undefined }): Promise<Page<Step>> {
  const after = parsePageCursor(cursorSchema, query.cursor);
  if ((await findRun(db, runId)) === undefined) throw new AppError('RUN_NOT_FOUND', `run ${runId}`);
  const views = await listStepViews(db, { runId, kind: query.kind, afterSequence: after?.sequence, limit: query.limit + 1, bodyLimitBytes: stepBodyListLimit });
  const pieces = await listPieces(db, runId, views.slice(0, query.limit));
  return toPage(views, { limit: query.limit, keyOf: ({ sequence }) => ({ sequence }), toItem: (view) => toStep(view, stepBodyListLimit, pieces) });
}

/** One step with its whole bodies. Throws RUN_NOT_FOUND and STEP_NOT_FOUND. */
export async function getStep({ db }: Deps, runId: string, stepId: string): Promise<Step> {
  const view = await findStepView(db, { runId, stepId });
  if (view !== undefined) return toStep(view, Number.POSITIVE_INFINITY, await listPieces(db, runId, [view]));
  if ((await findRun(db, runId)) === undefined) throw new AppError('RUN_NOT_FOUND', `run ${runId}`);
  throw new AppError('STEP_NOT_FOUND', `step ${stepId} of run ${runId}`);
}
