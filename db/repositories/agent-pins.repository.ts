import type { Kysely, Transaction } from 'kysely';
import type { AgentDefinition } from '../../contracts/agents.ts';
import type { Database } from '../database.ts';

/** What a run pins of its agent. */
export interface AgentPin {
  id: string;
  name: string;
  version: number;
  definition: AgentDefinition;
}

/** The current version of an agent that is not deleted. */
export async function findAgentForRun(db: Kysely<Database>, agentId: string): Promise<AgentPin | undefined> {
  return db
    .selectFrom('agents')
    .innerJoin('agent_versions', (join) => join.onRef('agent_versions.agent_id', '=', 'agents.id').onRef('agent_versions.version', '=', 'agents.current_version'))
    .select(['agents.id', 'agents.name', 'agent_versions.version', 'agent_versions.definition'])
    .where('agents.id', '=', agentId)
    .where('agents.deleted_at', 'is', null)
    .executeTakeFirst();
}

/** Keeps an agent from being deleted until the transaction ends; false when it is deleted already. */
export async function lockAgentForRun(trx: Transaction<Database>, agentId: string): Promise<boolean> {
  return (await trx.selectFrom('agents').select('id').where('id', '=', agentId).where('deleted_at', 'is', null).forShare().executeTakeFirst()) !== undefined;
}
