import type { Kysely } from 'kysely';
import { z } from 'zod';
import { AppError } from '../../contracts/errors.ts';
import type { Page } from '../../contracts/pagination.ts';
import type { ListRunsQuery, Run, RunPhase, runCountsSchema } from '../../contracts/runs.ts';
import type { Database } from '../../db/database.ts';
import { countRunPhases, findRunView, listRunViews, type RunView } from '../../db/repositories/run-views.repository.ts';
import { cursorTimeSchema, parsePageCursor } from '../../platform/page-cursor.ts';
import { toPage } from '../../platform/to-page.ts';
import type { AgentRuns } from '../runs/index.ts';

interface Deps {
  db: Kysely<Database>;
  agentRuns: Pick<AgentRuns, 'uiUrl'>;
}

const cursorSchema = z.strictObject({ created_at: cursorTimeSchema, id: z.uuid() });

const holds = (phase: RunPhase): boolean => phase === 'waiting_for_approval' || phase === 'paused';

/** Wall time counts from the moment a worker began; waiting for people (and pauses) is kept apart from active time. */
function toTimes(view: RunView, now: Date): Pick<Run, 'wall_ms' | 'active_ms' | 'waiting_ms'> {
  const end = view.finished_at ?? now;
  const waitingMs = view.waiting_ms + (view.finished_at === null && holds(view.phase) ? Math.max(0, now.getTime() - view.phase_since.getTime()) : 0);
  if (view.started_at === null) return { wall_ms: null, active_ms: null, waiting_ms: waitingMs };
  const wallMs = Math.max(0, end.getTime() - view.started_at.getTime());
  return { wall_ms: wallMs, active_ms: Math.max(0, wallMs - waitingMs), waiting_ms: waitingMs };
}

function toRun(view: RunView, agentRuns: Deps['agentRuns'], now: Date): Run {
  const isUsageKnown = !view.has_unknown_usage;
  return {
    run_id: view.id,
    agent_id: view.agent_id,
    agent_name: view.agent_name,
    agent_version: view.agent_version,
    is_demo: view.is_demo,
    llm_provider: view.llm_provider,
    llm_model: view.llm_model,
    status: view.phase,
    goal: view.goal,
    inputs: view.inputs,
    limits: view.limits,
    outputs: view.outputs,
    error: view.error,
    iterations: view.iterations,
    usage: {
      input_tokens: isUsageKnown ? view.input_tokens : null,
      output_tokens: isUsageKnown ? view.output_tokens : null,
      cached_input_tokens: isUsageKnown && view.lacks_cached !== true ? view.cached_input_tokens : null,
      cache_write_tokens: isUsageKnown && view.lacks_cache_write !== true ? view.cache_write_tokens : null,
      reasoning_tokens: isUsageKnown && view.lacks_reasoning !== true ? view.reasoning_tokens : null,
    },
    cost_micro_usd: view.has_unknown_cost ? null : view.cost_micro_usd,
    ...toTimes(view, now),
    pending_approvals: view.pending_approvals ?? 0,
    started_by: view.started_by_name,
    created_at: view.created_at.toISOString(),
    started_at: view.started_at?.toISOString() ?? null,
    finished_at: view.finished_at?.toISOString() ?? null,
    temporal: { workflow_id: view.id, run_id: view.temporal_run_id, ui_url: agentRuns.uiUrl(view.id, view.temporal_run_id) },
  };
}

/** One run. Throws RUN_NOT_FOUND. */
export async function getRun({ db, agentRuns }: Deps, runId: string): Promise<Run> {
  const view = await findRunView(db, runId);
  if (view === undefined) throw new AppError('RUN_NOT_FOUND', `run ${runId}`);
  return toRun(view, agentRuns, new Date());
}

/** Runs newest first. Throws CURSOR_INVALID. */
export async function listRuns({ db, agentRuns }: Deps, query: ListRunsQuery): Promise<Page<Run>> {
  const views = await listRunViews(db, {
    phases: query.status?.length === 0 ? undefined : query.status,
    agentId: query.agent_id,
    text: query.text,
    createdAfter: query.created_after,
    createdBefore: query.created_before,
    after: parsePageCursor(cursorSchema, query.cursor),
    limit: query.limit + 1,
  });
  const now = new Date();
  return toPage(views, { limit: query.limit, keyOf: ({ position_at: createdAt, id }) => ({ created_at: createdAt, id }), toItem: (view) => toRun(view, agentRuns, now) });
}

/** How many runs are in each phase, all of them or one agent's. */
export async function countRuns({ db }: Pick<Deps, 'db'>, query: { agent_id?: string | undefined }): Promise<z.output<typeof runCountsSchema>> {
  const counts = await countRunPhases(db, { agentId: query.agent_id });
  return { counts, total: Object.values(counts).reduce((sum, count) => sum + count, 0) };
}
