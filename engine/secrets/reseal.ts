import type { Kysely } from 'kysely';
import type { Database } from '../../db/database.ts';
import { insertAuditEntry } from '../../db/repositories/audit.repository.ts';
import { listSealedValues, lockSealedValues, replaceSealedValue, type SealedValue } from '../../db/repositories/secrets.repository.ts';
import type { SecretBox } from '../../platform/secret-box.ts';
import { systemActor, toAuditActor } from '../governance/actor.ts';
import { openSealed } from './known-secrets.ts';
import { sealedFor } from './sealed-for.ts';

/** Values that open with neither key, by kind and name: nothing was changed. */
export class UnopenableValuesError extends Error {
  readonly values: readonly Pick<SealedValue, 'kind' | 'name'>[];
  constructor(values: readonly Pick<SealedValue, 'kind' | 'name'>[]) {
    super(`${values.length} sealed ${values.length === 1 ? 'value opens' : 'values open'} with neither key: ${values.map(({ kind, name }) => `${kind} "${name}"`).join(', ')}`);
    this.name = 'UnopenableValuesError';
    this.values = values;
  }
}

export type ResealCounts = Record<SealedValue['kind'], { resealed: number; alreadyNew: number }>;

/**
 * Seals every value Maestro keeps with the new key: keys of connections, passwords of data sources, named secrets, signing secrets of webhooks. All or none, in one
 * transaction, with an audit entry; what is under the new key already is left, so that it can be run again. Values and versions stay.
 * Throws {@link UnopenableValuesError}, before anything is changed, when one opens with neither key.
 */
export async function resealAll({ db }: { db: Kysely<Database> }, { from, to }: { from: SecretBox; to: SecretBox }): Promise<ResealCounts> {
  return db.transaction().execute(async (trx) => {
    await lockSealedValues(trx);
    const counts: ResealCounts = { connection: { resealed: 0, alreadyNew: 0 }, data_source: { resealed: 0, alreadyNew: 0 }, secret: { resealed: 0, alreadyNew: 0 }, webhook: { resealed: 0, alreadyNew: 0 } };
    const changes: SealedValue[] = [];
    const unopenable: SealedValue[] = [];
    for (const row of await listSealedValues(trx)) {
      const value = openSealed(from, row);
      if (openSealed(to, row) !== undefined) counts[row.kind].alreadyNew += 1;
      else if (value === undefined) unopenable.push(row);
      else {
        counts[row.kind].resealed += 1;
        changes.push({ ...row, sealed: to.seal(value, sealedFor(row)) });
      }
    }
    if (unopenable.length > 0) throw new UnopenableValuesError(unopenable);
    for (const change of changes) await replaceSealedValue(trx, change);
    if (changes.length > 0) {
      await insertAuditEntry(trx, { ...toAuditActor(systemActor), action: 'encryption_key.rotate', objectType: 'encryption_key', objectId: 'MAESTRO_ENCRYPTION_KEY', after: counts });
    }
    return counts;
  });
}
