import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import type { McpTransport } from '../../contracts/mcp-servers.ts';
import type { Database } from '../database.ts';
import { toJsonb, toStorableText } from '../storable.ts';
import type { SecretsTable } from '../tables/tools.table.ts';

export type SecretRow = Selectable<SecretsTable>;
/** A secret with the name of whoever changed it last. */
export type SecretWithEditor = SecretRow & { editor: string | null };

export interface NewSecret {
  id: string;
  name: string;
  valueSealed: string;
  hint: string;
  hosts: readonly string[];
  description: string;
  createdBy: string | null;
}

/** Adds a secret. A name that is taken violates `secrets_name_key`. */
export async function insertSecret(trx: Kysely<Database>, secret: NewSecret): Promise<void> {
  const { id, name, createdBy } = secret;
  await trx
    .insertInto('secrets')
    .values({ id, name, value_sealed: secret.valueSealed, hint: secret.hint, hosts: toJsonb(secret.hosts), description: toStorableText(secret.description), created_by: createdBy, updated_by: createdBy })
    .execute();
}

/** Writes what may change of a secret, as its next version. */
export async function updateSecretRow(trx: Transaction<Database>, secret: Omit<NewSecret, 'createdBy' | 'name'> & { version: number; updatedBy: string | null }): Promise<void> {
  await trx
    .updateTable('secrets')
    .set({ value_sealed: secret.valueSealed, hint: secret.hint, hosts: toJsonb(secret.hosts), description: toStorableText(secret.description), version: secret.version, updated_by: secret.updatedBy, updated_at: new Date() })
    .where('id', '=', secret.id)
    .execute();
}

export async function deleteSecretRow(trx: Transaction<Database>, secretId: string): Promise<void> {
  await trx.deleteFrom('secrets').where('id', '=', secretId).execute();
}

/** A secret, held until the transaction ends. `secretId` is a UUID. */
export async function lockSecret(trx: Transaction<Database>, secretId: string): Promise<SecretRow | undefined> {
  return trx.selectFrom('secrets').selectAll().where('id', '=', secretId).forUpdate().executeTakeFirst();
}

/** All secrets, by name. */
export async function listSecretRows(db: Kysely<Database>): Promise<SecretWithEditor[]> {
  return db.selectFrom('secrets').leftJoin('users', 'users.id', 'secrets.updated_by').selectAll('secrets').select('users.name as editor').orderBy('secrets.name').execute();
}

/** The secrets of these names; names nobody knows are left out. */
export async function findSecretsByName(db: Kysely<Database>, names: readonly string[]): Promise<Map<string, SecretRow>> {
  const rows = await db.selectFrom('secrets').selectAll().where('name', '=', sql<string>`any(${[...names]}::text[])`).execute();
  return new Map(rows.map((row) => [row.name, row]));
}

/** Notes that secrets were used now; those noted within the last minute stay, so that a busy tool does not write a row with every call. */
export async function noteSecretsUsed(db: Kysely<Database>, names: readonly string[]): Promise<void> {
  await db
    .updateTable('secrets')
    .set({ last_used_at: sql<Date>`now()` })
    .where('name', '=', sql<string>`any(${[...names]}::text[])`)
    .where((where) => where.or([where('last_used_at', 'is', null), where('last_used_at', '<', sql<Date>`now() - interval '1 minute'`)]))
    .execute();
}

/** Where secrets may be referred to: MCP servers and settings of tools. */
export async function listSecretUsers(db: Kysely<Database>): Promise<{ servers: { name: string; transport: McpTransport }[]; tools: { name: string; options: Record<string, unknown> | null }[] }> {
  const servers = await db.selectFrom('mcp_servers').select(['name', 'transport']).orderBy(sql`lower(name)`).execute();
  const tools = await db.selectFrom('tool_settings').select(['tool_name as name', 'options']).orderBy('tool_name').execute();
  return { servers, tools };
}

/** Everything that is kept sealed, by whose it is. */
export interface SealedValue {
  kind: 'connection' | 'data_source' | 'secret' | 'webhook';
  id: string;
  name: string;
  sealed: string;
  /** Of data sources: the address the password belongs to. */
  url: string | null;
}

/** Every sealed value there is. */
export async function listSealedValues(db: Kysely<Database>): Promise<SealedValue[]> {
  const { rows } = await sql<SealedValue>`
    select 'connection' as kind, id, name, api_key_sealed as sealed, null as url from llm_connections where api_key_sealed is not null
    union all select 'data_source', id, name, password_sealed, url from data_sources where password_sealed is not null
    union all select 'secret', id, name, value_sealed, null from secrets
    union all select 'webhook', id, name, secret_sealed, null from webhooks
    order by kind, name`.execute(db);
  return rows;
}

/** Waits for whoever is about to change what is sealed and keeps others from it until the transaction ends; reading goes on. */
export async function lockSealedValues(trx: Transaction<Database>): Promise<void> {
  await sql`lock table llm_connections, data_sources, secrets, webhooks in exclusive mode`.execute(trx);
}

const sealedColumns = { connection: ['llm_connections', 'api_key_sealed'], data_source: ['data_sources', 'password_sealed'], secret: ['secrets', 'value_sealed'], webhook: ['webhooks', 'secret_sealed'] } as const;

/** Puts another sealed form of the same value in its place; the row's version stays. */
export async function replaceSealedValue(trx: Transaction<Database>, { kind, id, sealed }: Pick<SealedValue, 'kind' | 'id' | 'sealed'>): Promise<void> {
  const [table, column] = sealedColumns[kind];
  await sql`update ${sql.table(table)} set ${sql.ref(column)} = ${sealed} where id = ${id}::uuid`.execute(trx);
}
