import type { Kysely } from 'kysely';
import { AppError } from '../../contracts/errors.ts';
import type { Database } from '../../db/database.ts';
import { type AgentCircumstances, findAgentOfCircumstances, findCallCircumstances } from '../../db/repositories/circumstances.repository.ts';
import { type EarlierText, maxTextCharacters, readEarlierTexts } from './facts/earlier-texts.ts';

/** Who acts, and what the run did so far: what a verdict rests on beside the call itself. */
export interface Circumstances {
  agent: { id: string; name: string; owner: string | null; tags: string[]; version: number };
  /** Cost null: some of it is not known. */
  run: { iterations: number; tool_calls: number; calls_of_tool: number; tokens: number; cost_micro_usd: number | null };
  /** What the agent has read in this run, by the tools it came from. */
  read: EarlierText[];
  environment: string;
  at: Date;
}

/** What a run has done before its first call. */
export const newRun: Circumstances['run'] = { iterations: 0, tool_calls: 0, calls_of_tool: 0, tokens: 0, cost_micro_usd: 0 };

const toAgent = ({ agent_id: id, name, owner, tags, version }: AgentCircumstances): Circumstances['agent'] => ({ id, name, owner, tags, version });

/** The circumstances of a recorded call. Throws INTERNAL when it is not recorded. */
export async function findCircumstances(db: Kysely<Database>, { toolCallId, environment }: { toolCallId: string; environment: string }): Promise<Circumstances> {
  const row = await findCallCircumstances(db, toolCallId, maxTextCharacters);
  if (row === undefined) throw new AppError('INTERNAL', `tool call ${toolCallId} is not recorded`);
  const read = await readEarlierTexts(db, row);
  const { iterations, tool_calls, calls_of_tool, tokens } = row;
  return {
    agent: toAgent(row), environment, at: new Date(), read,
    run: { iterations, tool_calls, calls_of_tool, tokens, cost_micro_usd: row.has_unknown_cost ? null : row.cost_micro_usd },
  };
}

/** The circumstances of an agent that has not begun a run: nothing done, nothing read. Throws AGENT_NOT_FOUND. */
export async function findAgentCircumstances(db: Kysely<Database>, { agentId, environment }: { agentId: string; environment: string }): Promise<Circumstances> {
  const row = await findAgentOfCircumstances(db, agentId);
  if (row === undefined) throw new AppError('AGENT_NOT_FOUND', `agent ${agentId}`);
  return { agent: toAgent(row), run: newRun, read: [], environment, at: new Date() };
}
