import { describe, expect, test } from 'vitest';
import { readOutput } from './output-schema.ts';

const schema = { type: 'object', properties: { tickets: { type: 'integer' }, mood: { enum: ['good', 'bad'] } }, required: ['tickets'], additionalProperties: false };

describe('readOutput', () => {
  test.each([
    ['plain JSON', '{"tickets": 47}'],
    ['with space around it', '\n {"tickets": 47} \n'],
    ['in a fence', '```json\n{"tickets": 47}\n```'],
    ['in a fence with words around it', 'Here you are:\n```\n{"tickets": 47}\n```\nDone.'],
  ])('reads %s', (_what, text) => {
    expect(readOutput(schema, text)).toEqual({ ok: true, data: { tickets: 47 } });
  });

  test.each([
    ['47 tickets', ['the answer is not JSON']],
    ['', ['the answer is not JSON']],
    ['{"tickets": 47', ['the answer is not JSON']],
    ['[]', ['the answer must be object']],
    ['{}', ["the answer must have required property 'tickets'"]],
    ['{"tickets": "many", "mood": "fine", "more": 1}', ['the answer must NOT have additional properties ("more")', 'tickets must be integer', 'mood must be equal to one of the allowed values: ["good","bad"]']],
  ])('says what is wrong with %s', (text, problems) => {
    expect(readOutput(schema, text)).toEqual({ ok: false, problems });
  });

  test('gives up on a pattern that backtracks without end, and holds up nothing else for it', () => {
    const slow = { type: 'object', properties: { n: { type: 'string', pattern: '^(a+)+$' } } };
    expect(readOutput(slow, JSON.stringify({ n: `${'a'.repeat(60)}!` }))).toMatchObject({ ok: false, problems: [expect.stringMatching(/within 1 s/)] });
  });

  test('is not thrown off by a schema that refers to itself or answers later', () => {
    expect(readOutput({ type: 'object', $ref: '#' }, '{}')).toMatchObject({ ok: false });
    expect(readOutput({ type: 'object', properties: { c: { $ref: '#' } } }, '{"c":'.repeat(5_000) + '{}' + '}'.repeat(5_000))).toHaveProperty('ok');
  });

  test('names ten problems at most, however many there are', () => {
    const result = readOutput({ type: 'array', items: { type: 'integer' } } as never, JSON.stringify(Array.from({ length: 5_000 }, () => 'x')));
    expect(result.ok === false && result.problems.length).toBe(10);
  });

  test('a schema nobody can use says so instead of breaking the turn; two schemas may have the same $id', () => {
    expect(readOutput({ $ref: 'https://example.com/nowhere.json' }, '{}')).toMatchObject({ ok: false, problems: [expect.stringContaining('cannot be used')] });
    expect(readOutput({ $id: 'https://example.com/answer.json', type: 'object' }, '{}')).toMatchObject({ ok: true });
    expect(readOutput({ $id: 'https://example.com/answer.json', type: 'array' }, '{}')).toMatchObject({ ok: false });
  });
});
