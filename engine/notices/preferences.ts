import type { Kysely } from 'kysely';
import { type NoticePreferences, noticePreferencesSchema } from '../../contracts/notices.ts';
import type { Database } from '../../db/database.ts';
import { findNoticePreferences, upsertNoticePreferences } from '../../db/repositories/notices.repository.ts';

/** Of people who have chosen nothing. */
export const defaultNoticePreferences: NoticePreferences = noticePreferencesSchema.parse({});

/** Which approvals a person wishes to hear of. */
export async function getNoticePreferences({ db }: { db: Kysely<Database> }, userId: string): Promise<NoticePreferences> {
  return (await findNoticePreferences(db, [userId])).get(userId) ?? defaultNoticePreferences;
}

/** Chooses which approvals a person hears of from now on; what waits to be sent already is sent. */
export async function setNoticePreferences({ db }: { db: Kysely<Database> }, { userId, preferences }: { userId: string; preferences: NoticePreferences }): Promise<NoticePreferences> {
  await upsertNoticePreferences(db, userId, preferences);
  return preferences;
}
