import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AppError } from '../../../contracts/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { callContext } from '../../../tests/support/tools.ts';
import { createToolRegistry } from '../registry.ts';
import type { Json, ToolCallContext } from '../tool.ts';
import { createReadResultTool, readResultArgumentsSchema } from './read-result.ts';

/** What a model may be given of one result before it is shortened again. */
const mostCharacters = 20_000;
const tool = createReadResultTool();

const contextOf = (results: Record<string, Json>, files: Record<string, Uint8Array | string> = {}): ToolCallContext => callContext({
  readResult: (id) => (id in results ? Promise.resolve(results[id] as Json) : callContext().readResult(id)),
  readFile: (name) => (name in files ? Promise.resolve({ id: newId(), name, mediaType: 'text/plain', bytes: Buffer.from(files[name] as string) }) : callContext().readFile(name)),
});
/** Asks as a model does: through the schema. */
async function read(args: Record<string, Json>, context: ToolCallContext): Promise<{ [key: string]: Json }> {
  const { output } = await tool.execute(readResultArgumentsSchema.parse(args), context);
  expect(JSON.stringify(output).length).toBeLessThan(mostCharacters);
  return output as { [key: string]: Json };
}
const readFrom = (value: Json, args: Record<string, Json> = {}) => read({ result_of: 'call_1', ...args }, contextOf({ call_1: value }));
const refusal = (promise: Promise<unknown>): Promise<AppError> => promise.then(() => expect.unreachable(), (error: unknown) => error as AppError);

const rows = Array.from({ length: 2_000 }, (_, id) => ({ id, 'first.name': `Name ${id}`, body: `Ticket ${id} is about invoices. ${'x'.repeat(id % 50)}`, tags: ['a', 'b/c', '~'] }));
const tickets: Json = { rows, row_count: 2_000, 'a/b': { '~': 'odd' } };

describe('read_result', () => {
  it('gives a small result whole, and of a large one says what it consists of', async () => {
    expect(await readFrom({ a: 1 })).toEqual({ value: { a: 1 }, total_characters: 7 });
    expect(await readFrom(null)).toEqual({ value: null, total_characters: 4 });
    expect(await readFrom(tickets)).toMatchObject({ total_keys: 3, keys: [{ key: 'rows', holds: 'list of 2000 items' }, { key: 'row_count', holds: '2000' }, { key: 'a/b', holds: 'object with 1 keys' }], note: expect.stringContaining('"/rows"') as string });
  });

  it.each<[string, Json]>([
    ['/rows/3/body', (rows[3] as { body: string }).body], ['rows.3.body', (rows[3] as { body: string }).body], ['rows[3].body', (rows[3] as { body: string }).body], ['$.rows[3].body', (rows[3] as { body: string }).body],
    ['rows.0.first.name', 'Name 0'], ['/rows/1/first.name', 'Name 1'], ['/rows/0/tags/1', 'b/c'], ['/a~1b/~0', 'odd'], ['a/b.~', 'odd'],
  ])('follows %s', async (path, expected) => {
    expect(await readFrom(tickets, { path })).toMatchObject({ text: expected, next_offset: null });
  });

  it.each([
    ['/rows/2000', 'There is no "2000" at "/rows". It is a list of 2000 items, 0 to 1999.'],
    ['rows.3.subject', 'There is no "subject" at "/rows/3". It has "id", "first.name", "body", "tags".'],
    ['tickets', 'There is no "tickets" at the top of the result. It has "rows", "row_count", "a/b".'],
    ['row_count.x', 'There is no "x" at "/row_count". It is a number and has no parts.'],
    ['/rows/-1', 'There is no "-1" at "/rows". It is a list of 2000 items, 0 to 1999.'],
    ['__proto__', 'There is no "__proto__" at the top of the result. It has "rows", "row_count", "a/b".'],
  ])('says of %s what there is instead', async (path, message) => {
    expect(await refusal(readFrom(tickets, { path }))).toMatchObject({ code: 'TOOL_INPUT_INVALID', message });
  });

  it('gives items of a list from anywhere, whole ones, and where to go on', async () => {
    expect(await readFrom(tickets, { path: 'rows', items_from: 1_990, items_count: 3 })).toEqual({ items: rows.slice(1_990, 1_993), items_from: 1_990, total_items: 2_000, next_items_from: 1_993 });
    expect(await readFrom(tickets, { path: 'rows', items_from: 1_999 })).toMatchObject({ next_items_from: null });
    expect(await readFrom(tickets, { path: 'rows', items_from: 2_000 })).toMatchObject({ items: [], next_items_from: null });
    expect(await refusal(readFrom(tickets, { path: 'rows', items_from: 2_001 }))).toMatchObject({ message: 'items_from 2001 is behind the end: there are 2000 items.' });
    expect(await refusal(readFrom(tickets, { path: 'row_count', items_from: 0 }))).toMatchObject({ code: 'TOOL_INPUT_INVALID', message: expect.stringContaining('at "/row_count" is no list (2000)') as string });
  });

  it('names an item that is too large for itself, and reads it by its characters', async () => {
    const value = ['small', { text: 'y'.repeat(50_000) }, 'last'];
    expect(await readFrom(value)).toEqual({ items: ['small'], items_from: 0, total_items: 3, next_items_from: 1 });
    expect(await readFrom(value, { items_from: 1 })).toMatchObject({ items: [], next_items_from: 2, note: expect.stringContaining('path "/1"') as string });
    expect(await readFrom(value, { path: '/1', offset: 0, length: 12 })).toEqual({ text: '{"text":"yyy', offset: 0, total_characters: 50_011, next_offset: 12 });
  });

  it('finds text in keys and values, with its surroundings and the way there', async () => {
    const found = await readFrom(tickets, { find: 'TICKET 1999' });
    expect(found).toMatchObject({ total_matches: 1, next_items_from: null, matches: [{ path: '/rows/1999/body', offset: 0, text: expect.stringMatching(/^Ticket 1999 is/) as string }] });
    const all = await readFrom(tickets, { find: 'invoices', path: 'rows' });
    expect(all).toMatchObject({ total_matches: 2_000, next_items_from: 50 });
    expect(((await readFrom(tickets, { find: 'invoices', path: 'rows', items_from: 50 }))['matches'] as { path: string }[])[0]?.path).toBe('/rows/50/body');
    expect(await readFrom(tickets, { find: 'row_count' })).toMatchObject({ total_matches: 1, matches: [{ path: '/row_count' }] });
    expect(await readFrom(tickets, { find: '.*' })).toEqual({ matches: [], total_matches: 0, next_items_from: null });
    expect(await readFrom('ab '.repeat(50_000), { find: 'ab' })).toMatchObject({ total_matches: 10_000, note: expect.stringContaining('more than 10000') as string });
  });

  it('reads text files, as JSON where a part is asked for, and says so of others', async () => {
    const context = contextOf({}, { 'log.txt': 'line 1\nline 2', 'data.json': '{"rows":[1,2,3]}', 'plot.png': Uint8Array.from([0x89, 0x50, 0, 255]) });
    expect(await read({ file: 'log.txt' }, context)).toEqual({ text: 'line 1\nline 2', offset: 0, total_characters: 13, next_offset: null });
    expect(await read({ file: 'log.txt', find: 'line 2' }, context)).toMatchObject({ matches: [{ path: '', offset: 7 }] });
    expect(await read({ file: 'data.json', path: 'rows' }, context)).toMatchObject({ items: [1, 2, 3] });
    expect(await refusal(read({ file: 'log.txt', path: 'rows' }, context))).toMatchObject({ message: expect.stringContaining('is no JSON') as string });
    expect(await refusal(read({ file: 'plot.png' }, context))).toMatchObject({ code: 'TOOL_INPUT_INVALID', message: expect.stringContaining('no UTF-8 text') as string });
    expect(await refusal(read({ file: 'gone.txt' }, context))).toMatchObject({ code: 'TOOL_INPUT_INVALID', message: 'This run has no file "gone.txt".' });
    expect(await refusal(read({ result_of: 'call_9' }, context))).toMatchObject({ code: 'TOOL_INPUT_INVALID', message: expect.stringContaining('"call_9"') as string });
  });

  it.each<[string, Record<string, Json>, RegExp]>([
    ['neither a call nor a file', {}, /either result_of or file/],
    ['both', { result_of: 'a', file: 'b' }, /either result_of or file/],
    ['characters and items', { result_of: 'a', offset: 1, items_from: 1 }, /either characters/],
    ['a search at an offset', { result_of: 'a', find: 'x', offset: 1 }, /find goes with/],
    ['a negative offset', { result_of: 'a', offset: -1 }, /offset/],
    ['too many characters', { result_of: 'a', length: 20_001 }, /length/],
  ])('takes %s for a mistake', (_what, args, message) => {
    const parsed = createToolRegistry([tool as never]).parseArguments('read_result', args);
    expect(parsed).toMatchObject({ ok: false, message: expect.stringMatching(message) as string });
  });

  it('reads on where a text of millions of characters was left', async () => {
    const text = 'ü€😀"\n'.repeat(400_000);
    expect(await readFrom(text, { offset: 1_999_998 })).toMatchObject({ offset: 1_999_998, total_characters: 2_400_000 });
    expect(await readFrom(text, { offset: 2_400_000 })).toEqual({ text: '', offset: 2_400_000, total_characters: 2_400_000, next_offset: null });
    expect(await refusal(readFrom(text, { offset: 2_400_001 }))).toMatchObject({ message: 'offset 2400001 is behind the end: there are 2400000 characters.' });
  });
});

const anyText = fc.oneof({ weight: 3, arbitrary: fc.string({ unit: 'grapheme', maxLength: 200 }) }, fc.string({ unit: 'binary', maxLength: 200 }), fc.constantFrom('\u0001'.repeat(9_000), '😀'.repeat(9_000), '"\\'.repeat(9_000)));

describe('whatever the result, its pieces together are the whole', () => {
  it('of a text, whatever length is asked for, and no character is split', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyText, { maxLength: 6 }).map((parts) => parts.join('')), fc.option(fc.integer({ min: 1, max: 20_000 })), async (text, length) => {
        let together = '';
        for (let offset: number | null = 0; offset !== null; ) {
          // A piece of one character costs a call of its own: short texts are enough for small lengths.
          if (length !== null && length < 50 && text.length > 2_000) return;
          const piece = await readFrom(text, { offset, ...(length === null ? {} : { length }) });
          expect((piece['text'] as string).isWellFormed() || !text.isWellFormed()).toBe(true);
          together += piece['text'] as string;
          offset = piece['next_offset'] as number | null;
        }
        expect(together).toBe(text);
      }),
      { numRuns: 60 },
    );
  });

  it('of a list, items too large read by their characters', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(fc.jsonValue({ maxDepth: 3 }), anyText, fc.constant('z'.repeat(30_000))), { maxLength: 40 }), async (values) => {
        const list = JSON.parse(JSON.stringify(values)) as Json[];
        const together: Json[] = [];
        for (let from: number | null = 0; from !== null; ) {
          const page = await readFrom(list, { items_from: from });
          together.push(...(page['items'] as Json[]));
          if (page['note'] !== undefined) {
            let json = '';
            for (let offset: number | null = 0; offset !== null; ) {
              const piece = await readFrom(list, { path: `/${together.length}`, offset });
              json += piece['text'] as string;
              offset = piece['next_offset'] as number | null;
            }
            const item = list[together.length] as Json;
            together.push(typeof item === 'string' ? json : (JSON.parse(json) as Json));
          }
          from = page['next_items_from'] as number | null;
        }
        expect(together).toEqual(list);
      }),
      { numRuns: 60 },
    );
  });

  it('however large its parts are, an answer stays small enough to be shown whole', async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(anyText, fc.oneof(anyText, fc.array(anyText, { maxLength: 5 })), { maxKeys: 200 }), anyText.filter((text) => text.length > 0), async (value, word) => {
        await readFrom(value);
        await readFrom(value, { find: word.slice(0, 100) });
        await readFrom(value, { offset: 0, length: 20_000 });
      }),
      { numRuns: 60 },
    );
  });
});
