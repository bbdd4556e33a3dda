import type { Kysely } from 'kysely';
import { toSecretReference } from '../../contracts/secrets.ts';
import type { Database } from '../../db/database.ts';
import { listSealedValues, type SealedValue } from '../../db/repositories/secrets.repository.ts';
import { keyAs, listConfigSecrets, passwordOf, type SecretConfig } from '../../platform/config-secrets.ts';
import { type SecretBox, SecretBoxError } from '../../platform/secret-box.ts';
import type { KnownSecret } from '../../platform/secret-spellings.ts';
import { sealedFor } from './sealed-for.ts';

export interface KnownSecretsDeps {
  db: Kysely<Database>;
  secretBox: SecretBox;
  config: SecretConfig;
}

/** The value, or undefined when the key of this system does not open it: then nothing here can show it either. */
export function openSealed(secretBox: SecretBox, value: Pick<SealedValue, 'kind' | 'id' | 'sealed'>): string | undefined {
  try {
    return secretBox.open(value.sealed, sealedFor(value));
  } catch (error) {
    if (error instanceof SecretBoxError) return undefined;
    throw error;
  }
}

function toKnown(secretBox: SecretBox, row: SealedValue): KnownSecret[] {
  const value = openSealed(secretBox, row);
  if (value === undefined) return [];
  switch (row.kind) {
    case 'secret':
      return [{ label: toSecretReference(row.name), value }];
    case 'connection':
      return keyAs(`[key of ${row.name}]`, value);
    case 'webhook':
      return keyAs(`[signing secret of webhook ${row.name}]`, value);
    case 'data_source':
      return [passwordOf(`[password of data source ${row.name}]`, value, row.url)];
  }
}

/** Every secret this system keeps: named ones first, so that a value kept twice goes by the name an admin gave it. */
export async function loadKnownSecrets({ db, secretBox, config }: KnownSecretsDeps): Promise<KnownSecret[]> {
  const rows = await listSealedValues(db);
  const isNamed = ({ kind }: SealedValue): boolean => kind === 'secret';
  return [...rows.filter(isNamed), ...rows.filter((row) => !isNamed(row))].flatMap((row) => toKnown(secretBox, row)).concat(listConfigSecrets(config));
}
