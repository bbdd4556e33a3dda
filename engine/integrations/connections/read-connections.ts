import type { Kysely } from 'kysely';
import { llmProviderSchema } from '../../../contracts/agents.ts';
import { type Connection, connectionApiSchema } from '../../../contracts/connections.ts';
import { AppError } from '../../../contracts/errors.ts';
import type { Database } from '../../../db/database.ts';
import { listConnectionRows, listConnectionStates, listConnectionUses } from '../../../db/repositories/llm-connections.repository.ts';
import type { Config } from '../../../platform/config.ts';
import { toBuiltInConnection, toScriptedConnection, toStoredConnection } from './to-connection.ts';

interface Deps {
  db: Kysely<Database>;
  config: Pick<Config, 'llm'>;
}

/** Whether an id names a connection of the configuration. */
export const isBuiltInId = (connectionId: string): boolean => llmProviderSchema.safeParse(connectionId).success;

/** All connections to models, those of the configuration first, the others by name. Asks no server. */
export async function listConnections({ db, config }: Deps): Promise<Connection[]> {
  const [rows, states, uses] = await Promise.all([listConnectionRows(db), listConnectionStates(db), listConnectionUses(db)]);
  return [
    ...connectionApiSchema.options.map((api) => toBuiltInConnection(api, config.llm, states.get(api), uses.get(api))),
    toScriptedConnection(uses.get('scripted')),
    ...rows.map((row) => toStoredConnection(row, states.get(row.id), uses.get(row.id))),
  ];
}

/** One connection. Throws CONNECTION_NOT_FOUND. */
export async function getConnection(deps: Deps, connectionId: string): Promise<Connection> {
  const found = (await listConnections(deps)).find(({ id }) => id === connectionId);
  if (found === undefined) throw new AppError('CONNECTION_NOT_FOUND', `connection ${connectionId}`);
  return found;
}
