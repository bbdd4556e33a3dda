import { randomUUID } from 'node:crypto';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type NoticeKind, type NoticePreferences, webhookPayloadSchema } from '../../contracts/notices.ts';
import { listDeciderIds } from '../hitl/index.ts';
import { createUser, updateUser } from '../people/index.ts';
import { createSecretBox } from '../../platform/secret-box.ts';
import { addApprovalRequest } from '../../tests/support/approval-requests.ts';
import { createTestDatabase, type TestDatabase } from '../../tests/support/database.ts';
import { type MailServer, startMailServer } from '../../tests/support/mail-server.ts';
import { noSecrets } from '../../tests/support/tools.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../../tests/support/webhook-receiver.ts';
import { createWebhook, type Decider, deliverNotices, type NoticeDeps, queueNotices, setNoticePreferences, updateWebhook } from './index.ts';

let database: TestDatabase;
let mail: MailServer;
let receiver: WebhookReceiver;
let deps: NoticeDeps;
/** The clock of queue and delivery. */
let clock: Date;
const admin = { userId: null, name: 'Maestro' };
const start = new Date('2026-11-29T12:00:00Z');
const later = (ms: number): void => {
  clock = new Date(clock.getTime() + ms);
};
const [second, minute, hour] = [1_000, 60_000, 3_600_000];

beforeAll(async () => {
  [database, mail, receiver] = await Promise.all([createTestDatabase(), startMailServer(), startWebhookReceiver()]);
  deps = {
    db: database.db, secretBox: createSecretBox('0'.repeat(64)), secrets: noSecrets, listDeciderIds, now: () => clock,
    config: { http: { host: '127.0.0.1', port: 8000, publicUrl: 'https://maestro.example.com/' }, mail: { smtpUrl: mail.url, from: 'Maestro <maestro@example.com>' }, tools: { httpAllowHosts: ['127.0.0.1'] } },
  };
});
afterAll(async () => {
  await Promise.all([mail.close(), receiver.close()]);
  await database.close();
});
beforeEach(async () => {
  clock = start;
  mail.received.length = 0;
  receiver.received.length = 0;
  receiver.answers.length = 0;
  await database.db.deleteFrom('notices').execute();
  await database.db.deleteFrom('webhooks').execute();
});

/** Somebody who may decide, with an address of their own. */
async function person({ isConcerned = true, preferences, mailbox = 'ana' }: { isConcerned?: boolean; preferences?: NoticePreferences; mailbox?: string } = {}): Promise<Decider & { email: string }> {
  const email = `${mailbox}@${randomUUID()}.example.com`;
  const { id } = await createUser(deps, { body: { email, name: 'Ana', role: 'approver', password: 'correct horse battery' }, actor: admin });
  if (preferences !== undefined) await setNoticePreferences(deps, { userId: id, preferences });
  return { userId: id, isConcerned, email };
}
/** Something happened to a request, new unless given; returns its id. */
async function tell(deciders: readonly Decider[], { kind = 'requested' as NoticeKind, requestId, ...request }: { kind?: NoticeKind; requestId?: string } & Parameters<typeof addApprovalRequest>[1] = {}): Promise<string> {
  const id = requestId ?? (await addApprovalRequest(database.db, request));
  await database.db.transaction().execute((trx) => queueNotices(trx, { kind, requestId: id, riskLevel: request.riskLevel ?? 'HIGH', deciders }, { now: clock }));
  return id;
}
const deliver = () => deliverNotices(deps);
const hook = (given: { events?: NoticeKind[]; url?: string } = {}) => createWebhook(deps, { body: { name: 'Chat', url: receiver.url, events: ['requested', 'changed', 'reminder', 'escalated', 'settled'], is_enabled: true, ...given }, actor: admin });
const settle = (id: string) => database.db.updateTable('hitl_requests').set({ status: 'approved', settled_at: new Date() }).where('id', '=', id).execute();
const rows = () => database.db.selectFrom('notices').select(['channel', 'kind', 'state', 'attempts', 'detail', 'not_before']).orderBy('created_at').orderBy('id').execute();
const header = (n: number, name: string): string | undefined => new RegExp(`^${name}: (.*)$`, 'mi').exec(mail.received[n]?.raw.toString() ?? '')?.[1]?.trim();

describe('e-mail', () => {
  test('goes to whom the request concerns, leads to the page and carries no argument', async () => {
    const [concerned, other] = [await person(), await person({ isConcerned: false })];
    const id = await tell([concerned, other], { args: { text: 'the secret plan' } });
    expect(await deliver()).toEqual({ waitMs: null });
    expect(mail.received.map(({ to }) => to)).toEqual([[concerned.email]]);
    const raw = mail.received[0]?.raw.toString() ?? '';
    expect(raw).toContain(`https://maestro.example.com/hitl/${id}`);
    expect(raw).toMatch(/^Content-Type: text\/plain/mi);
    expect(raw).toMatch(/^Auto-Submitted: auto-generated/mi);
    expect(raw).not.toContain('secret plan');
    expect(header(0, 'Subject')).toBe('Approval needed: send_email (HIGH)');
    const [row] = await database.db.selectFrom('notices').select(['id', 'state', 'sent_at']).execute();
    expect(row).toMatchObject({ state: 'sent', sent_at: start });
    expect(header(0, 'Message-ID')).toBe(`<notice-${row?.id}@maestro>`);
  });

  test.each([
    ['off', { email: 'off' as const }, true, 0], ['mine, and it is', { email: 'mine' as const }, true, 1], ['mine, and it is not', { email: 'mine' as const }, false, 0], ['all, and it is not', { email: 'all' as const }, false, 1],
  ])('as they wish: %s', async (_name, { email }, isConcerned, mails) => {
    await tell([await person({ isConcerned, preferences: { email, in_app: 'all', quiet_hours: null } })]);
    await deliver();
    expect(mail.received).toHaveLength(mails);
  });

  test('of a settled request is none: neither of its settling nor of what waited', async () => {
    const ana = await person();
    const id = await tell([ana]);
    await settle(id);
    await tell([ana], { kind: 'settled', requestId: id });
    expect(await deliver()).toEqual({ waitMs: null });
    expect(mail.received).toEqual([]);
    expect(await rows()).toMatchObject([{ state: 'dropped', detail: 'The request was settled first.' }]);
  });

  test('waits for the end of quiet hours, unless it is HIGH or CRITICAL', async () => {
    const ana = await person({ preferences: { email: 'all', in_app: 'all', quiet_hours: { from: 11, to: 13 } } });
    await tell([ana], { riskLevel: 'MEDIUM' });
    await tell([ana], { riskLevel: 'HIGH' });
    expect(await deliver()).toEqual({ waitMs: hour });
    expect(mail.received.map((_mail, n) => header(n, 'Subject'))).toEqual(['Approval needed: send_email (HIGH)']);
    later(hour);
    expect(await deliver()).toEqual({ waitMs: null });
    expect(header(1, 'Subject')).toBe('Approval needed: send_email (MEDIUM)');
  });

  test('many at once are one with a list, others get theirs', async () => {
    const [ana, bo] = [await person(), await person()];
    for (let n = 0; n < 5; n++) await tell(n === 0 ? [ana, bo] : [ana], { effectSentence: `Do ${n}` });
    await deliver();
    expect(new Set(mail.received.flatMap(({ to }) => to))).toEqual(new Set([ana.email, bo.email]));
    expect(mail.received).toHaveLength(2);
    const digest = mail.received.find(({ to }) => to[0] === ana.email)?.raw.toString() ?? '';
    expect(digest.match(/Do \d/g)).toEqual(['Do 0', 'Do 1', 'Do 2', 'Do 3', 'Do 4']);
    expect(digest).toContain('https://maestro.example.com/hitl\r\n');
  });

  test('the first goes at once, what follows within a minute waits for its end and is one', async () => {
    const ana = await person();
    await tell([ana]);
    await deliver();
    later(10 * second);
    for (let n = 0; n < 5; n++) await tell([ana]);
    expect(await deliver()).toEqual({ waitMs: 50 * second });
    expect(mail.received).toHaveLength(1);
    later(50 * second);
    expect(await deliver()).toEqual({ waitMs: null });
    expect(mail.received.map((_mail, n) => header(n, 'Subject'))).toEqual(['Approval needed: send_email (HIGH)', '5 approvals wait']);
  });

  test('that is refused for now is tried again under the same Message-ID; one refused for good is not', async () => {
    const [later451, nobody] = [await person({ mailbox: 'later' }), await person({ mailbox: 'nobody' })];
    await tell([later451]);
    await tell([nobody]);
    expect(await deliver()).toEqual({ waitMs: 10 * second });
    expect((await rows()).map(({ state, detail }) => [state, detail])).toEqual([['waiting', expect.stringContaining('greylisted')], ['failed', expect.stringContaining('no such mailbox')]]);
    await database.db.updateTable('users').set({ email: `now@${randomUUID()}.example.com` }).where('id', '=', later451.userId).execute();
    later(10 * second);
    await deliver();
    expect(mail.received).toHaveLength(1);
    expect(await rows()).toMatchObject([{ state: 'sent', attempts: 2 }, { state: 'failed', attempts: 1 }]);
  });

  test('of what came up while the mail server was down is not one each once it is back', async () => {
    const ana = await person();
    const down = { ...deps, config: { ...deps.config, mail: { ...deps.config.mail, smtpUrl: 'smtp://127.0.0.1:1' } } };
    for (let n = 0; n < 50; n++) {
      await tell([ana]);
      await deliverNotices(down);
      later(12 * second);
    }
    for (let waitMs: number | null = 0; waitMs !== null; { waitMs } = await deliver()) later(waitMs);
    expect((await rows()).every(({ state }) => state === 'sent')).toBe(true);
    expect(mail.received.length).toBeLessThan(10);
  });

  test('to nobody without a mail server, and not to who was locked out', async () => {
    const ana = await person();
    await tell([ana]);
    await deliverNotices({ ...deps, config: { ...deps.config, mail: { ...deps.config.mail, smtpUrl: undefined } } });
    await tell([ana]);
    await updateUser(deps, { userId: ana.userId, body: { is_disabled: true }, actor: admin });
    await deliver();
    expect(mail.received).toEqual([]);
    expect(await rows()).toMatchObject([{ state: 'dropped', detail: 'No mail server is set up.' }, { state: 'dropped', detail: 'The person no longer signs in here.' }]);
  });
});

describe('a webhook', () => {
  test('gets what it listens to, signed so that another implementation agrees, with small facts alone', async () => {
    const { secret } = await hook({ events: ['requested'] });
    const id = await tell([], { args: { text: 'the secret plan' }, expiresAt: new Date('2026-11-29T13:00:00Z') });
    await tell([], { kind: 'settled', requestId: id });
    clock = new Date(); // a verifier refuses what was signed long ago
    await deliver();
    expect(receiver.received).toHaveLength(1);
    const { headers, body } = receiver.received[0] as WebhookReceiver['received'][0];
    expect(body).not.toContain('secret plan');
    const verified = webhookPayloadSchema.parse(new StandardWebhook(secret).verify(body, headers as Record<string, string>));
    expect(verified).toMatchObject({ type: 'approval.requested', data: { approval_id: id, status: 'pending', expires_at: '2026-11-29T13:00:00.000Z', url: `https://maestro.example.com/hitl/${id}`, api_url: `https://maestro.example.com/api/apa/hitl/${id}` } });
    expect(() => new StandardWebhook(secret).verify(`${body} `, headers as Record<string, string>)).toThrow();
  });

  test('hears of what is settled too', async () => {
    await hook();
    const id = await tell([]);
    await settle(id);
    await tell([], { kind: 'settled', requestId: id });
    await deliver();
    expect(receiver.received.map(({ body }) => webhookPayloadSchema.parse(JSON.parse(body))).map(({ type, data }) => `${type} ${data?.status}`).toSorted()).toEqual(['approval.requested approved', 'approval.settled approved']);
  });

  test('that fails is tried again, later each time, under the same id, and given up after a day', async () => {
    await hook();
    await tell([]);
    receiver.answers = Array.from({ length: 10 }, () => ({ status: 500 }));
    for (let attempt = 1; attempt <= 10; attempt++) {
      const { waitMs } = await deliver();
      later(waitMs ?? 0);
    }
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(receiver.received).toHaveLength(10);
    expect(clock.getTime() - start.getTime()).toBeGreaterThan(23 * hour);
    expect(await rows()).toMatchObject([{ state: 'failed', attempts: 10, detail: 'Given up after 10 attempts within a day. The last one: 500 Internal Server Error' }]);
    expect(await deliver()).toEqual({ waitMs: null });
    expect(receiver.received).toHaveLength(10);
  });

  test.each([
    ['a redirect is not followed', { status: 302, headers: { location: 'http://127.0.0.1:1/' } }, 'waiting', '302 Found: it redirects, which is not followed. Write the address it leads to.'],
    ['gone is the last word', { status: 410 }, 'failed', '410 Gone: it no longer wants to hear of this.'],
    ['any 2xx is a receipt', { status: 202 }, 'sent', '202 Accepted'],
  ])('%s', async (_name, answer, state, detail) => {
    await hook();
    await tell([]);
    receiver.answers = [answer];
    await deliver();
    expect(receiver.received).toHaveLength(1);
    expect(await rows()).toMatchObject([{ state, detail }]);
  });

  test.each(['http://127.0.0.1:9/', 'http://169.254.169.254/latest/', 'http://[::1]/', 'http://localhost:9/', 'http://10.0.0.1/', 'http://metadata.google.internal/'])('at %s is never reached unless the host is allowed', async (url) => {
    await hook({ url });
    await tell([]);
    await deliverNotices({ ...deps, config: { ...deps.config, tools: { httpAllowHosts: [] } } });
    expect(await rows()).toMatchObject([{ state: 'waiting', detail: expect.stringContaining('is not on the public internet') }]);
  });

  test('that was switched off meanwhile hears nothing', async () => {
    const { id } = await hook();
    await tell([]);
    await updateWebhook(deps, { webhookId: id, body: { version: 1, is_enabled: false }, actor: admin });
    await tell([]);
    await deliver();
    expect(receiver.received).toEqual([]);
    expect(await rows()).toMatchObject([{ state: 'dropped', detail: 'The webhook is switched off.' }]);
  });

  test('whose secret the key of this system does not open waits, and says so', async () => {
    await hook();
    await tell([]);
    await deliverNotices({ ...deps, secretBox: createSecretBox('1'.repeat(64)) });
    expect(receiver.received).toEqual([]);
    expect(await rows()).toMatchObject([{ state: 'waiting', detail: 'The signing secret cannot be opened with the key of this system.' }]);
  });
});

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
    const id = await addApprovalRequest(database.db);
    await database.db.transaction().execute(async (trx) => {
      await queueNotices(trx, { kind: 'requested', requestId: id, riskLevel: 'HIGH', deciders: [] }, { now: clock });
      throw new Error('taken back');
    }).catch(() => undefined);
    expect(await deliver()).toEqual({ waitMs: null });
    expect(receiver.received).toEqual([]);
  });

  test('forgets what ended a month ago', async () => {
    await hook();
    await tell([]);
    await deliver();
    clock = new Date(Date.now() + 31 * 24 * hour);
    await deliver();
    expect(await rows()).toEqual([]);
  });
});
