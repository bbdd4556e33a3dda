import { expect, test } from 'vitest';
import type { NoticeRow } from '../../../db/repositories/notices.repository.ts';
import { planMessages } from './plan-messages.ts';

let count = 0;
const noticeOf = (given: Partial<NoticeRow> = {}): NoticeRow => ({
  id: `n${++count}`, channel: 'email', kind: 'requested', request_id: 'r', user_id: 'ana', webhook_id: null, batch_id: null, state: 'waiting', attempts: 0,
  not_before: new Date(0), detail: '', created_at: new Date(0), sent_at: null, ...given,
});
const many = (length: number, given: Partial<NoticeRow> = {}): NoticeRow[] => Array.from({ length }, () => noticeOf(given));
const lastAt = new Date('2026-11-29T12:00:00Z');
const aMinuteLater = new Date('2026-11-29T12:01:00Z');
const sizes = (due: NoticeRow[], recent: Record<string, number> = {}) => {
  const plan = planMessages(due, new Map(Object.entries(recent).map(([user, mails]) => [user, { mails, lastAt }])));
  return { messages: plan.messages.map(({ notices }) => notices.length), postponed: plan.postponed.map(({ ids, until }) => [ids.length, until]) };
};

test.each([
  ['one goes at once', 1, 0, [1]], ['three go at once', 3, 0, [1, 1, 1]], ['four are one', 4, 0, [4]], ['a hundred are one', 100, 0, [100]], ['the third within the minute goes at once', 1, 2, [1]],
])('%s', (_name, due, recent, messages) => {
  expect(sizes(many(due), recent === 0 ? {} : { ana: recent })).toEqual({ messages, postponed: [] });
});

test.each([['the fourth', 1, 3], ['two after two', 2, 2], ['many after one', 9, 1]])('%s within the minute waits for its end', (_name, due, recent) => {
  expect(sizes(many(due), { ana: recent })).toEqual({ messages: [], postponed: [[due, aMinuteLater]] });
});

test('each person is counted alone, webhooks are not grouped', () => {
  expect(sizes([...many(4), ...many(2, { user_id: 'bo' }), ...many(5, { channel: 'webhook', user_id: null, webhook_id: 'w' })], { cy: 9 })).toEqual({ messages: [1, 1, 1, 1, 1, 4, 1, 1], postponed: [] });
});

test('what somebody may have got already goes out again as it was, however much was sent since', () => {
  const [first, second] = many(2, { batch_id: 'batch', attempts: 1 }) as [NoticeRow, NoticeRow];
  expect(planMessages([first, second, noticeOf()], new Map([['ana', { mails: 3, lastAt }]]))).toMatchObject({ messages: [{ batchId: 'batch', notices: [first, second] }], postponed: [{ until: aMinuteLater }] });
});
