import type { Transaction } from 'kysely';
import type { Database } from '../../../db/database.ts';
import { listMailAddresses, listToldRequests, type ToldRequest } from '../../../db/repositories/notice-contents.repository.ts';
import { claimNotices, countMailsSince, endNotices, lockDueNotices, type NoticeRow, postponeNotices } from '../../../db/repositories/notices.repository.ts';
import { findWebhook, type WebhookRow } from '../../../db/repositories/webhooks.repository.ts';
import type { NoticeDeps } from '../notice-deps.ts';
import { groupSpanMs, type Message, planMessages } from './plan-messages.ts';

/** What is looked at in one go, and what of it is sent at the same time: mails, and posts to one webhook. */
const maxLooked = 500;
const maxMails = 10;
const maxPosts = 2;
/** Longer than any attempt takes; after it, what a dead worker had in hand is sent again. */
export const leaseMs = 30_000;

/** A message in hand with all it takes to write it. */
export interface ClaimedMessage extends Message {
  requests: Map<string, ToldRequest>;
  /** Where it goes. */
  email: string | undefined;
  webhook: WebhookRow | undefined;
}

const distinct = (ids: readonly (string | null)[]): string[] => [...new Set(ids.filter((id) => id !== null))];

/** Why a notice is not sent any more; undefined: it is. */
function reasonToDrop(notice: NoticeRow, around: { request: ToldRequest | undefined; webhook: WebhookRow | undefined; isReachable: boolean; mayDecide: boolean; hasMailServer: boolean }): string | undefined {
  if (notice.channel === 'webhook') return around.webhook?.is_enabled === true ? undefined : 'The webhook is switched off.';
  if (!around.hasMailServer) return 'No mail server is set up.';
  if (!around.isReachable) return 'The person no longer signs in here.';
  if (around.request?.status !== 'pending') return 'The request was settled first.';
  return around.mayDecide ? undefined : 'The person no longer decides on it.';
}

export interface ClaimOptions extends Pick<NoticeDeps, 'listDeciderIds'> {
  /** Null: mail. */
  webhookId: string | null;
  now: Date;
  hasMailServer: boolean;
}

/**
 * Takes a few of the messages that are due to a webhook or as mail, so that no other worker sends them meanwhile. What no longer needs to be
 * said is dropped, and what would be too many mails at once waits. Undefined: nothing is due, or another worker is at it.
 */
export async function claimMessages(trx: Transaction<Database>, { webhookId, now, hasMailServer, listDeciderIds }: ClaimOptions): Promise<ClaimedMessage[] | undefined> {
  const due = await lockDueNotices(trx, { webhookId, now, limit: maxLooked });
  if (due.length === 0) return undefined;
  const userIds = distinct(due.map((notice) => notice.user_id));
  const requests = new Map((await listToldRequests(trx, distinct(due.map((notice) => notice.request_id)))).map((request) => [request.id, request]));
  const webhook = webhookId === null ? undefined : await findWebhook(trx, webhookId);
  const decidersOf = await listDeciderIds(trx, distinct(due.filter(({ channel }) => channel === 'email').map((notice) => notice.request_id)));
  const people = new Map((await listMailAddresses(trx, userIds)).map((person) => [person.id, person]));

  const dropped = Map.groupBy(due, (notice) => reasonToDrop(notice, {
    request: requests.get(notice.request_id ?? ''), webhook, isReachable: people.get(notice.user_id ?? '')?.is_disabled === false,
    mayDecide: decidersOf.get(notice.request_id ?? '')?.has(notice.user_id ?? '') === true, hasMailServer,
  }));
  for (const [reason, notices] of dropped) if (reason !== undefined) await endNotices(trx, { ids: notices.map(({ id }) => id), state: 'dropped', detail: reason, at: now });

  const recent = await countMailsSince(trx, userIds, new Date(now.getTime() - groupSpanMs));
  const plan = planMessages(dropped.get(undefined) ?? [], recent);
  for (const postponed of plan.postponed) await postponeNotices(trx, postponed);
  const claimed = plan.messages.slice(0, webhookId === null ? maxMails : maxPosts);
  for (const { batchId, notices } of claimed) await claimNotices(trx, { ids: notices.map(({ id }) => id), batchId, leaseUntil: new Date(now.getTime() + leaseMs) });
  return claimed.map((message) => ({ ...message, requests, email: people.get(message.notices[0]?.user_id ?? '')?.email, webhook }));
}
