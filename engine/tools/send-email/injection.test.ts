import fc from 'fast-check';
import { type AddressObject, type ParsedMail, simpleParser } from 'mailparser';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toFileName } from '../../../platform/file-name.ts';
import { newId } from '../../../platform/ids.ts';
import { type MailServer, startMailServer } from '../../../tests/support/mail-server.ts';
import { emailContext, emailTool } from '../../../tests/support/send-email.ts';
import type { ToolFile } from '../tool.ts';
import { recipientsOf, toMailAddress } from './addresses.ts';
import type { SendEmailArguments } from './index.ts';

let server: MailServer;
beforeAll(async () => {
  server = await startMailServer();
});
afterAll(() => server.close());

/** Pieces an attack is made of, between any characters. */
const pieces = ['\r\n', '\n', '\r', '\r\n\r\n', '\0', '\t', ' ', '\u2028', '\u0085', '\v', '\f', '\uD800', '\uDC00', '\u200D', '\u202E', ':', ';', ',', '"', '\\', '<', '>', '(', ')', '@', '%', '!', '=', '=?', '?=', '=?utf-8?Q?', '=?utf-8?B?QmNjOiB4?=', '=0D=0A', '=20', '.', '..', '\r\n.\r\n', '.\r\n',
  'Bcc: evil@evil.example', '\r\nBcc: evil@evil.example', 'Content-Type: text/html', '--', '--boundary', 'boundary="x"', 'a@example.com', 'evil@evil.example', 'é', '日本', '📊', 'x'.repeat(120), 'word '.repeat(30), 'From ', '\r\nMAIL FROM:<evil@evil.example>\r\n', "''", "utf-8''", '%0D%0A', '/', '..\\', '.exe'];
const piece = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...pieces) }, { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }) }, { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) });
const hostile = (maxPieces: number) => fc.array(piece, { maxLength: maxPieces }).map((parts) => parts.join(''));
/** Mostly what passes the check, so that what passes is sent; the rest is refused, which is an outcome too. */
const tame = (text: string): string => text.toWellFormed().replaceAll(/[\p{Cc}\u2028\u2029]/gu, ' ').slice(0, 250);
const subject = fc.oneof({ weight: 4, arbitrary: hostile(8).map((text) => `s${tame(text)}`.slice(0, 250)) }, { weight: 1, arbitrary: hostile(8) });
const body = fc.oneof({ weight: 4, arbitrary: hostile(40).map((text) => `t${text.toWellFormed().replaceAll('\0', '')}`) }, { weight: 1, arbitrary: hostile(8) });
const address = fc.oneof(
  { weight: 20, arbitrary: fc.tuple(fc.constantFrom('a', 'first.last+tag', 'o\'neill', 'x_1-2', 'b=c'), fc.constantFrom('example.com', 'Sub.Example.org', 'bücher.example', 'почта.рф')).map((parts) => parts.join('@')) },
  { weight: 1, arbitrary: hostile(3) },
);
const fileName = fc.oneof({ weight: 4, arbitrary: hostile(4).map((text) => `f${tame(text).replaceAll(/[/\\<>:"|?*\p{Cf}]/gu, '_')}`.slice(0, 200)) }, { weight: 1, arbitrary: hostile(4) });
const attachment = fc.record({ name: fileName, mediaType: fc.oneof(fc.constantFrom('text/csv', 'image/png', 'text/html', 'multipart/mixed; boundary=x', 'message/rfc822'), hostile(4)), text: hostile(10) });
const mail = fc.record({
  to: fc.array(address, { minLength: 1, maxLength: 3 }), cc: fc.option(fc.array(address, { maxLength: 2 }), { nil: undefined }), bcc: fc.option(fc.array(address, { maxLength: 2 }), { nil: undefined }),
  reply_to: fc.option(address, { nil: undefined }), subject, text: body, html: fc.option(body, { nil: undefined }), attachments: fc.array(attachment, { maxLength: 3 }),
});
type Mail = typeof mail extends fc.Arbitrary<infer Value> ? Value : never;

const addressesIn = (given: AddressObject | AddressObject[] | undefined): string[] => [given ?? []].flat().flatMap(({ value }) => value.map((entry) => entry.address ?? ''));
const sentForms = (addresses: readonly string[] | undefined): string[] => (addresses ?? []).map((entry) => toMailAddress(entry) ?? entry);
/** mailparser shows domains as people read them. */
const comparable = (addresses: readonly string[]): string[] => addresses.map((entry) => toMailAddress(entry) ?? entry);
/** Where a long header is folded, mailparser reads several spaces as one. */
const spaced = (text: string | undefined): string | undefined => text?.replaceAll(/ +/g, ' ');
const lines = (text: string | false | undefined): string => (text === false || text === undefined ? '' : text).replaceAll(/\r\n?/g, '\n').trimEnd();

/** Headers a message of ours has, and no other. */
const ownHeaders = ['from', 'to', 'cc', 'reply-to', 'subject', 'message-id', 'date', 'mime-version', 'content-type', 'content-transfer-encoding', 'auto-submitted'];

function expectExactly(args: SendEmailArguments, files: readonly ToolFile[], { raw, envelope, parsed }: { raw: Buffer; envelope: string[]; parsed: ParsedMail }): void {
  const names = parsed.headerLines.map(({ key }) => key);
  expect(names.filter((name) => !ownHeaders.includes(name)), 'headers of nobody\'s').toEqual([]);
  expect(names.length, 'each header once').toBe(new Set(names).size);
  expect(spaced(parsed.subject)).toBe(spaced(args.subject.trim()));
  expect(addressesIn(parsed.from)).toEqual(['maestro@maestro.example']);
  expect(comparable(addressesIn(parsed.to))).toEqual(sentForms(args.to));
  expect(comparable(addressesIn(parsed.cc))).toEqual(sentForms(args.cc));
  expect(comparable(addressesIn(parsed.replyTo))).toEqual(args.reply_to === undefined ? [] : sentForms([args.reply_to]));
  expect(parsed.bcc).toBeUndefined();
  expect(comparable(envelope).toSorted()).toEqual(recipientsOf(args).toSorted());
  expect(lines(parsed.text)).toBe(lines(args.text));
  expect(lines(parsed.html)).toBe(lines(args.html));
  expect(parsed.attachments.map(({ filename, content, contentDisposition }) => ({ filename, content: content.toString('base64'), contentDisposition }))).toEqual(
    files.map(({ name, bytes }) => ({ filename: toFileName(name).replaceAll(/\s+/gu, ' '), content: Buffer.from(bytes).toString('base64'), contentDisposition: 'attachment' })),
  );
  for (const line of raw.toString('latin1').split('\r\n')) {
    expect(line.length, 'bytes of a line').toBeLessThanOrEqual(998);
    expect(line, 'a line of seven-bit text').toMatch(/^[\t\x20-\x7E]*$/);
  }
}

/** Sends one message, if its arguments pass; answers whether it was sent. */
async function sendAndCompare({ attachments, ...fields }: Mail): Promise<boolean> {
  const files = attachments.map(({ name, mediaType, text }): ToolFile => ({ id: newId(), name, mediaType, bytes: Buffer.from(text) }));
  const given = Object.fromEntries(Object.entries({ ...fields, ...(files.length === 0 ? {} : { attachments: files.map(({ id, name }) => ({ file: id, name })) }) }).filter(([, value]) => value !== undefined));
  const tool = emailTool({ smtpUrl: server.url });
  const checked = tool.argumentsSchema.safeParse(given);
  if (!checked.success) return false;
  const { output } = await tool.execute(checked.data, emailContext({ idempotencyKey: newId() }, files));
  const messageId = (output as { message_id: string }).message_id;
  const found = server.received.filter(({ raw }) => raw.includes(messageId));
  expect(found).toHaveLength(1);
  expectExactly(checked.data, files, { raw: found[0]?.raw ?? Buffer.alloc(0), envelope: found[0]?.to ?? [], parsed: await simpleParser(found[0]?.raw ?? '', { skipTextToHtml: true, skipHtmlToText: true }) });
  return true;
}

test('whatever is in the arguments, a message that is sent has exactly the headers, recipients, texts and files it was given', async () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  const mails = fc.sample(mail, { numRuns: 300, seed });
  // At once: a mail server takes its time to greet.
  const results = await Promise.allSettled(mails.map(sendAndCompare));
  for (const [index, result] of results.entries()) {
    if (result.status === 'rejected') throw new Error(`message ${index} of seed ${seed} arrived as another: ${JSON.stringify(mails[index])}`, { cause: result.reason });
  }
  expect(results.filter((result) => result.status === 'fulfilled' && result.value).length).toBeGreaterThan(60);
}, 60_000);

const plain: Mail = { to: ['a@example.com'], cc: undefined, bcc: undefined, reply_to: undefined, subject: 'Hi', text: 'Hello', html: undefined, attachments: [] };
test.each<[name: string, args: Partial<Mail>]>([
  ['a subject that looks encoded', { subject: '=?utf-8?Q?Invoice=0D=0ABcc:_evil@evil.example?=' }],
  ['a subject with a broken encoding', { subject: '=?utf-8?B?QmNj' }],
  ['a subject of one word of 250 letters', { subject: 'x'.repeat(250) }],
  ['a subject of 250 signs outside the basic plane', { subject: '📊'.repeat(125) }],
  ['a subject that begins like a header', { subject: 'Bcc: evil@evil.example' }],
  ['a text with a line of 90,000 letters', { text: 'x'.repeat(90_000) }],
  ['a text with a dot on a line of its own', { text: 'a\r\n.\r\nMAIL FROM:<evil@evil.example>\r\nb' }],
  ['a text with dots at the start of lines', { text: '.\n..\n...x\n.' }],
  ['a text with a bare carriage return before a dot', { text: 'a\r.\rMAIL FROM:<evil@evil.example>\r' }],
  ['a text that begins like headers', { text: 'Content-Type: text/html\n\n<b>x</b>' }],
  ['a text that holds a message', { text: '--x\nContent-Type: multipart/mixed; boundary=y\n\n--y\n' }],
  ['a text with From at the start of a line', { text: 'From here\nFrom there' }],
  ['a text of control characters', { text: 'a\u0001\u0008\u001B[31mred\u007F' }],
  ['a text of emoji only', { text: '📊'.repeat(2_000) }],
  ['a file named like a command', { attachments: [{ name: 'report; rm -rf .csv', mediaType: 'text/csv', text: 'x' }] }],
  ['a file with a name of 200 signs', { attachments: [{ name: '日'.repeat(196) + '.csv', mediaType: 'text/csv', text: 'x' }] }],
  ['a file whose name ends its parameter', { attachments: [{ name: "a'; filename=b.exe", mediaType: 'text/csv', text: 'x' }] }],
  ['a file that is a message with a script', { attachments: [{ name: 'mail.eml', mediaType: 'message/rfc822', text: 'Subject: x\r\nContent-Type: text/html\r\n\r\n<script>1</script>' }] }],
])('%s arrives as it was written', async (_name, args) => {
  expect(await sendAndCompare({ ...plain, ...args })).toBe(true);
});
