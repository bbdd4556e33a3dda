import { randomUUID } from 'node:crypto';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { webhookPayloadSchema } from '../../../contracts/notices.ts';
import { insertNotices } from '../../../db/repositories/notices.repository.ts';
import { addApprovalRequest } from '../../../tests/support/approval-requests.ts';
import { createNoticeWorld } from '../../../tests/support/notices.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../../../tests/support/webhook-receiver.ts';
import { deliverNotices, queueNotices } from '../index.ts';

const [minute, hour] = [60_000, 3_600_000];
const { db, mail, receiver, deps, start, now, setClock, later, reset, close, person, tell, deliver, hook, rows } = await createNoticeWorld();
afterAll(close);
beforeEach(reset);

describe('delivery', () => {
  test('several workers at once send each notice once', async () => {
    await hook();
    const ids = [];
    for (let n = 0; n < 30; n++) ids.push(await tell([]));
    await Promise.all([deliver(), deliver(), deliver()]);
    expect(receiver.received).toHaveLength(30);
    expect(new Set(receiver.received.map(({ body }) => webhookPayloadSchema.parse(JSON.parse(body)).data?.approval_id))).toEqual(new Set(ids));
  });

  test('of a worker that died in the middle is taken up when its lease has run out, under the same id', async () => {
    await hook();
    await tell([await person()]);
    receiver.answers = ['never'];
    const dying = new AbortController();
    const first = deliverNotices(deps, { stop: dying.signal });
    await expect.poll(() => receiver.received.length).toBe(1);
    dying.abort();
    await first;
    expect((await deliver()).waitMs).toBeGreaterThan(0);
    expect(receiver.received).toHaveLength(1);
    later(minute);
    expect(await deliver()).toEqual({ waitMs: null });
    expect(receiver.received).toHaveLength(2);
    expect(receiver.received[1]?.headers['webhook-id']).toBe(receiver.received[0]?.headers['webhook-id']);
    expect((await rows()).map(({ state }) => state)).toEqual(['sent', 'sent']);
  });

  test('what a transaction takes back is not told', async () => {
    await hook();
    const id = await addApprovalRequest(db);
    await db.transaction().execute(async (trx) => {
      await queueNotices(trx, { kind: 'requested', requestId: id, riskLevel: 'HIGH', deciders: [] }, { now: now() });
      throw new Error('taken back');
    }).catch(() => undefined);
    expect(await deliver()).toEqual({ waitMs: null });
    expect(receiver.received).toEqual([]);
  });

  test('forgets what ended a month ago, also while something waits', async () => {
    await hook();
    for (let n = 0; n < 3; n++) await tell([]);
    await deliver();
    setClock(new Date(Date.now() + 31 * 24 * hour));
    receiver.answers = [{ status: 500 }];
    await db.updateTable('notices').set({ created_at: start } as never).execute();
    const id = await tell([]);
    await deliver();
    expect(await db.selectFrom('notices').select(['request_id', 'state']).execute()).toEqual([{ request_id: id, state: 'waiting' }]);
  });
});

describe('a webhook that does not answer', () => {
  /** Two webhooks, the first of which never answers. */
  const hooks = async (): Promise<{ dead: WebhookReceiver; stop: AbortController }> => {
    const dead = await startWebhookReceiver();
    dead.answers = Array.from({ length: 100 }, () => 'never');
    await hook({ url: dead.url });
    await hook();
    return { dead, stop: new AbortController() };
  };

  test('gets no more than two messages at a time, and holds up neither mail nor other webhooks', async () => {
    const { dead, stop } = await hooks();
    for (let n = 0; n < 30; n++) await tell([]);
    const ana = await person();
    await tell([ana], { riskLevel: 'CRITICAL' });
    const delivery = deliverNotices(deps, { stop: stop.signal });
    await expect.poll(() => [mail.received.length, receiver.received.length], { timeout: 30_000 }).toEqual([1, 31]);
    expect(dead.received).toHaveLength(2);
    // What comes up while it is waited for goes out as well.
    await tell([await person()], { riskLevel: 'CRITICAL' });
    await expect.poll(() => [mail.received.length, receiver.received.length], { timeout: 30_000 }).toEqual([2, 32]);
    expect(dead.received).toHaveLength(2);
    stop.abort();
    await delivery;
    await dead.close();
  });

  test('does not hide what is behind its messages, however many wait', async () => {
    const { dead, stop } = await hooks();
    const id = await tell([]);
    const { webhook_id: webhookId } = await db.selectFrom('notices').innerJoin('webhooks', 'webhooks.id', 'notices.webhook_id').select('webhook_id').where('url', '=', dead.url).executeTakeFirstOrThrow();
    await insertNotices(db, Array.from({ length: 600 }, () => ({ id: randomUUID(), channel: 'webhook' as const, kind: 'requested', request_id: id, user_id: null, webhook_id: webhookId, not_before: start })));
    await tell([await person()]);
    const delivery = deliverNotices(deps, { stop: stop.signal });
    await expect.poll(() => [mail.received.length, receiver.received.length], { timeout: 30_000 }).toEqual([1, 2]);
    stop.abort();
    await delivery;
    await dead.close();
  });
});
