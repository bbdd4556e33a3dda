import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import type { NoticeKind, NoticePreferences } from '../../contracts/notices.ts';
import type { Database } from '../database.ts';
import { toJsonb, toStorableText } from '../storable.ts';
import type { NoticesTable } from '../tables/approvers.table.ts';

export type NoticeRow = Selectable<NoticesTable>;
export type NewNotice = Pick<NoticeRow, 'id' | 'channel' | 'kind' | 'request_id' | 'user_id' | 'webhook_id' | 'not_before'> & Partial<Pick<NoticeRow, 'batch_id' | 'state' | 'attempts' | 'detail' | 'sent_at'>>;

/** What these people (or one) have chosen; who has chosen nothing is left out. */
export async function findNoticePreferences(db: Kysely<Database>, userIds: readonly string[]): Promise<Map<string, NoticePreferences>> {
  const rows = await db.selectFrom('notice_preferences').select(['user_id', 'preferences']).where('user_id', '=', sql<string>`any(${[...userIds]}::uuid[])`).execute();
  return new Map(rows.map((row) => [row.user_id, row.preferences]));
}

export async function upsertNoticePreferences(db: Kysely<Database>, userId: string, preferences: NoticePreferences): Promise<void> {
  const written = { preferences: toJsonb(preferences), updated_at: new Date() };
  await db.insertInto('notice_preferences').values({ user_id: userId, ...written }).onConflict((conflict) => conflict.column('user_id').doUpdateSet(written)).execute();
}

/** Webhooks that are switched on and listen to this kind. */
export async function listListeningWebhooks(db: Kysely<Database>, kind: NoticeKind): Promise<{ id: string }[]> {
  return db.selectFrom('webhooks').select('id').where('is_enabled', '=', true).where(sql<boolean>`events @> ${toJsonb([kind])}::jsonb`).execute();
}

export async function insertNotices(db: Kysely<Database>, notices: readonly NewNotice[]): Promise<void> {
  if (notices.length > 0) await db.insertInto('notices').values([...notices]).execute();
}

/** Where notices go whose time has come: ids of webhooks, and null where mail is among them. */
export async function listDueWebhookIds(db: Kysely<Database>, now: Date): Promise<(string | null)[]> {
  const rows = await db.selectFrom('notices').select('webhook_id').distinct().where('state', '=', 'waiting').where('not_before', '<=', now).execute();
  return rows.map((row) => row.webhook_id);
}

/** Notices to a webhook (null: mail) whose time has come, oldest first, held until the transaction ends; those another worker holds are passed over. */
export async function lockDueNotices(trx: Transaction<Database>, options: { webhookId: string | null; now: Date; limit: number }): Promise<NoticeRow[]> {
  return trx.selectFrom('notices').selectAll().where('state', '=', 'waiting').where('not_before', '<=', options.now).where('webhook_id', 'is not distinct from', options.webhookId).orderBy('created_at').orderBy('id').limit(options.limit).forUpdate().skipLocked().execute();
}

/** Marks notices as under way in one message; unless they are settled before `leaseUntil`, they fall due again. */
export async function claimNotices(trx: Transaction<Database>, claim: { ids: readonly string[]; batchId: string; leaseUntil: Date }): Promise<void> {
  await trx
    .updateTable('notices')
    .set((eb) => ({ batch_id: claim.batchId, attempts: eb('attempts', '+', 1), not_before: claim.leaseUntil }))
    .where('id', '=', sql<string>`any(${[...claim.ids]}::uuid[])`)
    .execute();
}

/** Lets notices wait until then. `isUnbound`: the message they were to go out in is none any more. */
export async function postponeNotices(db: Kysely<Database>, postponed: { ids: readonly string[]; until: Date; detail?: string; isUnbound?: boolean }): Promise<void> {
  await db
    .updateTable('notices')
    .set({ not_before: postponed.until, ...(postponed.detail === undefined ? {} : { detail: toStorableText(postponed.detail) }), ...(postponed.isUnbound === true ? { batch_id: null } : {}) })
    .where('id', '=', sql<string>`any(${[...postponed.ids]}::uuid[])`)
    .where('state', '=', 'waiting')
    .execute();
}

/** Lets what nobody got of earlier attempts to write to a person wait no longer than until then. */
export async function bringForwardRetries(db: Kysely<Database>, { userId, until }: { userId: string; until: Date }): Promise<void> {
  await db
    .updateTable('notices')
    .set({ not_before: until })
    .where('channel', '=', 'email').where('user_id', '=', userId).where('state', '=', 'waiting').where('attempts', '>', 0).where('batch_id', 'is', null).where('not_before', '>', until)
    .execute();
}

/** Ends notices that wait; ones that have ended stay as they are. */
export async function endNotices(db: Kysely<Database>, ended: { ids: readonly string[]; state: 'sent' | 'failed' | 'dropped'; detail: string; at: Date }): Promise<void> {
  await db
    .updateTable('notices')
    .set({ state: ended.state, detail: toStorableText(ended.detail), ...(ended.state === 'sent' ? { sent_at: ended.at } : {}) })
    .where('id', '=', sql<string>`any(${[...ended.ids]}::uuid[])`)
    .where('state', '=', 'waiting')
    .execute();
}

/** The messages these people got since then: how many, and when the last one left. */
export async function countMailsSince(db: Kysely<Database>, userIds: readonly string[], since: Date): Promise<Map<string, { mails: number; lastAt: Date }>> {
  const rows = await db
    .selectFrom('notices')
    .select((eb) => ['user_id', eb.fn.count<number>('batch_id').distinct().as('mails'), eb.fn.max('sent_at').as('last_at')])
    .where('channel', '=', 'email').where('state', '=', 'sent').where('sent_at', '>', since)
    .where('user_id', '=', sql<string>`any(${[...userIds]}::uuid[])`)
    .groupBy('user_id')
    .execute();
  return new Map(rows.map((row) => [row.user_id as string, { mails: Number(row.mails), lastAt: row.last_at as unknown as Date }]));
}

/** When the next notice falls due; undefined: nothing waits. */
export async function findNextDue(db: Kysely<Database>): Promise<Date | undefined> {
  const row = await db.selectFrom('notices').select('not_before').where('state', '=', 'waiting').orderBy('not_before').limit(1).executeTakeFirst();
  return row?.not_before;
}

/** Forgets notices of before then that have ended, the oldest first. */
export async function deleteEndedNotices(db: Kysely<Database>, { before, limit }: { before: Date; limit: number }): Promise<void> {
  await db
    .deleteFrom('notices')
    .where('id', 'in', (eb) => eb.selectFrom('notices').select('id').where('state', '<>', 'waiting').where('created_at', '<', before).orderBy('created_at').limit(limit))
    .execute();
}
