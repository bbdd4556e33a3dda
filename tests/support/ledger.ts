import type { Kysely } from 'kysely';
import type { MatchedRule, PolicyEffect } from '../../contracts/approvals.ts';
import type { RiskLevel, ToolEffect, ToolFacts, ToolName } from '../../contracts/tools.ts';
import type { Database } from '../../db/database.ts';
import { hashJson } from '../../platform/hash-json.ts';
import { newId } from '../../platform/ids.ts';
import { addRun } from './run-records.ts';

/** A verdict to be put into the ledger, as if a worker had judged a call. */
export interface LedgerEntry {
  at?: Date;
  agentId?: string;
  toolName?: ToolName;
  riskLevel?: RiskLevel;
  effect?: ToolEffect | null;
  facts?: ToolFacts;
  verdict?: PolicyEffect;
  matchedRules?: MatchedRule[];
}

/** All a call has that policies may look at, as an agent of finance sends an e-mail to one person outside. */
export const emailFacts = ({ agentId = '', ...facts }: ToolFacts & { agentId?: string } = {}): ToolFacts => ({
  recipient_count: 1, outside_recipient_count: 1, hidden_recipient_count: 0, recipient_domains: ['example.org'], outside_domains: ['example.org'], from_domain: 'example.com', text_length: 5,
  attachment_count: 0, has_html: false, html_has_remote_content: false, html_has_script: false, arguments: { subject: 'Hello' }, numbers: {},
  agent: { id: agentId, name: 'Clerk', owner: 'ana@example.com', tags: ['finance'], version: 1 },
  run: { iterations: 1, tool_calls: 0, calls_of_tool: 0, tokens: 100, cost_micro_usd: 10 },
  taint: { read_from: [], copied_from: [] }, at: '2026-11-20T10:00:00.000Z', environment: 'test',
  ...facts,
});

const perStatement = 1_000;

/** Writes verdicts, in their order, with the calls they are about; returns their ids. All are of one run, of an agent of its own where none is named. */
export async function fillLedger(db: Kysely<Database>, entries: readonly LedgerEntry[]): Promise<string[]> {
  const runId = await addRun(db);
  const { agent_id: ownAgentId } = await db.selectFrom('runs').select('agent_id').where('id', '=', runId).executeTakeFirstOrThrow();
  const ids: string[] = [];
  for (let start = 0; start < entries.length; start += perStatement) {
    const chunk = entries.slice(start, start + perStatement).map((entry, index) => ({ id: newId(), callId: newId(), position: start + index, ...entry }));
    await db.insertInto('tool_calls').values(chunk.map(({ callId, position, toolName = 'send_email' }) => ({
      id: callId, run_id: runId, iteration: 1, position, provider_call_id: `call_${position}`, tool_name: toolName, arguments: '{}', raw_arguments: null, arguments_hash: hashJson({}),
      idempotency_key: callId, state: 'succeeded' as const, output_ref: null, summary: null, risk_level: null, effect: null,
    }))).execute();
    await db.insertInto('safety_checks').values(chunk.map(({ id, callId, at, agentId = ownAgentId, toolName = 'send_email', riskLevel = 'HIGH', effect = 'external', facts, verdict = 'ask', matchedRules = [] }) => ({
      id, tool_call_id: callId, run_id: runId, arguments_hash: hashJson({}), facts: JSON.stringify(facts ?? emailFacts({ agentId })), risk_level: riskLevel, verdict, reason: 'As recorded.', policy_version: 'built-in-1',
      matched_rules: JSON.stringify(matchedRules), agent_id: agentId, tool_name: toolName, effect, terms: null, ...(at === undefined ? {} : { created_at: at }),
    }))).execute();
    ids.push(...chunk.map(({ id }) => id));
  }
  return ids;
}
