import { describe, expect, test } from 'vitest';
import { parseDraft, toDraftText, toFields } from './schema-fields.ts';

const schema = {
  type: 'object',
  properties: {
    to: { type: 'array', items: { type: 'string', format: 'email' }, minItems: 1, maxItems: 3 },
    subject: { type: 'string', minLength: 1, maxLength: 200 },
    text: { type: 'string', maxLength: 100_000, description: 'The body.' },
    retries: { type: 'integer', minimum: 0, maximum: 5 },
    ratio: { type: 'number' },
    urgent: { type: 'boolean' },
    method: { type: 'string', enum: ['GET', 'POST'] },
    inputs: { type: 'object', additionalProperties: true },
  },
  required: ['to', 'subject', 'text'],
  additionalProperties: false,
};
const args = { to: ['a@example.com'], subject: 'Hi', text: 'Line 1\nLine 2', retries: 2, ratio: 0.5, urgent: false, method: 'GET', inputs: { a: [1, { b: null }] } };
const fields = toFields(schema, args);
const draftOf = (changes: Record<string, string> = {}): Record<string, string> => ({
  ...Object.fromEntries(fields.map((field) => [field.key, toDraftText(field, args[field.key as keyof typeof args])])),
  ...changes,
});
const parsed = (changes: Record<string, string>) => {
  const result = parseDraft(fields, draftOf(changes), args);
  return result.ok ? result.args : result.messages;
};

describe('toFields', () => {
  test('each part of the schema gets the field that holds it', () => {
    expect(fields.map(({ key, kind }) => [key, kind])).toEqual([
      ['to', 'lines'], ['subject', 'text'], ['text', 'long_text'], ['retries', 'integer'], ['ratio', 'number'], ['urgent', 'boolean'], ['method', 'choice'], ['inputs', 'json'],
    ]);
    expect(fields.filter(({ isRequired }) => isRequired).map(({ key }) => key)).toEqual(['to', 'subject', 'text']);
  });

  test('a value its simple field would change by showing it becomes JSON', () => {
    const odd = { to: ['a@example.com\nb@example.com'], subject: 'two\nlines', text: 'carriage\r\nreturn', retries: 1.5, urgent: 'yes', method: 'PUT' };
    const kinds = Object.fromEntries(toFields(schema, odd).map(({ key, kind }) => [key, kind]));
    expect(kinds).toMatchObject({ to: 'json', subject: 'long_text', text: 'json', retries: 'json', urgent: 'json', method: 'json' });
  });

  test('an argument outside the schema is kept', () => {
    const extra = toFields(schema, { ...args, surprise: { x: 1 } }).at(-1);
    expect(extra).toMatchObject({ key: 'surprise', kind: 'json', isRequired: false });
  });

  test('a schema that says nothing still gives a form', () => {
    expect(toFields({}, { a: 1 })).toMatchObject([{ key: 'a', kind: 'json' }]);
  });
});

describe('parseDraft', () => {
  test('an untouched draft gives the very same arguments, in the same order', () => {
    const result = parseDraft(fields, draftOf(), args);
    expect(result).toEqual({ ok: true, args });
    expect(result.ok && Object.keys(result.args)).toEqual(Object.keys(args));
  });

  test('types are kept: a number stays a number, a boolean a boolean', () => {
    expect(parsed({ retries: '4', ratio: '1e3', urgent: 'true', method: 'POST', to: ' b@example.com \n\nc@example.com' })).toEqual({
      ...args, retries: 4, ratio: 1000, urgent: true, method: 'POST', to: ['b@example.com', 'c@example.com'],
    });
  });

  test('an optional field left empty is left out, a required one is refused', () => {
    expect(parsed({ retries: '', urgent: '' })).not.toHaveProperty('retries');
    expect(parsed({ subject: '' })).toEqual({ subject: 'Must not be empty.' });
    expect(parsed({ to: '\n' })).toEqual({ to: 'At least 1, one a line.' });
  });

  test.each([
    [{ retries: '1.5' }, { retries: 'Enter a whole number.' }],
    [{ retries: '6' }, { retries: 'At most 5.' }],
    [{ retries: '-1' }, { retries: 'At least 0.' }],
    [{ retries: '0x10' }, { retries: 'Enter a number.' }],
    [{ ratio: 'Infinity' }, { ratio: 'Enter a number.' }],
    [{ to: 'a\nb\nc\nd' }, { to: 'At most 3; this has 4.' }],
  ])('%j is refused with its reason', (changes, messages) => {
    expect(parsed(changes as Record<string, string>)).toEqual(messages);
  });

  test('broken JSON is refused, good JSON is taken as it is', () => {
    expect(parsed({ inputs: '{"a": ' })).toMatchObject({ inputs: expect.stringContaining('not valid JSON') });
    expect(parsed({ inputs: '{"n": 1, "s": "1"}' })).toMatchObject({ inputs: { n: 1, s: '1' } });
  });

  test('untouched values are never refused, even where the schema would', () => {
    const odd = { to: ['a@example.com'], subject: '', text: 'x' };
    expect(parseDraft(toFields(schema, odd), {}, odd)).toEqual({ ok: true, args: odd });
  });
});

describe('what may be null', () => {
  const nullable = {
    type: 'object',
    properties: {
      provider: { default: null, description: 'The engine.', anyOf: [{ type: 'string', enum: ['brave', 'tavily'] }, { type: 'null' }] },
      base_url: { anyOf: [{ type: 'string', maxLength: 500, format: 'uri' }, { type: 'null' }] },
      count: { type: ['integer', 'null'], minimum: 1 },
      either: { anyOf: [{ type: 'string' }, { type: 'integer' }, { type: 'null' }] },
    },
  };
  const values = { provider: null, base_url: 'https://a.example.com', count: 3, either: null };
  const its = toFields(nullable, values);
  const read = (draft: Record<string, string>, original: Record<string, unknown> = values) => {
    const result = parseDraft(toFields(nullable, original), draft, original);
    return result.ok ? result.args : result.messages;
  };

  test('gets the field of the thing itself, with its own words', () => {
    expect(its.map(({ key, kind, isNullable }) => [key, kind, isNullable])).toEqual([['provider', 'choice', true], ['base_url', 'text', true], ['count', 'integer', true], ['either', 'json', false]]);
    expect(its[0]).toMatchObject({ choices: ['brave', 'tavily'], description: 'The engine.' });
    expect(its.map((field) => toDraftText(field, values[field.key as keyof typeof values]))).toEqual(['', 'https://a.example.com', '3', 'null']);
  });

  test('is null when it is left empty, and stays absent where it was', () => {
    expect(read({ provider: 'brave', base_url: '', count: ' ' })).toEqual({ provider: 'brave', base_url: null, count: null, either: null });
    expect(read({ provider: '', base_url: '', count: '' }, {})).toEqual({});
  });

  test('an empty text is told from null by being JSON', () => {
    expect(toFields(nullable, { base_url: '' }).find(({ key }) => key === 'base_url')).toMatchObject({ kind: 'json', isNullable: false });
  });
});
