import type { Kysely } from 'kysely';
import type { ApprovalStatus } from '../../contracts/approvals.ts';
import type { RunLimits } from '../../contracts/agents.ts';
import type { Database } from '../database.ts';

/** Requests of the same agent and tool that were asked before one: how they ended, by status. */
export async function countSimilar(db: Kysely<Database>, request: { id: string; agentId: string; toolName: string; requestedAt: Date }): Promise<{ status: ApprovalStatus; count: number }[]> {
  return db
    .selectFrom('hitl_requests')
    .select((eb) => ['status', eb.fn.countAll<number>().as('count')])
    .where('agent_id', '=', request.agentId)
    .where('tool_name', '=', request.toolName)
    .where('requested_at', '<=', request.requestedAt)
    .where('id', '<>', request.id)
    .groupBy('status')
    .execute();
}

/** The newest decided requests of the same agent and tool that were asked before one. */
export async function listSimilar(db: Kysely<Database>, request: { id: string; agentId: string; toolName: string; requestedAt: Date; limit: number }) {
  return db
    .selectFrom('hitl_requests')
    .innerJoin('hitl_decisions', 'hitl_decisions.request_id', 'hitl_requests.id')
    .select(['hitl_requests.id', 'hitl_requests.status', 'hitl_requests.arguments_hash', 'hitl_requests.effect_sentence', 'hitl_decisions.actor_name', 'hitl_decisions.decided_at', 'hitl_decisions.note'])
    .where('hitl_requests.agent_id', '=', request.agentId)
    .where('hitl_requests.tool_name', '=', request.toolName)
    .where('hitl_requests.requested_at', '<=', request.requestedAt)
    .where('hitl_requests.id', '<>', request.id)
    .where('hitl_decisions.door', '<>', 'run_ended')
    .orderBy('hitl_requests.requested_at', 'desc')
    .limit(request.limit)
    .execute();
}

/** What the model said and tools did in a run before it asked, newest first. */
export async function listStepsBefore(db: Kysely<Database>, options: { runId: string; toolCallId: string; requestId: string; limit: number }) {
  return db
    .selectFrom('steps')
    .leftJoin('tool_calls', 'tool_calls.id', 'steps.tool_call_id')
    .select(['steps.id', 'steps.iteration', 'steps.kind', 'steps.status', 'steps.summary', 'tool_calls.tool_name'])
    .where('steps.run_id', '=', options.runId)
    .where('steps.sequence', '<', (eb) => eb.selectFrom('steps as asking').select('asking.sequence').where('asking.request_id', '=', options.requestId).where('asking.kind', '=', 'approval'))
    .where('steps.kind', 'in', ['reasoning', 'tool', 'approval'])
    // Earlier questions about the call itself are shown with it.
    .where((eb) => eb.or([eb('steps.tool_call_id', 'is', null), eb('steps.tool_call_id', '<>', options.toolCallId)]))
    .orderBy('steps.sequence', 'desc')
    .limit(options.limit)
    .execute();
}

/** What a run has used of what it may use. */
export async function findRunBudget(db: Kysely<Database>, runId: string): Promise<{ limits: RunLimits; iterations: number; input_tokens: number; output_tokens: number; cost_micro_usd: number; has_unknown_cost: boolean; created_at: Date; started_at: Date | null } | undefined> {
  return db.selectFrom('runs').select(['limits', 'iterations', 'input_tokens', 'output_tokens', 'cost_micro_usd', 'has_unknown_cost', 'created_at', 'started_at']).where('id', '=', runId).executeTakeFirst();
}
