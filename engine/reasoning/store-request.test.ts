import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../tests/support/database.ts';
import { splitBody } from './request-parts.ts';
import { readRequestBody, storeRequestBody } from './store-request.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

const storedBytes = async (): Promise<number> => Number((await database.db.selectFrom('contents').select((eb) => eb.fn.sum<string>('bytes').as('bytes')).executeTakeFirst())?.bytes ?? 0);

/** A conversation of so many turns as an OpenAI request. */
const bodyOf = (turns: number): string =>
  JSON.stringify({
    model: 'm', messages: [{ role: 'system', content: 's'.repeat(3_000) }, ...Array.from({ length: turns }, (_, n) => [
      { role: 'assistant', content: `thought ${n} ${'a'.repeat(500)}`, tool_calls: [{ id: `c${n}`, type: 'function', function: { name: 't', arguments: '{"q":"\\"}],["}' } }] },
      { role: 'tool', tool_call_id: `c${n}`, content: `result ${n} ${'r'.repeat(1_500)}` },
    ]).flat()],
    tools: [{ type: 'function', function: { name: 't', parameters: { type: 'object' } } }], stream: true,
  });

describe('splitBody', () => {
  test('parts joined are the body, whatever the body is', () => {
    fc.assert(fc.property(fc.oneof(fc.string({ maxLength: 2_000 }), fc.json(), fc.json().map((json) => `{"messages":[${json},${json}]`)), (body) => {
      expect(splitBody(body).join('')).toBe(body);
    }));
  });

  test('a message is a part of its own, also one whose text looks like JSON', () => {
    const message = JSON.stringify({ role: 'user', content: `{"[\\"${'x'.repeat(300)}]}` });
    expect(splitBody(`{"model":"m","messages":[${message},${message}]}`).filter((part) => part === message)).toHaveLength(2);
  });
});

describe('a request that was kept', () => {
  test.each([
    ['key order, spaces and escapes', '{ "z" : 1,"a":"\\u00e4\\ud800 \\u0000",  "messages":[ ]}'],
    ['what is no JSON at all', 'not { json " at [ all'],
    ['an empty body', ''],
    ['a conversation', bodyOf(3)],
    ['a long conversation', bodyOf(400)],
    ['one huge text', JSON.stringify({ messages: [{ role: 'user', content: '🙂'.repeat(1_000_000) }] })],
  ])('%s is given back byte for byte', async (_what, body) => {
    expect(await readRequestBody(database.db, await storeRequestBody(database.db, body))).toBe(body);
  });

  test('a conversation that grows by a turn costs about that turn, not the whole conversation once more', async () => {
    const before = await storedBytes();
    for (let turns = 1; turns <= 60; turns++) await storeRequestBody(database.db, bodyOf(turns).replaceAll('thought', 'idea'));
    const once = Buffer.byteLength(bodyOf(60));
    expect((await storedBytes()) - before).toBeLessThan(3 * once);
  });

  test('that lost a part is not given back in pieces', async () => {
    const ref = await storeRequestBody(database.db, bodyOf(30).replaceAll('result', 'lost'));
    await database.db.deleteFrom('contents').where('hash', '!=', ref).execute();
    expect(await readRequestBody(database.db, ref)).toBeUndefined();
  });
});
