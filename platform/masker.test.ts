import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMasker } from './masker.ts';
import { type KnownSecret, shortestSecret, spellingsOf } from './secret-spellings.ts';

const token = 'ghp_A+b/c=d"e\\f é~1';
const github: KnownSecret = { label: '{{secret:github}}', value: token };
const masker = createMasker([github]);

describe('a secret is hidden', () => {
  it.each<[string, string]>([
    ['as it is', token],
    ['in an address', encodeURIComponent(token)],
    ['in an address, with small hex digits', encodeURIComponent(token).replace(/%../g, (code) => code.toLowerCase())],
    ['in a form', new URLSearchParams({ token }).toString()],
    ['in a whole address', encodeURI(token)],
    ['in JSON', JSON.stringify({ token })],
    ['in JSON within JSON', JSON.stringify(JSON.stringify({ token }))],
    ['in JSON of plain ASCII', '{"token": "ghp_A+b/c=d\\"e\\\\f \\u00e9~1"}'],
    ['in HTML', `<b>${token.replaceAll('"', '&quot;')}</b>`],
    ['in hex', Buffer.from(token).toString('hex')],
    ['in large hex', Buffer.from(token).toString('hex').toUpperCase()],
    ['in base64', Buffer.from(token).toString('base64')],
    ['in base64url', Buffer.from(token).toString('base64url')],
    ['in the header of Basic sign-in', `Basic ${Buffer.from(`me:${token}`).toString('base64')}`],
    ['in base64 behind one letter', Buffer.from(`a${token}`).toString('base64')],
    ['in base64 behind two letters and before others', Buffer.from(`ab${token}cd`).toString('base64')],
    ['in base64 that stands in an address', encodeURIComponent(Buffer.from(token).toString('base64'))],
  ])('%s', (_where, text) => {
    const masked = masker.text(`before ${text} after`);
    expect(masked).toContain('{{secret:github}}');
    expect(masked.startsWith('before ')).toBe(true);
    expect(masked.endsWith(' after')).toBe(true);
    for (const spelling of spellingsOf(github)) expect(masked).not.toContain(spelling);
  });

  it('in keys, numbers and texts at any depth, and what is beside it stays', () => {
    const pin = createMasker([github, { label: '{{secret:pin}}', value: '12345678' }]);
    const value = { a: [1, { [`x ${token}`]: null, [`y ${token}`]: token }], pin: 12_345_678, longer: 123_456_789, deep: [[[`${token}${token}`]]] };
    expect(pin.json(value as never)).toEqual({ a: [1, { 'x {{secret:github}}': null, 'y {{secret:github}}': '{{secret:github}}' }], pin: '{{secret:pin}}', longer: 123_456_789, deep: [[['{{secret:github}}{{secret:github}}']]] });
  });

  it('with what it overlaps, so that the rest of neither is left', () => {
    const both = createMasker([{ label: '[one]', value: 'abcdefgh' }, { label: '[two]', value: 'efghijklmnop' }]);
    expect(both.text('<abcdefghijklmnop>')).toBe('<[one]>');
    expect(both.text('<abcdefgh efghijklmnop>')).toBe('<[one] [two]>');
  });

  it('line by line, when it has several', () => {
    const key = `-----BEGIN PRIVATE KEY-----\n${'MIIEvQIBADANBgkqhkiG9w0'}\n${'BAQEFAASCBKcwggSjAgEAAo'}\n-----END PRIVATE KEY-----\n`;
    const masked = createMasker([{ label: '[key]', value: key }]);
    expect(masked.text(`it is ${key.trim()}`)).toBe('it is [key]');
    expect(masked.text(JSON.stringify(key.split('\n')))).not.toMatch(/MIIE|BAQE/);
    expect(masked.text('-----BEGIN PRIVATE KEY-----')).toBe('-----BEGIN PRIVATE KEY-----');
  });

  it('however long they are and however many', () => {
    // A search by alternatives of a regular expression would end the process here.
    const long = Array.from({ length: 200 }, (_, n) => ({ label: `{{secret:s${n}}}`, value: Array.from({ length: 2_500 }, (_unused, m) => ((n * 7_919 + m * 104_729) % 65_521).toString(16).padStart(4, '0')).join('') }));
    const mask = createMasker(long);
    for (const { label, value } of [long[0], long[199]] as KnownSecret[]) {
      expect(mask.text(`<${value}>`)).toBe(`<${label}>`);
      expect(mask.text(`<${value.slice(0, -1)}>`)).toBe(`<${value.slice(0, -1)}>`);
    }
  });

  it('only beside its user, when it is a word anybody uses or too short', () => {
    const weak = createMasker([{ label: '[password]', value: 'postgres', user: 'postgres', isGuessable: true }, { label: '[pin]', value: '123', user: 'mailer' }]);
    expect(weak.text('postgres 123, postgres://postgres:postgres@host mailer:123')).toBe('postgres 123, postgres://[password]@host [pin]');
    expect(weak.text(Buffer.from('postgres:postgres').toString('base64'))).toContain('[password]');
  });
});

describe('what takes the place of a secret', () => {
  it('never holds one itself, and stays when it is masked again', () => {
    const named = createMasker([{ label: '[key of hunter2-prod]', value: 'hunter2' }, { label: '{{secret:a}}', value: 'secret' }]);
    expect(named.text('hunter2 and secret')).toBe('[***] and [***]');
    expect(masker.text(masker.text(token))).toBe(masker.text(token));
  });

  it('can stand in JSON', () => {
    const odd = createMasker([{ label: '[key of "a\\b"\n]', value: 'abcdefgh' }]);
    expect(JSON.parse(odd.text('{"x":"abcdefgh"}'))).toEqual({ x: '[key of ?a?b??]' });
  });

  it('keeps keys apart that differed in nothing else', () => {
    const two = createMasker([{ label: '[k]', value: 'abcdefgh' }]);
    const value = { abcdefgh: 1, YWJjZGVmZ2g: 2, '[k]': 3 };
    expect(Object.values(two.json(value))).toEqual([1, 2, 3]);
    expect(Object.keys(two.json(value))).not.toContain('abcdefgh');
  });
});

const secretValue = fc.oneof(fc.string({ minLength: shortestSecret, maxLength: 40 }), fc.string({ minLength: shortestSecret, maxLength: 40, unit: 'grapheme' })).filter((value) => value.trim().length >= shortestSecret);
/** Values no letter of which is in a label or in the texts below. */
const words = fc.array(fc.constantFrom('tickets', 'of', 'today', '{"rows":[1,2]}', 'https://a.example/%20', '\n', '"', '\\'), { maxLength: 20 }).map((parts) => parts.join(' '));

describe('whatever the secret and the text', () => {
  it('no spelling is left behind, in texts as in keys and values', () => {
    fc.assert(
      fc.property(fc.array(secretValue, { minLength: 1, maxLength: 5 }), fc.array(fc.tuple(words, fc.nat()), { minLength: 1, maxLength: 8 }), (values, parts) => {
        const secrets = values.map((value) => ({ label: '[~]', value }));
        const spellings = secrets.flatMap(spellingsOf);
        const mask = createMasker(secrets);
        const text = parts.map(([before, n]) => `${before} ${spellings[n % spellings.length] as string}`).join(' ');
        // What is left is looked at piece by piece: across a label nothing is left to read.
        const left = mask.text(text).split(/\[(?:~|\*\*\*)\]/);
        for (const spelling of spellings) expect(left.some((piece) => piece.includes(spelling))).toBe(false);
        expect(JSON.stringify(mask.json({ [text]: [text] }))).toBe(JSON.stringify({ [mask.text(text)]: [mask.text(text)] }));
      }),
    );
  });

  it('a value without any secret is given back, the very same', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const mask = createMasker([{ label: '[x]', value: 'a-value-that-stands-nowhere-0123456789' }, { label: '[y]', value: 'anöther-ône "with" \\ all of it' }]);
        expect(mask.json(value as never)).toBe(value);
        expect(mask.text(JSON.stringify(value))).toBe(JSON.stringify(value));
      }),
    );
  });
});
