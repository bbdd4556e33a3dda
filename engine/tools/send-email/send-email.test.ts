import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { AppError } from '../../../contracts/errors.ts';
import type { ToolCallContext } from '../tool.ts';
import { createSendEmailTool, type SendEmailArguments, sendEmailArgumentsSchema, type SendEmailOptions } from './index.ts';

const contextWith = (context: Partial<ToolCallContext> = {}): ToolCallContext =>
  ({ runId: 'run', toolCallId: 'call', idempotencyKey: 'run:1.0', signal: new AbortController().signal, confirmClaim: async () => {}, readResult: async () => null, ...context });
const letter: SendEmailArguments = { to: ['support-lead@example.com'], subject: 'Today\'s tickets', text: 'There were 47.\n\nAll answered. é\u{1F600}\n.\n' };
const toolWith = (options: Partial<SendEmailOptions> = {}) => createSendEmailTool({ smtpUrl: undefined, from: 'Maestro <maestro@maestro.example>', companyDomains: ['example.com'], ...options });
const failureOf = async (work: Promise<unknown>): Promise<AppError> => {
  const error = await work.then((value) => { throw new Error(`no failure but ${JSON.stringify(value)}`); }, (thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(AppError);
  return error as AppError;
};

describe('delivery to a real server', () => {
  const received: { raw: string; to: string[]; from: string; user: string | undefined }[] = [];
  let server: SMTPServer;
  let smtpUrl: string;

  beforeAll(async () => {
    server = new SMTPServer({
      authOptional: true, disabledCommands: ['STARTTLS'],
      onAuth: (auth, _session, done) => (auth.password === 'right' ? done(null, { user: auth.username }) : done(new Error('Invalid username or password'))),
      onRcptTo: ({ address }, _session, done) => done(address.startsWith('nobody@') ? Object.assign(new Error('no such mailbox'), { responseCode: 550 }) : address.startsWith('later@') ? Object.assign(new Error('greylisted'), { responseCode: 451 }) : null),
      onData(stream, session, done) {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const raw = Buffer.concat(chunks).toString();
          if (raw.includes('SPAM')) return done(Object.assign(new Error('looks like spam'), { responseCode: 554 }));
          if (raw.includes('FULL')) return done(Object.assign(new Error('disk full'), { responseCode: 452 }));
          received.push({ raw, to: session.envelope.rcptTo.map(({ address }) => address), from: session.envelope.mailFrom === false ? '' : session.envelope.mailFrom.address, user: session.user as string | undefined });
          done();
        });
      },
    });
    server.on('error', () => {});
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
    smtpUrl = `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise<void>((resolve) => { server.close(() => resolve()); }));
  afterEach(() => { received.length = 0; });

  test('the message arrives as it was written, under a Message-ID made from the call', async () => {
    const outcome = await toolWith({ smtpUrl }).execute({ ...letter, cc: ['boss@other.example'] }, contextWith());
    expect(received).toHaveLength(1);
    const mail = await simpleParser(received[0]?.raw ?? '');
    expect(mail).toMatchObject({ subject: letter.subject, text: letter.text, from: { text: '"Maestro" <maestro@maestro.example>' } });
    expect(received[0]).toMatchObject({ from: 'maestro@maestro.example', to: ['support-lead@example.com', 'boss@other.example'] });
    expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
    expect(outcome).toMatchObject({ summary: 'sent to 2 recipients', output: { message_id: mail.messageId, accepted: ['support-lead@example.com', 'boss@other.example'], rejected: [] } });
    expect(mail.messageId).toMatch(/^<[0-9a-f]{40}@maestro\.example>$/);
  });

  test('two attempts of a call have the same Message-ID, two calls do not', async () => {
    const idOf = async (idempotencyKey: string) => ((await toolWith({ smtpUrl }).execute(letter, contextWith({ idempotencyKey }))).output as { message_id: string }).message_id;
    expect(await idOf('run:1.0')).toBe(await idOf('run:1.0'));
    expect(await idOf('run:1.0')).not.toBe(await idOf('run:1.1'));
  });

  test('somebody named twice gets one copy', async () => {
    await toolWith({ smtpUrl }).execute({ ...letter, to: ['a@example.com', 'A@example.com'], cc: ['a@example.com'] }, contextWith());
    expect(received.map(({ to }) => to)).toEqual([['a@example.com']]);
  });

  test('the claim is confirmed when the server is ready, before a byte of the message is sent', async () => {
    const refusal = new AppError('TOOL_FAILED', 'taken over', { details: { not_sent: true } });
    expect(await failureOf(toolWith({ smtpUrl }).execute(letter, contextWith({ confirmClaim: () => Promise.reject(refusal) })))).toBe(refusal);
    expect(received).toEqual([]);
  });

  test('recipients the server refuses are told, the others get the message', async () => {
    const outcome = await toolWith({ smtpUrl }).execute({ ...letter, to: ['a@example.com', 'nobody@example.com'] }, contextWith());
    expect(outcome).toMatchObject({ summary: 'sent to a@example.com, the mail server refused nobody@example.com', output: { accepted: ['a@example.com'], rejected: ['nobody@example.com'] } });
    expect(received.map(({ to }) => to)).toEqual([['a@example.com']]);
  });

  test('signs in with the credentials of the URL', async () => {
    await toolWith({ smtpUrl: smtpUrl.replace('smtp://', 'smtp://maestro:right@') }).execute(letter, contextWith());
    expect(received[0]?.user).toBe('maestro');
  });

  test.each<[name: string, args: Partial<SendEmailArguments>, credentials: string, code: string]>([
    ['a mailbox that does not exist', { to: ['nobody@example.com'] }, '', 'TOOL_FAILED'],
    ['a mailbox that is closed for now', { to: ['later@example.com'] }, '', 'TOOL_UNAVAILABLE'],
    ['a message refused for good', { text: 'SPAM' }, '', 'TOOL_FAILED'],
    ['a message refused for now', { text: 'FULL' }, '', 'TOOL_UNAVAILABLE'],
    ['a wrong password', {}, 'maestro:wrong@', 'TOOL_NOT_CONFIGURED'],
  ])('%s is a failure that says nothing was sent', async (_name, args, credentials, code) => {
    const error = await failureOf(toolWith({ smtpUrl: smtpUrl.replace('smtp://', `smtp://${credentials}`) }).execute({ ...letter, ...args }, contextWith()));
    expect(error).toMatchObject({ code, details: { not_sent: true } });
    expect(error.message).not.toContain('wrong');
    expect(received).toEqual([]);
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
    expect(await failureOf(toolWith({ smtpUrl: await serverThat(replies) }).execute(letter, contextWith()))).toMatchObject({ code, details: { not_sent: true } });
  });

  test.each<[name: string, replies: Record<string, string>]>([
    ['drops the connection while it reads the message', { BODY: 'drop' }],
    ['drops the connection instead of confirming', { DOT: 'drop' }],
  ])('that %s leaves the outcome unknown', async (_name, replies) => {
    const error = await failureOf(toolWith({ smtpUrl: await serverThat(replies) }).execute(letter, contextWith()));
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
    const running = toolWith({ smtpUrl: await serverThat(replies) }).execute(letter, contextWith({ signal: controller.signal, confirmClaim: async () => { isConfirmed(); } }));
    if ('DOT' in replies) await confirmed.then(() => new Promise((resolve) => { setImmediate(resolve); }));
    controller.abort();
    expect(await failureOf(running)).toMatchObject({ details });
  });

  test('nobody listening is unavailable', async () => {
    expect(await failureOf(toolWith({ smtpUrl: 'smtp://user:hunter2@127.0.0.1:1' }).execute(letter, contextWith()))).toMatchObject({ code: 'TOOL_UNAVAILABLE', details: { not_sent: true }, message: expect.not.stringContaining('hunter2') });
  });

  test('under an aborted signal nothing is connected', async () => {
    expect(await failureOf(toolWith({ smtpUrl: 'smtp://127.0.0.1:1' }).execute(letter, contextWith({ signal: AbortSignal.abort() })))).toMatchObject({ details: { not_sent: true } });
  });
});

describe('without a mail server', () => {
  test('the tool says what to set', async () => {
    expect(toolWith().missingConfiguration).toContain('SMTP_URL');
    expect(await failureOf(toolWith().execute(letter, contextWith()))).toMatchObject({ code: 'TOOL_NOT_CONFIGURED' });
  });
});

describe('injection is impossible', () => {
  test.each([
    'a@example.com\r\nBcc: evil@evil.example', 'a@example.com\nBcc: evil@evil.example', 'a@example.com\r', 'a@example.com\n', ' a@example.com', 'a@example.com ',
    'a@example.com,evil@evil.example', 'a@example.com;evil@evil.example', 'a@example.com evil@evil.example', 'A <a@example.com>', '<a@example.com>', '"a b"@example.com',
    '"a@evil.example, "@example.com', 'a@example.com>\r\nRCPT TO:<evil@evil.example', 'a@b@example.com', 'a@[127.0.0.1]', 'a@localhost', '@example.com', 'a@', 'a', '',
    'group: a@example.com;', 'a@example.com\0', 'a@example.com\u2028b@example.com', 'ä@example.com', 'a@exämple.com', 'a..b@example.com', '.a@example.com', `${'a'.repeat(250)}@example.com`,
  ])('the address %j is refused', (address) => {
    expect(sendEmailArgumentsSchema.safeParse({ ...letter, to: [address] }).success).toBe(false);
    expect(sendEmailArgumentsSchema.safeParse({ ...letter, cc: [address] }).success).toBe(false);
  });

  test.each(['Hi\r\nBcc: evil@evil.example', 'Hi\nX: y', 'Hi\rX: y', 'Hi\0', 'Hi\u2028there', 'Hi\u0085there', 'Hi\tthere', ''])('the subject %j is refused', (subject) => {
    expect(sendEmailArgumentsSchema.safeParse({ ...letter, subject }).success).toBe(false);
  });

  test.each<[name: string, args: object]>([
    ['no recipient', { to: [] }], ['a recipient that is no list', { to: 'a@example.com' }], ['too many recipients', { to: Array.from({ length: 51 }, (_item, n) => `a${n}@example.com`) }],
    ['an unknown field', { bcc: ['a@example.com'] }], ['attachments', { attachments: [{ path: '/etc/passwd' }] }], ['HTML', { html: '<b>' }],
  ])('%s is refused', (_name, args) => {
    expect(sendEmailArgumentsSchema.safeParse({ ...letter, ...args }).success).toBe(false);
  });

  test.each(['a@example.com', 'first.last+tag@sub.example.co.uk', 'o\'neill@example.com', 'x_1-2@xn--bcher-kva.example'])('the address %j is allowed', (address) => {
    expect(sendEmailArgumentsSchema.safeParse({ ...letter, to: [address] }).success).toBe(true);
  });
});

describe('what policy and people see', () => {
  const to = ['a@example.com', 'b@team.example.com', 'c@partner.test'];
  test.each<[args: Partial<SendEmailArguments>, companyDomains: string[], sentence: string]>([
    [{ to }, ['example.com'], 'Send an e-mail to 3 recipients, 1 outside the company'],
    [{ to: to.slice(0, 2) }, ['Example.com'], 'Send an e-mail to 2 recipients'],
    [{ to }, [], 'Send an e-mail to 3 recipients'],
    [{ to: ['a@example.com'] }, ['example.com'], 'Send an e-mail to a@example.com'],
    [{ to: ['c@partner.test'] }, ['example.com'], 'Send an e-mail to c@partner.test, outside the company'],
    [{ to: ['c@notexample.com'] }, ['example.com'], 'Send an e-mail to c@notexample.com, outside the company'],
  ])('%j with %j reads "%s"', (args, companyDomains, sentence) => {
    expect(toolWith({ companyDomains }).effectSentence({ ...letter, ...args })).toBe(sentence);
  });

  test('facts have domains and counts, never addresses or text', () => {
    expect(toolWith().facts({ ...letter, to, cc: ['A@EXAMPLE.com'] })).toEqual({ recipient_count: 3, recipient_domains: ['example.com', 'partner.test', 'team.example.com'], outside_recipient_count: 1, text_length: letter.text.length });
    expect(toolWith({ companyDomains: [] }).facts(letter)).toMatchObject({ outside_recipient_count: null });
  });

  test('risk is HIGH and the effect external', () => {
    expect([toolWith().risk(letter), toolWith().effect(letter), toolWith().defaultEffect]).toEqual(['HIGH', 'external', 'external']);
  });
});

describe('whether an earlier attempt was delivered', () => {
  test.each([[true, 'happened'], [false, 'not_happened'], [undefined, 'unknown']] as const)('found %s means %s', async (found, state) => {
    const asked: string[] = [];
    const verification = await toolWith({ findDelivered: async (messageId) => { asked.push(messageId); return found; } }).verify?.(letter, contextWith());
    expect(verification).toMatchObject({ state });
    expect(asked).toEqual([expect.stringMatching(/^<[0-9a-f]{40}@maestro\.example>$/)]);
  });

  test('is unknown where nobody can tell', async () => {
    expect(await toolWith().verify?.(letter, contextWith())).toEqual({ state: 'unknown' });
  });
});
