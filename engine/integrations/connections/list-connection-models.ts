import type { ListedModel } from '../../../contracts/connections.ts';
import { AppError } from '../../../contracts/errors.ts';
import { findConnectionAccess, isConfigured, type ModelLists } from '../../llm/index.ts';
import type { ConnectionDeps } from './connection-deps.ts';

interface ListDeps extends ConnectionDeps {
  modelLists: ModelLists;
}

interface ListedModels {
  items: ListedModel[];
  fetched_at: string | null;
  error: { code: string; message: string } | null;
}

/**
 * The models a connection's server lists, at most ten minutes old; with `error` the list of before, if there was one. Throws
 * CONNECTION_NOT_FOUND, and LLM_NOT_CONFIGURED when the key cannot be opened.
 */
export async function listConnectionModels({ modelLists, ...deps }: ListDeps, connectionId: string): Promise<ListedModels> {
  if (connectionId === 'scripted') return { items: [], fetched_at: null, error: { code: 'NOT_LISTED', message: 'Scripts are replayed; there is no server to ask.' } };
  const access = await findConnectionAccess({ config: deps.config.llm, db: deps.db, secretBox: deps.secretBox }, connectionId);
  if (access === undefined) throw new AppError('CONNECTION_NOT_FOUND', `connection ${connectionId}`);
  if (!isConfigured(access)) return { items: [], fetched_at: null, error: { code: 'LLM_NOT_CONFIGURED', message: `${access.name} has no key yet.` } };
  const { models, fetchedAt, error } = await modelLists.find(access);
  return { items: models ?? [], fetched_at: fetchedAt?.toISOString() ?? null, error };
}
