import type { Kysely } from 'kysely';
import type { Database } from '../../../db/database.ts';
import type { Config } from '../../../platform/config.ts';
import type { SecretBox } from '../../../platform/secret-box.ts';
import type { ToolCatalogue } from '../../tools/index.ts';

/** What reading data sources needs. */
export interface DataSourceReadDeps {
  db: Kysely<Database>;
  config: Pick<Config, 'tools' | 'database'>;
  secretBox: SecretBox;
}

/** What changing them needs: tools that were made of the old ones are forgotten. */
export interface DataSourceDeps extends DataSourceReadDeps {
  tools: Pick<ToolCatalogue, 'forget'>;
}
