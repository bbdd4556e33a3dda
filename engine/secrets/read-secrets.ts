import type { Kysely } from 'kysely';
import { AppError } from '../../contracts/errors.ts';
import { type Secret, secretNamesIn } from '../../contracts/secrets.ts';
import type { Database } from '../../db/database.ts';
import { listSecretRows, listSecretUsers } from '../../db/repositories/secrets.repository.ts';
import type { SecretBox } from '../../platform/secret-box.ts';
import { openSealed } from './known-secrets.ts';

/** Names of secrets a setting refers to: `{{secret:name}}` in any text, and the plain name in a setting that ends in `_secret`. */
function namesIn(value: unknown, key = ''): string[] {
  if (typeof value === 'string') return [...secretNamesIn(value), ...(key.endsWith('_secret') ? [value] : [])];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) => namesIn(item, name));
}

/** What refers to each secret, in words, by its name. */
export async function listSecretUses(db: Kysely<Database>): Promise<Map<string, string[]>> {
  const { servers, tools } = await listSecretUsers(db);
  const uses = new Map<string, Set<string>>();
  const note = (user: string, value: unknown): void => {
    for (const name of namesIn(value)) uses.set(name, (uses.get(name) ?? new Set()).add(user));
  };
  for (const { name, transport } of servers) note(`MCP server "${name}"`, transport);
  for (const { name, options } of tools) note(name, options);
  return new Map([...uses].map(([name, users]) => [name, [...users]]));
}

/** The named secrets, by name: whose they are and where they may go, never what they are. */
export async function listSecrets({ db, secretBox }: { db: Kysely<Database>; secretBox: SecretBox }): Promise<Secret[]> {
  const rows = await listSecretRows(db);
  const uses = await listSecretUses(db);
  return rows.map((row) => ({
    id: row.id, name: row.name, hint: row.hint, hosts: row.hosts, description: row.description,
    is_readable: openSealed(secretBox, { kind: 'secret', id: row.id, sealed: row.value_sealed }) !== undefined,
    used_by: uses.get(row.name) ?? [], last_used_at: row.last_used_at?.toISOString() ?? null, version: row.version, updated_at: row.updated_at.toISOString(), updated_by: row.editor,
  }));
}

/** One secret, as {@link listSecrets} gives it. Throws SECRET_NOT_FOUND. */
export async function getSecret(deps: { db: Kysely<Database>; secretBox: SecretBox }, secretId: string): Promise<Secret> {
  const found = (await listSecrets(deps)).find(({ id }) => id === secretId);
  if (found === undefined) throw new AppError('SECRET_NOT_FOUND', `secret ${secretId}`);
  return found;
}
