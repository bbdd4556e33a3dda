import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import type { NoticeKind } from '../../contracts/notices.ts';
import type { Database } from '../database.ts';
import { microsecondText } from '../microsecond-text.ts';
import { toJsonb, toStorableText } from '../storable.ts';
import type { WebhooksTable } from '../tables/approvers.table.ts';
import type { NoticeRow } from './notices.repository.ts';

export type WebhookRow = Selectable<WebhooksTable>;
/** A webhook with the name of whoever changed it last, and what was last sent to it. */
export type WebhookView = WebhookRow & { editor: string | null; last_at: Date | null; last_state: NoticeRow['state'] | null; last_detail: string | null };

interface WrittenWebhook {
  id: string;
  name: string;
  url: string;
  events: readonly NoticeKind[];
  isEnabled: boolean;
}

export async function insertWebhook(trx: Transaction<Database>, webhook: WrittenWebhook & { secretSealed: string; secretHint: string; createdBy: string | null }): Promise<void> {
  const { id, isEnabled, createdBy } = webhook;
  await trx
    .insertInto('webhooks')
    .values({
      id, name: toStorableText(webhook.name), url: webhook.url, events: toJsonb(webhook.events), is_enabled: isEnabled,
      secret_sealed: webhook.secretSealed, secret_hint: webhook.secretHint, created_by: createdBy, updated_by: createdBy,
    })
    .execute();
}

/** Writes what may change of a webhook, as its next version. */
export async function updateWebhookRow(trx: Transaction<Database>, webhook: WrittenWebhook & { version: number; updatedBy: string | null }): Promise<void> {
  await trx
    .updateTable('webhooks')
    .set({ name: toStorableText(webhook.name), url: webhook.url, events: toJsonb(webhook.events), is_enabled: webhook.isEnabled, version: webhook.version, updated_by: webhook.updatedBy, updated_at: new Date() })
    .where('id', '=', webhook.id)
    .execute();
}

/** Deletes a webhook with everything that was sent to it or waits. */
export async function deleteWebhookRow(trx: Transaction<Database>, webhookId: string): Promise<void> {
  await trx.deleteFrom('webhooks').where('id', '=', webhookId).execute();
}

/** A webhook, held until the transaction ends. `webhookId` is a UUID. */
export async function lockWebhook(trx: Transaction<Database>, webhookId: string): Promise<WebhookRow | undefined> {
  return trx.selectFrom('webhooks').selectAll().where('id', '=', webhookId).forUpdate().executeTakeFirst();
}

export async function findWebhook(db: Kysely<Database>, webhookId: string): Promise<WebhookRow | undefined> {
  return db.selectFrom('webhooks').selectAll().where('id', '=', webhookId).executeTakeFirst();
}

const webhookView = (db: Kysely<Database>) =>
  db
    .selectFrom('webhooks')
    .leftJoin('users', 'users.id', 'webhooks.updated_by')
    .leftJoinLateral(
      (eb) => eb.selectFrom('notices').select(['created_at', 'sent_at', 'state', 'detail']).whereRef('notices.webhook_id', '=', 'webhooks.id').where('state', '<>', 'dropped').orderBy('created_at', 'desc').orderBy('id', 'desc').limit(1).as('last'),
      (join) => join.onTrue(),
    )
    .selectAll('webhooks')
    .select((eb) => ['users.name as editor', eb.fn.coalesce('last.sent_at', 'last.created_at').as('last_at'), 'last.state as last_state', 'last.detail as last_detail']);

/** All webhooks, by name. */
export async function listWebhookViews(db: Kysely<Database>): Promise<WebhookView[]> {
  return webhookView(db).orderBy(sql`lower(webhooks.name)`).orderBy('webhooks.id').execute();
}

export async function findWebhookView(db: Kysely<Database>, webhookId: string): Promise<WebhookView | undefined> {
  return webhookView(db).where('webhooks.id', '=', webhookId).executeTakeFirst();
}

export interface DeliveryPosition {
  at: string;
  id: string;
}

/** What was sent to a webhook or waits for it, newest first. */
export async function listDeliveryRows(db: Kysely<Database>, options: { webhookId: string; after: DeliveryPosition | undefined; limit: number }) {
  const { webhookId, after, limit } = options;
  let query = db
    .selectFrom('notices')
    .select(['id', 'kind', 'request_id', 'state', 'attempts', 'detail', 'created_at', 'sent_at', microsecondText('notices.created_at').as('created_at_text')])
    .where('webhook_id', '=', webhookId)
    .where('state', '<>', 'dropped');
  if (after !== undefined) query = query.where(sql<boolean>`(created_at, id) < (${after.at}::timestamptz, ${after.id}::uuid)`);
  return query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
}
