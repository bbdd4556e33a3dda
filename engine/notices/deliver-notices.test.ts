import { randomUUID } from 'node:crypto';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { webhookPayloadSchema } from '../../contracts/notices.ts';
import { createSecretBox } from '../../platform/secret-box.ts';
import { admin, createNoticeWorld } from '../../tests/support/notices.ts';
import type { WebhookReceiver } from '../../tests/support/webhook-receiver.ts';
import { updateUser } from '../people/index.ts';
import { deliverNotices, updateWebhook } from './index.ts';

const [second, hour] = [1_000, 3_600_000];
/** A call whose words are the model's own wherever they can be. */
const wordy = { toolName: 'ask_person', args: { question: 'the secret plan' }, effectSentence: 'Ask a person: the secret plan' };
const { db, mail, receiver, deps, start, now, setClock, later, reset, close, person, tell, deliver, hook, settle, rows, header } = await createNoticeWorld();
afterAll(close);
beforeEach(reset);

describe('e-mail', () => {
  test('goes to whom the request concerns, leads to the page and carries nothing a model wrote', async () => {
    const [concerned, other] = [await person(), await person({ isConcerned: false })];
    const id = await tell([concerned, other], wordy);
    expect(await deliver()).toEqual({ waitMs: null });
    expect(mail.received.map(({ to }) => to)).toEqual([[concerned.email]]);
    const raw = mail.received[0]?.raw.toString() ?? '';
    expect(raw).toContain(`https://maestro.example.com/hitl/${id}`);
    expect(raw).toMatch(/^Content-Type: text\/plain/mi);
    expect(raw).toMatch(/^Auto-Submitted: auto-generated/mi);
    expect(raw).toContain('    Ask a person a question\r\n');
    expect(raw).not.toContain('secret plan');
    expect(header(0, 'Subject')).toBe('Approval needed: ask_person (HIGH)');
    const [row] = await db.selectFrom('notices').select(['id', 'state', 'sent_at']).execute();
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
    for (let n = 0; n < 5; n++) await tell(n === 0 ? [ana, bo] : [ana], { toolName: `do_${n}` });
    await deliver();
    expect(new Set(mail.received.flatMap(({ to }) => to))).toEqual(new Set([ana.email, bo.email]));
    expect(mail.received).toHaveLength(2);
    const digest = mail.received.find(({ to }) => to[0] === ana.email)?.raw.toString().replaceAll('=\r\n', '') ?? '';
    expect(digest.match(/the tool do_\d/g)).toEqual([0, 1, 2, 3, 4].map((n) => `the tool do_${n}`));
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
    await db.updateTable('users').set({ email: `now@${randomUUID()}.example.com` }).where('id', '=', later451.userId).execute();
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
    const id = await tell([], { ...wordy, expiresAt: new Date('2026-11-29T13:00:00Z') });
    await tell([], { kind: 'settled', requestId: id });
    setClock(new Date()); // a verifier refuses what was signed long ago
    await deliver();
    expect(receiver.received).toHaveLength(1);
    const { headers, body } = receiver.received[0] as WebhookReceiver['received'][0];
    expect(body).not.toContain('secret plan');
    const verified = webhookPayloadSchema.parse(new StandardWebhook(secret).verify(body, headers as Record<string, string>));
    expect(verified).toMatchObject({ type: 'approval.requested', data: { approval_id: id, status: 'pending', effect_sentence: 'Ask a person a question', expires_at: '2026-11-29T13:00:00.000Z', url: `https://maestro.example.com/hitl/${id}`, api_url: `https://maestro.example.com/api/apa/hitl/${id}` } });
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
    expect(now().getTime() - start.getTime()).toBeGreaterThan(23 * hour);
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
