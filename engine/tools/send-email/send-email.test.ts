import { simpleParser } from 'mailparser';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { AppError } from '../../../contracts/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { type MailServer, startMailServer } from '../../../tests/support/mail-server.ts';
import { emailContext, emailTool, letter } from '../../../tests/support/send-email.ts';
import { failureOf } from '../../../tests/support/tools.ts';
import type { ToolFile } from '../tool.ts';
import { type SendEmailArguments, sendEmailSettingsSchema } from './index.ts';

const fileOf = (file: Partial<ToolFile> = {}): ToolFile => ({ id: newId(), name: 'tickets.csv', mediaType: 'text/csv', bytes: Buffer.from('id,subject\n1,é\n'), ...file });

let server: MailServer;
beforeAll(async () => {
  server = await startMailServer();
});
afterAll(() => server.close());
afterEach(() => {
  server.received.length = 0;
});
const toolHere = (options: Parameters<typeof emailTool>[0] = {}) => emailTool({ smtpUrl: server.url, ...options });

describe('a message', () => {
  test('arrives as it was written, under a Message-ID made from the call', async () => {
    const outcome = await toolHere().execute({ ...letter, cc: ['boss@other.example'] }, emailContext());
    expect(server.received).toHaveLength(1);
    const mail = await simpleParser(server.received[0]?.raw ?? '');
    expect(mail).toMatchObject({ subject: letter.subject, text: letter.text, html: false, attachments: [], from: { text: '"Maestro" <maestro@maestro.example>' } });
    expect(server.received[0]).toMatchObject({ from: 'maestro@maestro.example', to: ['support-lead@example.com', 'boss@other.example'] });
    expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
    expect(outcome).toMatchObject({ summary: 'sent to 2 recipients', output: { message_id: mail.messageId, accepted: ['support-lead@example.com', 'boss@other.example'], refused: [], attachments: [] } });
    expect(mail.messageId).toMatch(/^<[0-9a-f]{40}@maestro\.example>$/);
  });

  test('goes to those in Bcc without naming them', async () => {
    await toolHere().execute({ ...letter, bcc: ['audit@example.com', 'support-lead@example.com'] }, emailContext());
    expect(server.received[0]?.to).toEqual(['support-lead@example.com', 'audit@example.com']);
    expect(server.received[0]?.raw.toString()).not.toContain('audit@');
  });

  test('has HTML beside the text, both as they were written', async () => {
    const html = '<p onclick="x()">Grüße &amp; <b>more</b></p>\n<script>alert(1)</script><img src="https://tracker.example/pixel">';
    await toolHere().execute({ ...letter, html }, emailContext());
    const mail = await simpleParser(server.received[0]?.raw ?? '');
    expect([mail.text, mail.html]).toEqual([letter.text, html]);
  });

  test('brings files of the run along, by id or name, under the name the recipients shall see', async () => {
    const [csv, png] = [fileOf(), fileOf({ name: 'Übersicht.png', mediaType: 'image/png', bytes: Buffer.from([0x89, 0x50, 0, 255]) })];
    const outcome = await toolHere().execute({ ...letter, attachments: [{ file: csv.id, name: 'today 📊.csv' }, { file: png.id }] }, emailContext({}, [csv, png]));
    const mail = await simpleParser(server.received[0]?.raw ?? '');
    expect(mail.attachments.map(({ filename, contentType, contentDisposition, content }) => ({ filename, contentType, contentDisposition, content }))).toEqual([
      { filename: 'today 📊.csv', contentType: 'text/csv', contentDisposition: 'attachment', content: csv.bytes },
      { filename: 'Übersicht.png', contentType: 'image/png', contentDisposition: 'attachment', content: png.bytes },
    ]);
    expect(outcome).toMatchObject({ summary: 'sent to support-lead@example.com with 2 attachments', output: { attachments: [{ name: 'today 📊.csv', bytes: csv.bytes.byteLength, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }, { name: 'Übersicht.png', bytes: 4 }] } });
  });

  test.each([
    ['multipart/mixed; boundary=x', 'application/octet-stream'], ['message/rfc822', 'application/octet-stream'], ['', 'application/octet-stream'], ['nonsense', 'application/octet-stream'],
    ['text/plain\r\nBcc: evil@evil.example', 'application/octet-stream'], ['text/csv; charset=iso-8859-1', 'text/csv'], ['Application/PDF', 'application/pdf'],
  ])('a file of type %j is sent as %s', async (mediaType, sentAs) => {
    const file = fileOf({ mediaType, name: 'data', bytes: Buffer.from('--x\r\nContent-Type: text/html\r\n\r\n<b>part</b>\r\n--x--\r\n') });
    await toolHere().execute({ ...letter, attachments: [{ file: file.id }] }, emailContext({}, [file]));
    const mail = await simpleParser(server.received[0]?.raw ?? '');
    expect(server.received[0]?.raw.toString()).toContain(`Content-Type: ${sentAs}`);
    expect(mail.attachments).toMatchObject([{ filename: 'data', content: file.bytes }]);
    expect([mail.html, mail.bcc]).toEqual([false, undefined]);
  });

  test('an empty file is a file', async () => {
    const file = fileOf({ bytes: new Uint8Array() });
    await toolHere().execute({ ...letter, attachments: [{ file: file.id }] }, emailContext({}, [file]));
    expect((await simpleParser(server.received[0]?.raw ?? '')).attachments).toMatchObject([{ filename: 'tickets.csv', size: 0 }]);
  });

  test.each<[name: string, bytes: number[], code: string, words: string]>([
    ['more than 10 MB', [10_000_001], 'TOOL_INPUT_INVALID', 'tickets.csv has 10.0 MB; an attachment may have 10.0 MB'],
    ['more than 20 MB together', [10_000_000, 10_000_000, 1], 'TOOL_INPUT_INVALID', 'more than 20.0 MB together'],
  ])('with files of %s is refused before anything connects', async (_name, sizes, code, words) => {
    const files = sizes.map((size) => fileOf({ bytes: new Uint8Array(size) }));
    const connectionsBefore = server.connections;
    expect(await failureOf(toolHere().execute({ ...letter, attachments: files.map(({ id }) => ({ file: id })) }, emailContext({}, files)))).toMatchObject({ code, message: expect.stringContaining(words), details: { not_sent: true } });
    expect(server.connections).toBe(connectionsBefore);
  });

  test('with a file that is not there is refused before anything connects', async () => {
    const connectionsBefore = server.connections;
    expect(await failureOf(toolHere().execute({ ...letter, attachments: [{ file: 'report.pdf' }] }, emailContext()))).toMatchObject({ code: 'TOOL_INPUT_INVALID' });
    expect(server.connections).toBe(connectionsBefore);
  });

  test('of 20 MB of files arrives whole', async () => {
    const files = [1, 2].map((byte) => fileOf({ name: `${byte}.bin`, mediaType: 'application/octet-stream', bytes: Buffer.alloc(10_000_000, byte) }));
    await toolHere().execute({ ...letter, attachments: files.map(({ id }) => ({ file: id })) }, emailContext({}, files));
    const mail = await simpleParser(server.received[0]?.raw ?? '');
    expect(mail.attachments.map(({ checksum, size }) => [checksum, size])).toHaveLength(2);
    expect(mail.attachments.every(({ content }, index) => content.equals(files[index]?.bytes ?? Buffer.alloc(0)))).toBe(true);
  });

  test('somebody named twice gets one copy', async () => {
    await toolHere().execute({ ...letter, to: ['a@example.com', 'A@example.com'], cc: ['a@example.com'], bcc: ['a@EXAMPLE.com'] }, emailContext());
    expect(server.received.map(({ to }) => to)).toEqual([['a@example.com']]);
  });

  test('to an international domain goes to its ASCII form', async () => {
    await toolHere().execute({ ...letter, to: ['info@Bücher.example'] }, emailContext());
    expect(server.received[0]?.raw.toString()).toContain('\r\nTo: info@xn--bcher-kva.example\r\n');
    // As the server reads it back.
    expect(server.received[0]?.to).toEqual(['info@bücher.example']);
  });

  test('is sent with the credentials of the URL', async () => {
    await toolHere({ smtpUrl: server.url.replace('smtp://', 'smtp://maestro:right@') }).execute(letter, emailContext());
    expect(server.received[0]?.user).toBe('maestro');
  });
});

describe('who it is from', () => {
  const settings = { from: 'Reports <reports@corp.example>', sender_domains: ['corp.example'] };
  const fromOf = async () => (await simpleParser(server.received[0]?.raw ?? '')).from?.text;

  test('is the sender of the settings before that of the system', async () => {
    await toolHere({ settings }).execute(letter, emailContext());
    expect([await fromOf(), server.received[0]?.from]).toEqual(['"Reports" <reports@corp.example>', 'reports@corp.example']);
  });

  test('is an address of the agent\'s choice where its domain is allowed', async () => {
    await toolHere({ settings }).execute({ ...letter, from: 'billing@eu.corp.example', reply_to: 'desk@corp.example' }, emailContext());
    expect([await fromOf(), server.received[0]?.from]).toEqual(['billing@eu.corp.example', 'billing@eu.corp.example']);
    expect((await simpleParser(server.received[0]?.raw ?? '')).replyTo?.text).toBe('desk@corp.example');
  });

  test.each([['ceo@other.example', settings], ['ceo@evilcorp.example', settings], ['ceo@corp.example.evil.example', settings], ['a@corp.example', {}]])('%s is refused with %j', (from, given) => {
    const parsed = toolHere({ settings: given }).argumentsSchema.safeParse({ ...letter, from });
    expect(parsed.error?.issues).toMatchObject([{ path: ['from'], message: expect.stringMatching(/only be an address of corp\.example|no sender may be chosen/) }]);
  });

  test.each(['Maestro', 'a@', '@b.example', 'a@b.example, c@d.example', 'A <a@b.example> <c@d.example>', 'A <a@b.example>\r\nBcc: c@d.example', '<>', 'A "<a@b.example>', 'Team: <a@b.example>', 'undisclosed: ; <a@b.example>', 'A\\" <a@b.example>'])('%j is no sender an admin can set', (from) => {
    expect(sendEmailSettingsSchema.safeParse({ from }).success).toBe(false);
  });

  test.each(['Doe, Jane <a@b.example>', '"Team: Orders" <a@b.example>', 'Zoë <a@b.example>'])('%j is one, and the message has it', async (from) => {
    await toolHere({ settings: sendEmailSettingsSchema.parse({ from }) }).execute(letter, emailContext());
    const { from: sent } = await simpleParser(server.received.at(-1)?.raw ?? '');
    expect(sent?.value).toEqual([{ name: from.replace(/ <.*/, '').replaceAll('"', ''), address: 'a@b.example' }]);
  });

  test('a sender that is no address is the admin\'s to mend', async () => {
    expect(await failureOf(toolHere({ from: 'Maestro' }).execute(letter, emailContext()))).toMatchObject({ code: 'TOOL_NOT_CONFIGURED', details: { not_sent: true } });
  });
});

describe('a second attempt', () => {
  test('has the same Message-ID, another call has not', async () => {
    const idOf = async (idempotencyKey: string) => ((await toolHere().execute(letter, emailContext({ idempotencyKey }))).output as { message_id: string }).message_id;
    expect(await idOf('run:1.0')).toBe(await idOf('run:1.0'));
    expect(await idOf('run:1.0')).not.toBe(await idOf('run:1.1'));
  });

  test('has the same Message-ID although an admin set another sender meanwhile', async () => {
    const ids = await Promise.all([null, 'Desk <desk@corp.example>'].map(async (from) => (await toolHere({ settings: { from } }).execute(letter, emailContext())).output as { message_id: string }));
    expect(ids[0]?.message_id).toBe(ids[1]?.message_id);
  });

  test('is the same message byte for byte, but for its date', async () => {
    const file = fileOf();
    const args: SendEmailArguments = { ...letter, html: '<p>Hi</p>', attachments: [{ file: file.id }] };
    for (const _attempt of [1, 2]) await toolHere().execute(args, emailContext({}, [file]));
    const [first, second] = server.received.map(({ raw }) => raw.toString().replace(/^Date: .*\r\n/m, ''));
    expect(second).toBe(first);
    expect(first).toContain('boundary=');
  });

  test('of a message with another word has other boundaries, so no text can hold its own', async () => {
    const boundariesOf = async (text: string) => {
      await toolHere().execute({ ...letter, text, html: '<p>Hi</p>' }, emailContext());
      return /boundary="([^"]+)"/.exec(server.received.at(-1)?.raw.toString() ?? '')?.[1] ?? '';
    };
    const boundary = await boundariesOf('one');
    const forged = `--${boundary}\r\nContent-Type: text/html\r\n\r\n<b>forged</b>\r\n--${boundary}--`;
    expect(await boundariesOf(forged)).not.toBe(boundary);
    expect(await simpleParser(server.received.at(-1)?.raw ?? '')).toMatchObject({ html: '<p>Hi</p>', attachments: [] });
  });
});

describe('what the server says', () => {
  test('the claim is confirmed when the server is ready, before a byte of the message is sent', async () => {
    const refusal = new AppError('TOOL_FAILED', 'taken over', { details: { not_sent: true } });
    expect(await failureOf(toolHere().execute(letter, emailContext({ confirmClaim: () => Promise.reject(refusal) })))).toBe(refusal);
    expect(refusal.code).toBe('TOOL_FAILED');
    expect(server.received).toEqual([]);
  });

  test('recipients the server refuses are told with its reply, the others get the message', async () => {
    const outcome = await toolHere().execute({ ...letter, to: ['a@example.com', 'nobody@example.com'], cc: ['later@example.com'] }, emailContext());
    expect(outcome).toMatchObject({
      summary: 'sent to a@example.com; the mail server refused nobody@example.com (550 no such mailbox), later@example.com (451 greylisted)',
      output: { accepted: ['a@example.com'], refused: [{ recipient: 'nobody@example.com', is_temporary: false }, { recipient: 'later@example.com', reply: '451 greylisted', is_temporary: true }] },
    });
    expect(server.received.map(({ to }) => to)).toEqual([['a@example.com']]);
  });
});

describe('without a mail server', () => {
  test('the tool says what to set', async () => {
    expect(emailTool().missingConfiguration).toContain('SMTP_URL');
    expect(await failureOf(emailTool().execute(letter, emailContext()))).toMatchObject({ code: 'TOOL_NOT_CONFIGURED' });
  });
});

describe('whether an earlier attempt was delivered', () => {
  test.each([[true, 'happened'], [false, 'not_happened'], [undefined, 'unknown']] as const)('found %s means %s', async (found, state) => {
    const asked: string[] = [];
    const verification = await emailTool({ findDelivered: async (messageId) => { asked.push(messageId); return found; } }).verify?.(letter, emailContext());
    expect(verification).toMatchObject({ state });
    expect(asked).toEqual([expect.stringMatching(/^<[0-9a-f]{40}@maestro\.example>$/)]);
  });

  test('is asked under the Message-ID the message was sent with', async () => {
    const asked: string[] = [];
    const tool = toolHere({ settings: { sender_domains: ['corp.example'] }, findDelivered: async (messageId) => { asked.push(messageId); return true; } });
    const args = { ...letter, from: 'a@corp.example' };
    const { output } = await tool.execute(args, emailContext());
    await tool.verify?.(args, emailContext());
    expect(output).toMatchObject({ message_id: asked[0] });
  });

  test('is unknown where nobody can tell', async () => {
    expect(await emailTool().verify?.(letter, emailContext())).toEqual({ state: 'unknown' });
  });
});
