import type { Kysely, Transaction } from 'kysely';
import { AppError, refuseField, toFieldError } from '../../contracts/errors.ts';
import type { CreateSecretBody, Secret, UpdateSecretBody } from '../../contracts/secrets.ts';
import type { Database } from '../../db/database.ts';
import { insertAuditEntry } from '../../db/repositories/audit.repository.ts';
import { insertConnectionChange } from '../../db/repositories/events.repository.ts';
import { deleteSecretRow, insertSecret, lockSecret, type SecretRow, updateSecretRow } from '../../db/repositories/secrets.repository.ts';
import { refusingDuplicates } from '../../db/unique-violation.ts';
import { hashJson } from '../../platform/hash-json.ts';
import { newId } from '../../platform/ids.ts';
import type { SecretBox } from '../../platform/secret-box.ts';
import { type Actor, toAuditActor } from '../governance/actor.ts';
import { toKeyHint } from './key-hint.ts';
import { getSecret, listSecretUses } from './read-secrets.ts';
import { sealedFor } from './sealed-for.ts';

interface Deps {
  db: Kysely<Database>;
  secretBox: SecretBox;
}

const takenName = { secrets_name_key: (cause: unknown): AppError => toFieldError('SECRET_NAME_TAKEN', { path: 'name', message: 'Another secret already has this name.' }, cause) };

async function lock(trx: Transaction<Database>, secretId: string): Promise<SecretRow> {
  const row = await lockSecret(trx, secretId);
  if (row === undefined) throw new AppError('SECRET_NOT_FOUND', `secret ${secretId}`);
  return row;
}

/** What the audit keeps of a secret: neither the value nor the end of it. */
const toAudited = ({ name, hosts, description }: Pick<SecretRow, 'name' | 'hosts' | 'description'>) => ({ name, hosts, description });

/** The name stands wherever the value was hidden, and the other texts are shown to everybody. */
function refuseShownValue(value: string, shown: Partial<Record<'name' | 'description', string>>): void {
  for (const [path, text] of Object.entries(shown)) if (value.length >= 4 && text.includes(value)) refuseField(path, 'This holds the value itself, which would be shown to everybody.');
}

const sealFor = ({ secretBox }: Pick<Deps, 'secretBox'>, id: string, value: string): Pick<SecretRow, 'value_sealed' | 'hint'> =>
  ({ value_sealed: secretBox.seal(value, sealedFor({ kind: 'secret', id })), hint: toKeyHint(value) });

/** Adds a secret; its value is sealed and never sent back. Throws SECRET_NAME_TAKEN and VALIDATION_FAILED. */
export async function createSecret(deps: Deps, { body, actor }: { body: CreateSecretBody; actor: Actor }): Promise<Secret> {
  const { name, value, hosts, description } = body;
  refuseShownValue(value, { name, description });
  const id = newId();
  const { value_sealed: valueSealed, hint } = sealFor(deps, id, value);
  await refusingDuplicates(takenName, () => deps.db.transaction().execute(async (trx) => {
    await insertSecret(trx, { id, name, valueSealed, hint, hosts, description, createdBy: actor.userId });
    await insertConnectionChange(trx, id, 'created');
    await insertAuditEntry(trx, { ...toAuditActor(actor), action: 'secret.create', objectType: 'secret', objectId: id, after: toAudited({ name, hosts, description }) });
  }));
  return getSecret(deps, id);
}

/**
 * Changes a secret; a value given takes the place of the one before. What changes nothing makes no version. Throws SECRET_NOT_FOUND,
 * SECRET_CHANGED and VALIDATION_FAILED.
 */
export async function updateSecret(deps: Deps, { secretId, body, actor }: { secretId: string; body: UpdateSecretBody; actor: Actor }): Promise<Secret> {
  await deps.db.transaction().execute(async (trx) => {
    const row = await lock(trx, secretId);
    if (body.version !== row.version) throw new AppError('SECRET_CHANGED', undefined, { details: { version: row.version } });
    const isReplaced = body.value !== undefined;
    const after = { ...row, hosts: body.hosts ?? row.hosts, description: body.description ?? row.description, ...(isReplaced ? sealFor(deps, row.id, body.value as string) : {}) };
    if (isReplaced) refuseShownValue(body.value as string, { name: row.name, description: after.description });
    if (!isReplaced && hashJson(toAudited(after)) === hashJson(toAudited(row))) return;
    await updateSecretRow(trx, { id: row.id, valueSealed: after.value_sealed, hint: after.hint, hosts: after.hosts, description: after.description, version: row.version + 1, updatedBy: actor.userId });
    await insertConnectionChange(trx, row.id, 'updated');
    await insertAuditEntry(trx, {
      ...toAuditActor(actor), action: 'secret.update', objectType: 'secret', objectId: row.id, before: toAudited(row), after: { ...toAudited(after), ...(isReplaced ? { value_replaced: true } : {}) },
    });
  });
  return getSecret(deps, secretId);
}

/**
 * Deletes a secret. One that something refers to is deleted only when its name is given: SECRET_IN_USE else, with `details.used_by`.
 * Throws SECRET_NOT_FOUND, and VALIDATION_FAILED for another name.
 */
export async function deleteSecret({ db }: Pick<Deps, 'db'>, { secretId, name, actor }: { secretId: string; name?: string | undefined; actor: Actor }): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const row = await lock(trx, secretId);
    if (name !== undefined && name !== row.name) refuseField('name', 'This is not the name of the secret.');
    const usedBy = (await listSecretUses(trx)).get(row.name);
    if (name === undefined && usedBy !== undefined) throw new AppError('SECRET_IN_USE', undefined, { details: { used_by: usedBy } });
    await deleteSecretRow(trx, row.id);
    await insertConnectionChange(trx, row.id, 'deleted');
    await insertAuditEntry(trx, { ...toAuditActor(actor), action: 'secret.delete', objectType: 'secret', objectId: row.id, before: toAudited(row) });
  });
}
