import type { Kysely } from 'kysely';
import type { ApprovalDetails } from '../../contracts/approvals.ts';
import { AppError } from '../../contracts/errors.ts';
import type { Database } from '../../db/database.ts';
import { countSimilar, findRunBudget, listSimilar, listStepsBefore } from '../../db/repositories/approval-context.repository.ts';
import type { ApprovalView } from '../../db/repositories/approval-views.repository.ts';

const lastSteps = 3;
const lastSimilar = 5;

const approvedStatuses: readonly string[] = ['approved', 'approved_with_edits'];

/** What a decider wants to know around a request: what the run did before, what was decided on calls like it, what the run may still use. */
export async function findApprovalContext(db: Kysely<Database>, view: ApprovalView): Promise<Pick<ApprovalDetails, 'last_steps' | 'similar' | 'budget'>> {
  const of = { id: view.id, agentId: view.agent_id, toolName: view.tool_name, requestedAt: view.requested_at };
  const [steps, counts, similar, run] = await Promise.all([
    listStepsBefore(db, { runId: view.run_id, toolCallId: view.tool_call_id, requestId: view.id, limit: lastSteps }),
    countSimilar(db, of),
    listSimilar(db, { ...of, limit: lastSimilar }),
    findRunBudget(db, view.run_id),
  ]);
  if (run === undefined) throw new AppError('RUN_NOT_FOUND', `run ${view.run_id}`);
  const sum = (has: (status: string) => boolean): number => counts.filter(({ status }) => has(status)).reduce((total, { count }) => total + count, 0);
  return {
    last_steps: steps.toReversed().map((step) => ({ step_id: step.id, iteration: step.iteration, kind: step.kind, status: step.status, tool_name: step.tool_name, summary: step.summary })),
    similar: {
      asked_before: sum(() => true),
      approved: sum((status) => approvedStatuses.includes(status)),
      rejected: sum((status) => status === 'rejected'),
      last: similar.map((one) => ({
        id: one.id, status: one.status, decided_by: one.actor_name, decided_at: one.decided_at.toISOString(), note: one.note, effect_sentence: one.effect_sentence, is_same_arguments: one.arguments_hash === view.arguments_hash,
      })),
    },
    budget: {
      cost_micro_usd: run.has_unknown_cost ? null : run.cost_micro_usd,
      max_cost_micro_usd: run.limits.max_cost_micro_usd,
      tokens: run.input_tokens + run.output_tokens,
      max_tokens: run.limits.max_tokens,
      iterations: run.iterations,
      max_iterations: run.limits.max_iterations,
      deadline_at: new Date((run.started_at ?? run.created_at).getTime() + run.limits.max_duration_seconds * 1_000).toISOString(),
    },
  };
}
