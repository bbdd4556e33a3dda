import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createCertificate } from '../../../tests/support/certificate.ts';
import { type MailServer, startMailServer } from '../../../tests/support/mail-server.ts';
import { emailContext, emailTool, letter } from '../../../tests/support/send-email.ts';
import { failureOf } from '../../../tests/support/tools.ts';
import type { SendEmailArguments } from './index.ts';

describe('a server that refuses', () => {
  let server: MailServer;
  beforeAll(async () => {
    server = await startMailServer();
  });
  afterAll(() => server.close());

  test.each<[name: string, args: Partial<SendEmailArguments>, credentials: string, code: string, words: string]>([
    ['a mailbox that does not exist', { to: ['nobody@example.com'] }, '', 'TOOL_FAILED', 'refused every recipient, nothing was sent: nobody@example.com (550 no such mailbox)'],
    ['a mailbox that is closed for now', { to: ['later@example.com'] }, '', 'TOOL_UNAVAILABLE', 'at the moment: later@example.com (451 greylisted)'],
    ['two mailboxes, one of them for now', { to: ['nobody@example.com', 'later@example.com'] }, '', 'TOOL_UNAVAILABLE', 'nobody@example.com (550 no such mailbox), later@example.com (451 greylisted)'],
    ['a message for good', { text: 'SPAM' }, '', 'TOOL_FAILED', 'did not take the message: 554 looks like spam'],
    ['a message for now', { text: 'FULL' }, '', 'TOOL_UNAVAILABLE', 'did not take the message for now: 452 disk full'],
    ['a wrong password', {}, 'maestro:wrong@', 'TOOL_NOT_CONFIGURED', 'did not accept Maestro\'s sign-in; an admin has to check SMTP_URL'],
  ])('%s says that nothing was sent, and why', async (_name, args, credentials, code, words) => {
    const error = await failureOf(emailTool({ smtpUrl: server.url.replace('smtp://', `smtp://${credentials}`) }).execute({ ...letter, ...args }, emailContext()));
    expect(error).toMatchObject({ code, message: expect.stringContaining(words), details: { not_sent: true } });
    expect(error.message).not.toContain('wrong');
    expect(server.received).toEqual([]);
  });

  test('only six of many refused recipients are told', async () => {
    const to = Array.from({ length: 20 }, (_item, n) => `nobody@d${n}.example`);
    expect((await failureOf(emailTool({ smtpUrl: server.url }).execute({ ...letter, to }, emailContext()))).message).toMatch(/d4\.example \(550 no such mailbox\) and 15 more$/);
  });

  test('a message that is too large is refused before it is sent', async () => {
    const small = await startMailServer({ size: 10_000 });
    const error = await failureOf(emailTool({ smtpUrl: small.url }).execute({ ...letter, text: 'x'.repeat(50_000) }, emailContext()));
    expect(error).toMatchObject({ code: 'TOOL_FAILED', message: expect.stringContaining('too large for the mail server; send fewer or smaller attachments'), details: { not_sent: true } });
    await small.close();
  });
});

describe('a secure connection', () => {
  const own = createCertificate({ hosts: ['localhost', '127.0.0.1'] });
  const old = createCertificate({ hosts: ['localhost'], validFrom: new Date(Date.now() - 7_200_000), validUntil: new Date(Date.now() - 3_600_000) });
  test.each<[name: string, options: Parameters<typeof startMailServer>[0], address: (url: string) => string, words: string]>([
    ['with a self-signed certificate', { secure: true, ...own }, (url) => url, 'certificate of the mail server is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT)'],
    ['with a self-signed certificate after STARTTLS', own, (url) => url, 'certificate of the mail server is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT)'],
    ['with an expired certificate', { secure: true, ...old }, (url) => url, 'certificate of the mail server is not trusted'],
    ['asked of a port that speaks none', {}, (url) => url.replace('smtp://', 'smtps://'), 'smtps:// is TLS from the first byte'],
    ['demanded of a server without', {}, (url) => `${url}?requireTLS=true`, 'No secure connection'],
  ])('%s does not come about, and nobody is told the password', async (_name, options, address, words) => {
    const server = await startMailServer(options);
    const error = await failureOf(emailTool({ smtpUrl: address(server.url).replace('://', '://maestro:hunter2@') }).execute(letter, emailContext()));
    expect(error).toMatchObject({ message: expect.stringContaining(words), details: { not_sent: true } });
    expect(error.message).not.toContain('hunter2');
    expect(server.received).toEqual([]);
    await server.close();
  });

  test.each([['smtps', { secure: true }], ['STARTTLS', {}]])('that is trusted carries the message and the sign-in: %s', async (_name, options) => {
    const server = await startMailServer({ ...own, ...options });
    await emailTool({ smtpUrl: `${server.url.replace('://', '://maestro:right@')}?tls.ca=${encodeURIComponent(own.cert)}` }).execute(letter, emailContext());
    expect(server.received).toMatchObject([{ user: 'maestro' }]);
    await server.close();
  });
});

describe('a server that fails half-way', () => {
  const servers: Server[] = [];
  const sockets = new Set<Socket>();
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => { server.close(resolve); })));
  });

  /** A server that answers each command by its first word; `drop` ends the connection, `hang` never answers. */
  const serverThat = async (replies: Record<string, string>): Promise<string> => {
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => {});
      const answer = (key: string, otherwise: string): void => {
        const reply = replies[key] ?? otherwise;
        if (reply === 'drop') socket.destroy();
        else if (reply !== 'hang') socket.write(`${reply}\r\n`);
      };
      let isInMessage = false;
      let pending = '';
      answer('GREETING', '220 ready');
      socket.on('data', (chunk) => {
        pending += chunk.toString();
        for (let end = pending.indexOf('\r\n'); end !== -1; end = pending.indexOf('\r\n')) {
          const line = pending.slice(0, end);
          pending = pending.slice(end + 2);
          if (isInMessage) {
            if (replies['BODY'] === 'drop') socket.destroy();
            if (line !== '.') continue;
            isInMessage = false;
            answer('DOT', '250 taken');
            continue;
          }
          const word = (line.split(' ', 1)[0] ?? '').toUpperCase();
          if (word === 'DATA' && replies['DATA'] === undefined) isInMessage = true;
          answer(word, word === 'DATA' ? '354 go ahead' : word === 'EHLO' ? '250 hello' : '250 ok');
        }
      });
    });
    servers.push(server);
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
    return `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };

  test.each<[name: string, replies: Record<string, string>, code: string]>([
    ['drops the connection at once', { GREETING: 'drop' }, 'TOOL_UNAVAILABLE'],
    ['greets with a refusal', { GREETING: '554 go away' }, 'TOOL_FAILED'],
    ['is busy', { GREETING: '421 too busy' }, 'TOOL_UNAVAILABLE'],
    ['speaks something else', { GREETING: 'HTTP/1.1 400 Bad Request' }, 'TOOL_UNAVAILABLE'],
    ['wants a sign-in', { MAIL: '530 5.7.0 Authentication required' }, 'TOOL_NOT_CONFIGURED'],
    ['finds the announced size too large', { MAIL: '552 5.3.4 too big' }, 'TOOL_FAILED'],
    ['finds the message too large', { DOT: '552 5.3.4 too big' }, 'TOOL_FAILED'],
    ['greylists', { RCPT: '450 4.2.0 Greylisted, come back later' }, 'TOOL_UNAVAILABLE'],
    ['drops at HELO', { EHLO: 'drop' }, 'TOOL_UNAVAILABLE'],
    ['refuses the sender', { MAIL: '550 not you' }, 'TOOL_FAILED'],
    ['refuses the sender for now', { MAIL: '450 later' }, 'TOOL_UNAVAILABLE'],
    ['drops at the recipient', { RCPT: 'drop' }, 'TOOL_UNAVAILABLE'],
    ['drops at DATA', { DATA: 'drop' }, 'TOOL_UNAVAILABLE'],
    ['refuses DATA', { DATA: '554 no' }, 'TOOL_FAILED'],
    ['refuses the message', { DOT: '554 virus' }, 'TOOL_FAILED'],
    ['refuses the message for now', { DOT: '451 try later' }, 'TOOL_UNAVAILABLE'],
    ['shuts down instead of taking the message', { DOT: '421 shutting down' }, 'TOOL_UNAVAILABLE'],
  ])('that %s has certainly not taken the message', async (_name, replies, code) => {
    expect(await failureOf(emailTool({ smtpUrl: await serverThat(replies) }).execute(letter, emailContext()))).toMatchObject({ code, details: { not_sent: true } });
  });

  test('greylisting says when to come back', async () => {
    expect(await failureOf(emailTool({ smtpUrl: await serverThat({ RCPT: '450 4.2.0 Greylisted' }) }).execute(letter, emailContext()))).toMatchObject({ code: 'TOOL_UNAVAILABLE', details: { retry_after_ms: 60_000, smtp_code: 450 } });
  });

  test('a connection that ends early in a long message has certainly not sent it', async () => {
    const file = { id: 'f', name: 'big.bin', mediaType: 'application/octet-stream', bytes: new Uint8Array(9_000_000) };
    const error = await failureOf(emailTool({ smtpUrl: await serverThat({ BODY: 'drop' }) }).execute({ ...letter, attachments: [{ file: file.id }] }, emailContext({}, [file])));
    expect(error).toMatchObject({ code: 'TOOL_UNAVAILABLE', details: { not_sent: true } });
  });

  test('an answer to the message that is none leaves the outcome unknown', async () => {
    expect(await failureOf(emailTool({ smtpUrl: await serverThat({ DOT: 'perhaps' }) }).execute(letter, emailContext()))).toMatchObject({ details: { outcome_unknown: true } });
  });

  test.each<[name: string, replies: Record<string, string>]>([
    ['drops the connection while it reads the message', { BODY: 'drop' }],
    ['drops the connection instead of confirming', { DOT: 'drop' }],
  ])('that %s leaves the outcome unknown', async (_name, replies) => {
    const error = await failureOf(emailTool({ smtpUrl: await serverThat(replies) }).execute(letter, emailContext()));
    expect(error).toMatchObject({ code: 'TOOL_FAILED', details: { outcome_unknown: true } });
    expect(error.details).not.toHaveProperty('not_sent');
  });

  test.each<[name: string, replies: Record<string, string>, details: Record<string, boolean>]>([
    ['before the message', { MAIL: 'hang' }, { not_sent: true }],
    ['after the message', { DOT: 'hang' }, { outcome_unknown: true }],
  ])('an abort while waiting %s says what is known', async (_name, replies, details) => {
    const controller = new AbortController();
    let isConfirmed = (): void => {};
    const confirmed = new Promise<void>((resolve) => { isConfirmed = resolve; });
    const running = emailTool({ smtpUrl: await serverThat(replies) }).execute(letter, emailContext({ signal: controller.signal, confirmClaim: async () => { isConfirmed(); } }));
    if ('DOT' in replies) await confirmed.then(() => new Promise((resolve) => { setImmediate(resolve); }));
    controller.abort();
    expect(await failureOf(running)).toMatchObject({ details });
  });

  test('nobody listening is unavailable', async () => {
    expect(await failureOf(emailTool({ smtpUrl: 'smtp://user:hunter2@127.0.0.1:1' }).execute(letter, emailContext()))).toMatchObject({ code: 'TOOL_UNAVAILABLE', details: { not_sent: true }, message: expect.not.stringContaining('hunter2') });
  });

  test('under an aborted signal nothing is connected', async () => {
    expect(await failureOf(emailTool({ smtpUrl: 'smtp://127.0.0.1:1' }).execute(letter, emailContext({ signal: AbortSignal.abort() })))).toMatchObject({ details: { not_sent: true } });
  });
});

