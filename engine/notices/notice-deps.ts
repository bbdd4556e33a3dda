import type { Kysely } from 'kysely';
import type { Database } from '../../db/database.ts';
import type { Config } from '../../platform/config.ts';
import type { SecretBox } from '../../platform/secret-box.ts';
import type { Secrets } from '../secrets/index.ts';

/** What notices are delivered with. */
export interface NoticeDeps {
  db: Kysely<Database>;
  /** Opens signing secrets. */
  secretBox: SecretBox;
  secrets: Pick<Secrets, 'mask'>;
  config: NoticeConfig;
  /** Ids of those who may decide each of these requests when it is asked. */
  listDeciderIds: (db: Kysely<Database>, requestIds: readonly string[]) => Promise<ReadonlyMap<string, ReadonlySet<string>>>;
  /** Default: the system's. */
  now?: (() => Date) | undefined;
}

export interface NoticeConfig {
  http: Pick<Config['http'], 'host' | 'port' | 'publicUrl'>;
  mail: Pick<Config['mail'], 'smtpUrl' | 'from'>;
  tools: Pick<Config['tools'], 'httpAllowHosts'>;
}

/** Where people and programs find this installation, without a slash at the end. */
export const publicUrlOf = ({ http }: Pick<NoticeConfig, 'http'>): string => (http.publicUrl ?? `http://${http.host}:${http.port}`).replace(/\/+$/, '');
