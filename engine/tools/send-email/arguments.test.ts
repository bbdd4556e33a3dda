import { describe, expect, test } from 'vitest';
import { emailTool, letter } from '../../../tests/support/send-email.ts';
import { toMailAddress } from './addresses.ts';
import type { SendEmailArguments } from './index.ts';

const aFile = '019a0000-0000-7000-8000-000000000000';

const { argumentsSchema } = emailTool();
const issuesOf = (args: object, schema = argumentsSchema) => schema.safeParse({ ...letter, ...args }).error?.issues ?? [];
const many = (count: number): string[] => Array.from({ length: count }, (_item, n) => `a${n}@example.com`);

describe('an address', () => {
  test.each([
    'a@example.com\r\nBcc: evil@evil.example', 'a@example.com\nBcc: evil@evil.example', 'a@example.com\r', 'a@example.com\n', ' a@example.com', 'a@example.com ',
    'a@example.com,evil@evil.example', 'a@example.com;evil@evil.example', 'a@example.com evil@evil.example', 'A <a@example.com>', '<a@example.com>', '"a b"@example.com', '"a"@example.com',
    '"a@evil.example, "@example.com', 'a@example.com>\r\nRCPT TO:<evil@evil.example', 'a@b@example.com', 'a@[127.0.0.1]', 'a@127.0.0.1', 'a@localhost', '@example.com', 'a@', 'a', '',
    'group: a@example.com;', 'a@example.com\0', 'a@example.com\u2028b@example.com', 'ä@example.com', 'a..b@example.com', '.a@example.com', 'a.@example.com', `${'a'.repeat(250)}@example.com`, `${'a'.repeat(65)}@example.com`,
    'victim%evil.example@example.com', 'evil.example!victim@example.com', 'a@exa%6dple.com', 'a@-example.com', 'a@example-.com', 'a@example..com', 'a@.example.com', 'a@example.com.', 'a@exa_mple.com', 'a@example.c', 'a@example.123',
    `a@${'b'.repeat(64)}.com`, 'a@exam\u00ADple.com', 'a@exam\u200Dple.com', 'a@example.com(comment)', 'a\\@example.com', 'a@example.com\uD800', '=?utf-8?q?a?=@example.com',
  ])('%j is refused', (address) => {
    for (const field of [{ to: [address] }, { cc: [address] }, { bcc: [address] }, { reply_to: address }, { from: address }]) expect(issuesOf(field)).not.toEqual([]);
  });

  test.each(['a@example.com', 'first.last+tag@sub.example.co.uk', 'o\'neill@example.com', 'x_1-2@xn--bcher-kva.example', 'a=b@example.com', 'A@EXAMPLE.COM', 'a@bücher.example', 'a@почта.рф', 'a@例え.jp', `${'a'.repeat(64)}@example.com`])('%j is allowed', (address) => {
    for (const field of [{ to: [address] }, { cc: [address] }, { bcc: [address] }, { reply_to: address }]) expect(issuesOf(field)).toEqual([]);
  });

  test.each([['a@bücher.example', 'a@xn--bcher-kva.example'], ['A@Example.COM', 'A@example.com'], ['a@ＥＸＡＭＰＬＥ.com', 'a@example.com'], ['a@аpple.com', 'a@xn--pple-43d.com']])('%j goes out as %j', (written, sent) => {
    expect(toMailAddress(written)).toBe(sent);
  });

  test('a refusal says what an address looks like', () => {
    expect(issuesOf({ to: ['Ana <ana@example.com>'] })).toMatchObject([{ path: ['to', 0], message: 'must be one bare e-mail address such as name@example.com, with ASCII letters before the @' }]);
  });
});

describe('a subject', () => {
  test.each(['Hi\r\nBcc: evil@evil.example', 'Hi\nX: y', 'Hi\rX: y', 'Hi\0', 'Hi\u2028there', 'Hi\u0085there', 'Hi\tthere', '', '   ', 'Hi\uD800', 'a'.repeat(251)])('%j is refused', (subject) => {
    expect(issuesOf({ subject })).not.toEqual([]);
  });

  test.each(['Hi', '=?utf-8?Q?Hi?=', 'Grüße 📊', 'مرحبا', 'a'.repeat(250)])('%j is allowed', (subject) => {
    expect(issuesOf({ subject })).toEqual([]);
  });
});

describe('a body', () => {
  test.each<[name: string, args: object]>([
    ['an empty text', { text: '' }], ['a text with NUL', { text: 'a\0b' }], ['a text with half a character', { text: 'a\uD800b' }], ['a text of 10 MB', { text: 'a'.repeat(10_000_000) }],
    ['HTML with NUL', { html: '<b>\0</b>' }], ['HTML of 10 MB', { html: '<b>'.repeat(3_500_000) }], ['HTML alone', { text: undefined, html: '<b>Hi</b>' }], ['a text that is no text', { text: 5 }], ['bytes', { text: { type: 'Buffer', data: [1] } }],
  ])('%s is refused', (_name, args) => {
    expect(issuesOf(args)).not.toEqual([]);
  });

  test('one that is too long says what to do instead', () => {
    expect(issuesOf({ text: 'a'.repeat(100_001) })).toMatchObject([{ path: ['text'], message: 'must have at most 100000 characters; attach a file for more' }]);
  });
});

describe('attachments', () => {
  test.each<[name: string, attachments: unknown]>([
    ['a path', [{ path: '/etc/passwd' }]], ['content of the model\'s own', [{ file: aFile, content: 'x' }]], ['an address to fetch', [{ file: aFile, href: 'http://127.0.0.1/' }]], ['eleven', Array.from({ length: 11 }, () => ({ file: aFile }))],
    ['a name with a folder', [{ file: aFile, name: '../a' }]], ['a name with a line break', [{ file: aFile, name: 'a\r\nBcc: x@evil.example' }]], ['a name with a quote', [{ file: aFile, name: 'a"; x="b' }]], ['a name that turns around', [{ file: aFile, name: 'a\u202Efdp.exe' }]],
    ['an encoded name', [{ file: aFile, name: '=?utf-8?Q?a?=' }]], ['no file', [{}]], ['one alone', { file: aFile }], ['a name instead of an id', [{ file: 'report.csv' }]],
  ])('%s: refused', (_name, attachments) => {
    expect(issuesOf({ attachments })).not.toEqual([]);
  });

  test('ten, by id or name, are allowed', () => {
    expect(issuesOf({ attachments: Array.from({ length: 10 }, (_item, n) => ({ file: aFile, name: `Übersicht ${n} 📊.csv` })) })).toEqual([]);
  });
});

describe('recipients', () => {
  test.each<[name: string, args: Partial<SendEmailArguments>]>([
    ['ten thousand in To', { to: many(10_000) }], ['51 in To', { to: many(51) }], ['51 in all', { to: many(20), cc: many(41).slice(20), bcc: many(51).slice(41) }],
  ])('%s are refused with what to do instead', (_name, args) => {
    expect(issuesOf(args)).toEqual([expect.objectContaining({ message: 'must be at most 50 recipients in all; to reach more people, write to the address of a mailing list' })]);
  });

  test.each<[name: string, args: object]>([['none', { to: [] }], ['no list', { to: 'a@example.com' }], ['an object', { to: [{ address: 'a@example.com' }] }], ['only in Cc', { to: undefined, cc: ['a@example.com'] }], ['a field of another name', { recipients: ['a@example.com'] }]])('%s: refused', (_name, args) => {
    expect(issuesOf(args)).not.toEqual([]);
  });

  test('50 are allowed, the same ones twice are 50 still', () => {
    expect(issuesOf({ to: many(50), cc: many(50), bcc: many(50) })).toEqual([]);
  });

  test('the number is the admin\'s', () => {
    const { argumentsSchema: schema } = emailTool({ settings: { max_recipients: 2 } });
    expect([issuesOf({ to: many(2) }, schema), issuesOf({ to: many(3) }, schema)]).toMatchObject([[], [{ message: expect.stringContaining('at most 2 recipients') }]]);
  });

  test.each([['a@example.com', true], ['a@team.EXAMPLE.com', true], ['a@bücher.example', true], ['a@notexample.com', false], ['a@example.com.evil.example', false], ['a@evil.example', false]])('%s may be written to where mail goes to two domains only: %s', (address, isAllowed) => {
    const { argumentsSchema: schema } = emailTool({ settings: { recipient_domains: ['example.com', 'xn--bcher-kva.example'] } });
    for (const field of [{ to: [address] }, { cc: [address] }, { bcc: [address] }]) {
      expect(issuesOf(field, schema).map(({ message }) => message)).toEqual(isAllowed ? [] : ['e-mail may go to these domains only: example.com, xn--bcher-kva.example']);
    }
  });
});
