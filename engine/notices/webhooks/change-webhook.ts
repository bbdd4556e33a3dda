import type { Kysely, Transaction } from 'kysely';
import { AppError, refuseField } from '../../../contracts/errors.ts';
import type { CreatedWebhook, CreateWebhookBody, UpdateWebhookBody, Webhook } from '../../../contracts/notices.ts';
import type { Database } from '../../../db/database.ts';
import { insertAuditEntry } from '../../../db/repositories/audit.repository.ts';
import { insertConnectionChange } from '../../../db/repositories/events.repository.ts';
import { deleteWebhookRow, insertWebhook, lockWebhook, updateWebhookRow, type WebhookRow } from '../../../db/repositories/webhooks.repository.ts';
import { hashJson } from '../../../platform/hash-json.ts';
import { newId } from '../../../platform/ids.ts';
import type { SecretBox } from '../../../platform/secret-box.ts';
import { type Actor, toAuditActor } from '../../governance/actor.ts';
import { toKeyHint } from '../../secrets/index.ts';
import { problemOfUrl } from '../../tools/index.ts';
import { getWebhook } from './read-webhooks.ts';
import { toShownUrl } from './shown-url.ts';
import { newSigningSecret, sealSigningSecret } from './sign.ts';

interface Deps {
  db: Kysely<Database>;
  secretBox: SecretBox;
}

/** As the audit log has it: never the secret, and of an address that may be one only whether it is another. */
const toAudited = ({ name, url, events, is_enabled: isEnabled }: Pick<WebhookRow, 'name' | 'url' | 'events' | 'is_enabled'>) => ({ name, url: toShownUrl(url), url_hash: hashJson(url), events, is_enabled: isEnabled });

function refuseUrl(url: string | undefined): void {
  const problem = url === undefined ? undefined : problemOfUrl(url);
  if (problem !== undefined) refuseField('url', `The address ${problem}.`);
}

async function lock(trx: Transaction<Database>, webhookId: string): Promise<WebhookRow> {
  const row = await lockWebhook(trx, webhookId);
  if (row === undefined) throw new AppError('WEBHOOK_NOT_FOUND', `webhook ${webhookId}`);
  return row;
}

/** Adds a webhook with a new signing secret, which is told this once and sealed. Throws VALIDATION_FAILED. */
export async function createWebhook(deps: Deps, { body, actor }: { body: CreateWebhookBody; actor: Actor }): Promise<CreatedWebhook> {
  refuseUrl(body.url);
  const [id, secret] = [newId(), newSigningSecret()];
  await deps.db.transaction().execute(async (trx) => {
    await insertWebhook(trx, { id, name: body.name, url: body.url, events: body.events, isEnabled: body.is_enabled, secretSealed: sealSigningSecret(deps.secretBox, id, secret), secretHint: toKeyHint(secret), createdBy: actor.userId });
    await insertConnectionChange(trx, id, 'created');
    await insertAuditEntry(trx, { ...toAuditActor(actor), action: 'webhook.create', objectType: 'webhook', objectId: id, after: toAudited(body) });
  });
  return { ...(await getWebhook(deps, id)), secret };
}

/** Changes a webhook; its secret stays. What changes nothing makes no version. Throws WEBHOOK_NOT_FOUND, WEBHOOK_CHANGED and VALIDATION_FAILED. */
export async function updateWebhook(deps: Deps, { webhookId, body, actor }: { webhookId: string; body: UpdateWebhookBody; actor: Actor }): Promise<Webhook> {
  refuseUrl(body.url);
  await deps.db.transaction().execute(async (trx) => {
    const row = await lock(trx, webhookId);
    if (body.version !== row.version) throw new AppError('WEBHOOK_CHANGED', undefined, { details: { version: row.version } });
    const after = { name: body.name ?? row.name, url: body.url ?? row.url, events: body.events ?? row.events, is_enabled: body.is_enabled ?? row.is_enabled };
    if (hashJson(toAudited(after)) === hashJson(toAudited(row))) return;
    await updateWebhookRow(trx, { id: row.id, name: after.name, url: after.url, events: after.events, isEnabled: after.is_enabled, version: row.version + 1, updatedBy: actor.userId });
    await insertConnectionChange(trx, row.id, 'updated');
    await insertAuditEntry(trx, { ...toAuditActor(actor), action: 'webhook.update', objectType: 'webhook', objectId: row.id, before: toAudited(row), after: toAudited(after) });
  });
  return getWebhook(deps, webhookId);
}

/** Deletes a webhook with its secret, its deliveries and what waits for it. Throws WEBHOOK_NOT_FOUND. */
export async function deleteWebhook({ db }: Pick<Deps, 'db'>, { webhookId, actor }: { webhookId: string; actor: Actor }): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const row = await lock(trx, webhookId);
    await deleteWebhookRow(trx, row.id);
    await insertConnectionChange(trx, row.id, 'deleted');
    await insertAuditEntry(trx, { ...toAuditActor(actor), action: 'webhook.delete', objectType: 'webhook', objectId: row.id, before: toAudited(row) });
  });
}
