import type { Kysely } from 'kysely';
import type { Database } from '../../../db/database.ts';
import type { Config } from '../../../platform/config.ts';
import type { Policies } from '../../safety/index.ts';
import type { ToolCatalogue } from '../../tools/index.ts';

/** What the life of a policy needs: its rows, what its text may name, and the cache to be told of what went live. */
export interface PolicyDeps {
  db: Kysely<Database>;
  tools: ToolCatalogue;
  policies: Policies;
  config: Pick<Config, 'tools'>;
}
