import type { Kysely } from 'kysely';
import { type CreateAgentInput, createAgentBodySchema } from '../../contracts/agents.ts';
import { AppError } from '../../contracts/errors.ts';
import type { Database } from '../../db/database.ts';
import { findAgentIdByName, hasDemoAgentEverExisted } from '../../db/repositories/agents.repository.ts';
import { systemActor } from '../governance/index.ts';
import { builtInTools } from '../tools/index.ts';
import { insertNewAgent } from './create-agent.ts';

/**
 * Makes the demo agent once in the life of a database: one that was changed stays changed, one that was deleted stays deleted.
 * Returns its id when this call made it. Throws TOOL_UNKNOWN.
 */
export async function ensureDemoAgent({ db }: { db: Kysely<Database> }, definition: CreateAgentInput): Promise<string | undefined> {
  const { name, ...rest } = createAgentBodySchema.parse(definition);
  const unknown = rest.tools.find((name) => !builtInTools.some((tool) => tool.name === name));
  if (unknown !== undefined) throw new AppError('TOOL_UNKNOWN', `the demo agent wants the tool ${unknown}`);
  // Of processes that start together one inserts the name and the others find it taken.
  if ((await hasDemoAgentEverExisted(db)) || (await findAgentIdByName(db, name)) !== undefined) return undefined;
  return db.transaction().execute((trx) => insertNewAgent(trx, { name, definition: rest, isDemo: true, actor: systemActor }));
}
