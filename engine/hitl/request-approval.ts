import type { Kysely } from 'kysely';
import type { ApprovalKind } from '../../contracts/approvals.ts';
import { AppError } from '../../contracts/errors.ts';
import type { RiskLevel } from '../../contracts/tools.ts';
import type { Database } from '../../db/database.ts';
import { type ApprovalRequestRow, findLastRequestOfCall, insertApprovalRequest } from '../../db/repositories/approvals.repository.ts';
import { insertEvents } from '../../db/repositories/events.repository.ts';
import { findRunWithAgent, lockRun, updateRunPhase } from '../../db/repositories/runs.repository.ts';
import { findSafetyCheck } from '../../db/repositories/safety-checks.repository.ts';
import { insertStep } from '../../db/repositories/steps.repository.ts';
import { lockToolCall } from '../../db/repositories/tool-calls.repository.ts';
import { hashJson } from '../../platform/hash-json.ts';
import { newId } from '../../platform/ids.ts';
import type { ToolCatalogue, ToolRegistry } from '../tools/index.ts';

/** An open question as the run keeps it in mind. Times are milliseconds since the epoch. */
export interface OpenApproval {
  requestId: string;
  toolName: string;
  riskLevel: RiskLevel;
  sinceMs: number;
  expiresAtMs: number | null;
  /** There is a decision already, so nobody will signal it again: a reset on the Temporal side went back behind it. */
  isSettled?: true;
}

const toOpenApproval = (request: ApprovalRequestRow): OpenApproval => ({
  requestId: request.id,
  toolName: request.tool_name,
  riskLevel: request.risk_level,
  sinceMs: request.requested_at.getTime(),
  expiresAtMs: request.expires_at?.getTime() ?? null,
  ...(request.status === 'pending' ? {} : { isSettled: true }),
});

/** What the call will do in the tool's own words; of a tool that is gone meanwhile (an open question outlives it) its name is all there is. */
function toEffectSentence(registry: ToolRegistry, toolName: string, args: Record<string, unknown>): string {
  const parsed = registry.has(toolName) ? registry.parseArguments(toolName, args) : undefined;
  return parsed?.ok === true ? registry.get(toolName).effectSentence(parsed.args) : `Call the tool ${toolName}`;
}

/**
 * Puts a question to people: the exact call, its hash, why it is risky, until when. Asking twice (a retried activity) gives the
 * same request. For `outcome_unknown` the question is whether an effect happened; a new one is asked after each "do it again".
 */
export async function requestApproval(
  { db, tools }: { db: Kysely<Database>; tools: Pick<ToolCatalogue, 'current'> },
  { runId, toolCallId, kind }: { runId: string; toolCallId: string; kind: ApprovalKind },
): Promise<OpenApproval> {
  const loaded = await findRunWithAgent(db, runId);
  if (loaded === undefined) throw new AppError('RUN_NOT_FOUND', `run ${runId}`);
  const registry = await tools.current();
  return db.transaction().execute(async (trx) => {
    const run = await lockRun(trx, runId);
    const call = await lockToolCall(trx, toolCallId);
    if (run === undefined || call === undefined) throw new AppError('RUN_NOT_FOUND', `run ${runId}, tool call ${toolCallId}`);
    const last = await findLastRequestOfCall(trx, toolCallId, kind);
    if (last !== undefined && (kind === 'tool_call' || last.status === 'pending')) return toOpenApproval(last);

    const args = call.edited_arguments ?? call.arguments ?? {};
    const argumentsHash = hashJson(args);
    const check = await findSafetyCheck(trx, toolCallId, argumentsHash);
    if (check === undefined) throw new AppError('INTERNAL', `tool call ${toolCallId} was not judged before asking`);
    const effectSentence = toEffectSentence(registry, call.tool_name, args);
    const { terms } = check;
    const expiresAfterMs = terms?.expires_after_seconds == null ? null : terms.expires_after_seconds * 1_000;
    const request = await insertApprovalRequest(trx, {
      id: newId(),
      run_id: runId,
      agent_id: run.agent_id,
      tool_call_id: toolCallId,
      kind,
      tool_name: call.tool_name,
      arguments: args,
      arguments_hash: argumentsHash,
      effect_sentence: kind === 'tool_call' ? effectSentence : `Find out whether this happened: ${effectSentence}`,
      risk_level: check.risk_level,
      reason: kind === 'tool_call' ? check.reason : (call.error?.message ?? 'Nobody knows whether it happened.'),
      facts: check.facts,
      policy_version: check.policy_version,
      matched_rules: check.matched_rules,
      forbids_self_approval: terms?.forbids_self_approval ?? false,
      terms,
      basis: null,
      basis_hash: null,
      drift_reason: null,
      expires_at: expiresAfterMs === null || kind === 'outcome_unknown' ? null : new Date(Date.now() + expiresAfterMs),
    });
    await insertStep(trx, {
      id: newId(), runId, iteration: call.iteration, kind: 'approval', status: 'waiting', summary: request.effect_sentence,
      toolName: call.tool_name, toolCallId, requestId: request.id,
    });
    await insertEvents(trx, [{
      type: 'approval-requested',
      run_id: runId,
      data: {
        approval_id: request.id, agent_id: run.agent_id, agent_name: loaded.agentName, tool_name: call.tool_name,
        risk_level: request.risk_level, expires_at: request.expires_at?.toISOString() ?? null,
      },
    }]);
    await updateRunPhase(trx, run, 'waiting_for_approval');
    return toOpenApproval(request);
  });
}
