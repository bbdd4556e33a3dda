import type { Kysely } from 'kysely';
import type { Database } from '../../../db/database.ts';
import { findRunWithAgent } from '../../../db/repositories/runs.repository.ts';
import { findContent } from '../../../db/repositories/contents.repository.ts';
import { findToolCall, type ToolCallRow } from '../../../db/repositories/tool-calls.repository.ts';

const clip = (text: string, limit: number): string => (text.length > limit ? `${text.slice(0, limit).toWellFormed()}…` : text);

/** A call and its outcome in a few lines, as the agent remembers it; undefined for calls without an outcome worth keeping. */
export async function describeOutcome({ db }: { db: Kysely<Database> }, toolCallId: string): Promise<{ call: ToolCallRow; agentId: string; text: string } | undefined> {
  const call = await findToolCall(db, toolCallId);
  if (call === undefined || (call.state !== 'succeeded' && call.state !== 'failed')) return undefined;
  const loaded = await findRunWithAgent(db, call.run_id);
  if (loaded === undefined) return undefined;
  const output = call.output_ref === null ? undefined : await findContent(db, call.output_ref);
  const args = JSON.stringify(call.edited_arguments ?? call.arguments);
  const result = call.error === null ? JSON.stringify(output ?? call.summary) : `${call.error.code}: ${call.error.message}`;
  const text = `${call.tool_name} ${call.state}: ${call.summary ?? ''}\nasked: ${clip(args, 500)}\nresult: ${clip(result, 900)}`;
  return { call, agentId: loaded.run.agent_id, text };
}
