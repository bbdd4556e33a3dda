import type { Kysely } from 'kysely';
import type { Database } from '../../../db/database.ts';
import type { Config } from '../../../platform/config.ts';
import type { SecretBox } from '../../../platform/secret-box.ts';

/** What reading and changing connections needs. */
export interface ConnectionDeps {
  db: Kysely<Database>;
  config: Pick<Config, 'llm'>;
  secretBox: SecretBox;
}
