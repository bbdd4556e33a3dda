import type { Kysely } from 'kysely';
import type { ApprovalTerms } from '../../contracts/approvals.ts';
import type { RiskLevel } from '../../contracts/tools.ts';
import type { Database } from '../../db/database.ts';
import { insertApprovalRequest } from '../../db/repositories/approvals.repository.ts';
import { hashJson } from '../../platform/hash-json.ts';
import { newId } from '../../platform/ids.ts';
import { addRun, recordCall } from './run-records.ts';

/** A request that waits, of a run of its own, as rows alone: for tests of what surrounds approvals. Returns its id. */
export async function addApprovalRequest(
  db: Kysely<Database>,
  { riskLevel = 'HIGH', effectSentence = 'Send an e-mail to lead@example.com', toolName = 'send_email', args = { text: 'nobody outside reads this' }, expiresAt = null, terms = null }:
    { riskLevel?: RiskLevel; effectSentence?: string; toolName?: string; args?: Record<string, unknown>; expiresAt?: Date | null; terms?: ApprovalTerms | null } = {},
): Promise<string> {
  const runId = await addRun(db);
  const toolCallId = await recordCall(db, { runId, toolName, arguments: args });
  const { agent_id: agentId } = await db.selectFrom('runs').select('agent_id').where('id', '=', runId).executeTakeFirstOrThrow();
  const { id } = await insertApprovalRequest(db, {
    id: newId(), run_id: runId, agent_id: agentId, tool_call_id: toolCallId, kind: 'tool_call', tool_name: toolName, arguments: args, arguments_hash: hashJson(args),
    effect_sentence: effectSentence, risk_level: riskLevel, reason: 'It is risky.', facts: {}, policy_version: 'built-in-1', matched_rules: [], forbids_self_approval: false,
    terms, basis: null, drift_reason: null, expires_at: expiresAt,
  });
  return id;
}
