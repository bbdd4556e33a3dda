import { AppError } from '../../contracts/errors.ts';
import { replaceSecretReferences, secretNamesIn, toSecretReference } from '../../contracts/secrets.ts';
import { isDatabaseUnavailable } from '../../db/is-unavailable.ts';
import { findSecretsByName, noteSecretsUsed, type SecretRow } from '../../db/repositories/secrets.repository.ts';
import { createMasker, type Masker } from '../../platform/masker.ts';
import type { KnownSecret } from '../../platform/secret-spellings.ts';
import { isHostMatch } from './host-match.ts';
import { type KnownSecretsDeps, loadKnownSecrets, openSealed } from './known-secrets.ts';
import type { Secrets } from './secrets.ts';

/** How old the list of what to hide may be. */
const freshMs = 5_000;
/** A value that was replaced or deleted may still come back from calls that began with it; the longest may last 15 minutes. */
const retiredMs = 20 * 60_000;
const usedFreshMs = 60_000;

/** An unreachable database is told as such; everything else is a bug and stays what it is. */
const toUnavailable = (error: unknown): unknown => (isDatabaseUnavailable(error) ? new AppError('DATABASE_UNAVAILABLE', undefined, { cause: error }) : error);

/** Keeps a masker of everything this system holds, no older than {@link freshMs}. */
function createMaskers(deps: KnownSecretsDeps, now: () => number) {
  const retired = new Map<string, { secret: KnownSecret; until: number }>();
  let known: readonly KnownSecret[] = [];
  let masker: Masker | undefined;
  let compiledFrom = '';
  let triedAt = Number.NEGATIVE_INFINITY;
  let loading: Promise<void> | undefined;

  const compile = (): void => {
    for (const [value, { until }] of retired) if (until <= now()) retired.delete(value);
    const all = [...known, ...[...retired.values()].map(({ secret }) => secret)];
    const fingerprint = JSON.stringify(all);
    if (masker === undefined || fingerprint !== compiledFrom) masker = createMasker(all);
    compiledFrom = fingerprint;
  };
  /** Values that are about to be used, or no longer listed: hidden from now on whatever the list says. */
  const retain = (secrets: readonly KnownSecret[]): void => {
    for (const secret of secrets) retired.set(secret.value, { secret, until: now() + retiredMs });
  };
  const load = async (): Promise<void> => {
    try {
      const loaded = await loadKnownSecrets(deps);
      const values = new Set(loaded.map(({ value }) => value));
      retain(known.filter(({ value }) => !values.has(value)));
      known = loaded;
      compile();
    } catch (error) {
      // With the database away no secret changes: the list before is as good. Without any, nothing may be written unmasked.
      if (!isDatabaseUnavailable(error) || masker === undefined) throw toUnavailable(error);
    }
    triedAt = now();
  };
  return {
    async current(): Promise<Masker> {
      if (masker === undefined || now() - triedAt >= freshMs) {
        loading ??= load().finally(() => (loading = undefined));
        await loading;
      }
      return masker as Masker;
    },
    addUsed(secrets: readonly KnownSecret[]): void {
      const isNew = secrets.some(({ value }) => !known.some((secret) => secret.value === value) && !retired.has(value));
      if (!isNew) return;
      retain(secrets);
      if (masker !== undefined) compile();
    },
  };
}

/**
 * The named secrets of this system and the mask of everything it keeps: named secrets, keys of connections to models, passwords of data
 * sources, and what the configuration holds. Values are read from the database whenever they are wanted, so a changed one counts at once;
 * what is masked follows within {@link freshMs}, values used here at once. Values of fewer than six characters are not masked: they stand
 * in any text by chance.
 *
 * All three ask the database: never call them inside a transaction. They throw DATABASE_UNAVAILABLE, `mask` only before it has ever read
 * the list.
 *
 * @param now milliseconds, default the wall clock.
 */
export function createSecrets(deps: KnownSecretsDeps, now: () => number = Date.now): Secrets {
  const { db, secretBox } = deps;
  const maskers = createMaskers(deps, now);

  const find = async (names: readonly string[]): Promise<Map<string, SecretRow>> => {
    try {
      return await findSecretsByName(db, names);
    } catch (error) {
      throw toUnavailable(error);
    }
  };
  const noteUsed = (rows: ReadonlyMap<string, SecretRow>): void => {
    const stale = [...rows.values()].filter((row) => row.last_used_at === null || now() - row.last_used_at.getTime() >= usedFreshMs);
    // When it was used is worth no failed call.
    if (stale.length > 0) void noteSecretsUsed(db, stale.map(({ name }) => name)).catch(() => undefined);
  };
  /** @param check throws when a secret may not be used where it is wanted; undefined stands for one there is none of. */
  const replace = async (text: string, check: (name: string, row: SecretRow | undefined) => asserts row is SecretRow): Promise<string> => {
    const names = secretNamesIn(text);
    if (names.length === 0) return text;
    const rows = await find(names);
    const values = new Map<string, string>();
    for (const name of names) {
      const row = rows.get(name);
      check(name, row);
      const value = openSealed(secretBox, { kind: 'secret', id: row.id, sealed: row.value_sealed });
      if (value === undefined) throw new AppError('TOOL_NOT_CONFIGURED', `The secret "${name}" cannot be opened with the encryption key of this system; an admin has to enter its value anew.`);
      values.set(name, value);
    }
    maskers.addUsed([...values].map(([name, value]) => ({ label: toSecretReference(name), value })));
    noteUsed(rows);
    return replaceSecretReferences(text, (name) => values.get(name) as string);
  };

  return {
    revealFor(text, url) {
      const check: Parameters<typeof replace>[1] = (name, row) => {
        if (row === undefined) throw new AppError('TOOL_REFUSED', `There is no secret named "${name}".`);
        if (!row.hosts.some((pattern) => isHostMatch(pattern, url))) throw new AppError('TOOL_REFUSED', `The secret "${name}" may not be sent to ${url.host}; an admin can allow that host for it.`);
      };
      return replace(text, check);
    },
    reveal(text) {
      const check: Parameters<typeof replace>[1] = (name, row) => {
        if (row === undefined) throw new AppError('TOOL_NOT_CONFIGURED', `There is no secret named "${name}"; an admin has to add it.`);
      };
      return replace(text, check);
    },
    mask: async (value) => (await maskers.current()).json(value),
  };
}
