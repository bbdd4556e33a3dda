import type { Kysely } from 'kysely';
import type { Database } from '../../../db/database.ts';
import { findToolCallOutcome, type ToolCallRow } from '../../../db/repositories/tool-calls.repository.ts';
import { clip } from '../../../platform/shorten.ts';

/** A call and its outcome in a few lines, as the agent remembers it; undefined for calls without an outcome worth keeping. */
export async function describeOutcome({ db }: { db: Kysely<Database> }, toolCallId: string): Promise<{ call: ToolCallRow; agentId: string; text: string } | undefined> {
  const found = await findToolCallOutcome(db, toolCallId);
  if (found === undefined || (found.call.state !== 'succeeded' && found.call.state !== 'failed')) return undefined;
  const { call, agentId, output } = found;
  const args = JSON.stringify(call.edited_arguments ?? call.arguments);
  const result = call.error === null ? JSON.stringify(output ?? call.summary) : `${call.error.code}: ${call.error.message}`;
  const text = `${call.tool_name} ${call.state}: ${call.summary ?? ''}\nasked: ${clip(args, 500)}\nresult: ${clip(result, 900)}`;
  return { call, agentId, text };
}
