import type { Kysely } from 'kysely';
import type { Database } from '../../../db/database.ts';
import type { Config } from '../../../platform/config.ts';
import type { SecretBox } from '../../../platform/secret-box.ts';

/** A data source as `run_sql` and `describe_data_source` reach it. */
export interface DataSourceAccess {
  name: string;
  description: string;
  /** With password. */
  connectionString: string;
  /** `orders` (of schema public), `sales.orders`, `sales.*`; null: whatever the role may read. */
  readableTables: readonly string[] | null;
  maxRows: number;
  statementTimeoutMs: number;
  /** Why it cannot be used, e.g. a password sealed with another key; null when it can. */
  problem: string | null;
}

export interface DataSourceDeps {
  db: Kysely<Database>;
  config: Pick<Config, 'tools'>;
  secretBox: SecretBox;
}

const defaults = { description: '', readableTables: null, maxRows: 1_000, statementTimeoutMs: 30_000, problem: null } as const;

/** The data sources agents may read now: those of the configuration and those an admin made and left on, by name. */
export async function loadDataSources({ config }: DataSourceDeps): Promise<DataSourceAccess[]> {
  return Object.entries(config.tools.dataSources).map(([name, connectionString]) => ({ name, connectionString, ...defaults }));
}
