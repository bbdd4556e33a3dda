import type { Kysely } from 'kysely';
import type { ListedModel } from '../../../contracts/connections.ts';
import type { Database } from '../../../db/database.ts';
import { findKnownModels, type KnownModels, saveKnownModels } from '../../../db/repositories/llm-connections.repository.ts';
import type { ConnectionAccess } from '../connection-access.ts';
import { fetchModelList } from './fetch-model-list.ts';

/** Models of the connections, as their servers list them; kept in the database for all processes. */
export interface ModelLists {
  /** The list, at most ten minutes old; however many ask at once, the server is asked once. */
  find(access: ConnectionAccess): Promise<KnownModels>;
  /** The same, but gives up waiting after `waitMs`: the list comes in time for the next one who asks. Never throws. */
  findSoon(access: ConnectionAccess, waitMs: number): Promise<readonly ListedModel[]>;
}

export const freshMs = 10 * 60_000;
const isFresh = ({ fetchedAt }: Pick<KnownModels, 'fetchedAt'>): boolean => fetchedAt !== null && Date.now() - fetchedAt.getTime() < freshMs;
const nothing: KnownModels = { models: null, fetchedAt: null, error: null };

export function createModelLists(db: Kysely<Database>): ModelLists {
  const underWay = new Map<string, Promise<KnownModels>>();
  const load = async (access: ConnectionAccess): Promise<KnownModels> => {
    const known = await findKnownModels(db, access.id);
    if (known !== undefined && isFresh(known)) return known;
    await saveKnownModels(db, access.id, await fetchModelList(access, new AbortController().signal));
    return (await findKnownModels(db, access.id)) ?? nothing;
  };
  const find = (access: ConnectionAccess): Promise<KnownModels> => {
    const key = `${access.id} ${access.version}`;
    const running = underWay.get(key) ?? load(access).finally(() => underWay.delete(key));
    underWay.set(key, running);
    return running;
  };
  return {
    find,
    async findSoon(access, waitMs) {
      const late = Promise.withResolvers<KnownModels>();
      const timer = setTimeout(() => late.resolve(nothing), waitMs);
      const found = await Promise.race([find(access), late.promise]).catch(() => nothing);
      clearTimeout(timer);
      return found.models ?? [];
    },
  };
}
