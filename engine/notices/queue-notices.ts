import type { Transaction } from 'kysely';
import type { NoticeKind } from '../../contracts/notices.ts';
import type { RiskLevel } from '../../contracts/tools.ts';
import type { Database } from '../../db/database.ts';
import { findNoticePreferences, insertNotices, listListeningWebhooks, type NewNotice } from '../../db/repositories/notices.repository.ts';
import { newId } from '../../platform/ids.ts';
import { defaultNoticePreferences } from './preferences.ts';
import { afterQuietHours } from './quiet-hours.ts';

/** Somebody who may decide a request; `isConcerned`: who wishes to hear of what concerns them hears of this. */
export interface Decider {
  userId: string;
  isConcerned: boolean;
}

/** What people are written of: what they may still do something about. */
const isMailed = (kind: NoticeKind): boolean => kind !== 'settled';

async function toEmails(trx: Transaction<Database>, { kind, requestId, riskLevel, deciders, actorId }: QueuedNotice, now: Date): Promise<NewNotice[]> {
  const others = deciders.filter(({ userId }) => userId !== actorId);
  if (!isMailed(kind) || others.length === 0) return [];
  const chosen = await findNoticePreferences(trx, others.map(({ userId }) => userId));
  return others.flatMap(({ userId, isConcerned }): NewNotice[] => {
    const { email: scope, quiet_hours: quietHours } = chosen.get(userId) ?? defaultNoticePreferences;
    if (scope === 'off' || (scope === 'mine' && !isConcerned)) return [];
    const isUrgent = riskLevel === 'HIGH' || riskLevel === 'CRITICAL';
    return [{ id: newId(), channel: 'email', kind, request_id: requestId, user_id: userId, webhook_id: null, not_before: isUrgent ? now : afterQuietHours(quietHours, now) }];
  });
}

export interface QueuedNotice {
  kind: NoticeKind;
  requestId: string;
  riskLevel: RiskLevel;
  /** Each person once. */
  deciders: readonly Decider[];
  /** Whose act it is that is told of: they know. */
  actorId?: string | null | undefined;
}

/**
 * Queues what is to be told of a request, in the transaction of what happened: e-mails to deciders as they wish (never of what is
 * settled: nothing is left to do), and every webhook that listens. Once it is committed, {@link Notifier.wake} has it delivered.
 */
export async function queueNotices(trx: Transaction<Database>, notice: QueuedNotice, { now = new Date() }: { now?: Date } = {}): Promise<void> {
  const emails = await toEmails(trx, notice, now);
  const webhooks = await listListeningWebhooks(trx, notice.kind);
  const posts = webhooks.map(({ id }): NewNotice => ({ id: newId(), channel: 'webhook', kind: notice.kind, request_id: notice.requestId, user_id: null, webhook_id: id, not_before: now }));
  await insertNotices(trx, [...emails, ...posts]);
}
