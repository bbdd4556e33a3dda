// What every search engine has to do, whichever it is: each adapter's test runs these against a real server on 127.0.0.1.
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../../../contracts/errors.ts';
import { callContext, failureOf } from '../../../tests/support/tools.ts';
import type { Json, ToolCallContext } from '../tool.ts';
import { createWebSearchTool } from './index.ts';
import type { SearchAccess, SearchProvider, SearchResult } from './search-provider.ts';

export interface SearchCase {
  /** File in `__fixtures__`: an answer as the engine gives it, trimmed. */
  fixture: string;
  create(access: Required<SearchAccess>): SearchProvider;
  /** An answer with these results, in the engine's own form; a result that is no object goes in as it is. */
  toAnswer(results: readonly (Partial<SearchResult> | string | number | null)[]): Json;
  /** The header the key comes in, with the key in it. */
  keyHeader: [name: string, value: string];
  query(request: SeenRequest): string | null;
  /** Words of a query that are asked; default all. */
  maxWords?: number;
  /** Where an engine can be told how many results are wanted. */
  count?(request: SeenRequest): number;
}

interface SeenRequest {
  url: URL;
  headers: IncomingMessage['headers'];
  body: string;
}

const key = 'the-key';

const unasked = (): Promise<never> => Promise.reject(new Error('not asked for'));
export const contextWith = (signal: AbortSignal = new AbortController().signal): ToolCallContext => callContext({ signal, confirmClaim: unasked, revealSecrets: unasked });

const ended = (status: number, body: string, headers: Record<string, string> = {}) => (response: ServerResponse): void => { response.writeHead(status, headers).end(body); };
const writeForEver = (response: ServerResponse): void => {
  const more = (): void => {
    while (!response.destroyed && response.write('x'.repeat(65_536)));
    if (!response.destroyed) response.once('drain', more);
  };
  more();
};

/** Runs the suite of the port for one adapter. */
export function testSearchProvider(name: string, { fixture, create, toAnswer, keyHeader, query, count, maxWords = 200 }: SearchCase): void {
  describe(name, () => {
    const seen: SeenRequest[] = [];
    let answer: (response: ServerResponse) => void;
    let server: Server;
    let origin: string;
    beforeAll(async () => {
      server = createServer((request, response) => {
        let body = '';
        request.on('data', (chunk: Buffer) => { body += chunk.toString(); });
        request.on('end', () => {
          seen.push({ url: new URL(request.url ?? '', origin), headers: request.headers, body });
          answer(response);
        });
      });
      await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
      origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
    afterAll(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => { server.close(resolve); });
    });
    beforeEach(() => { seen.length = 0; });

    const provider = (baseUrl = origin): SearchProvider => create({ baseUrl, apiKey: async () => key, keyName: 'the secret search' });
    const search = (text = 'x', wanted = 5): Promise<SearchResult[]> => provider().search(text, { count: wanted, signal: new AbortController().signal });
    const answerWith = (results: Parameters<typeof toAnswer>[0]): void => { answer = ended(200, JSON.stringify(toAnswer(results))); };
    const resultsOf = async (): Promise<unknown> => (await createWebSearchTool(provider()).execute({ query: 'x' }, contextWith())).output;

    test('a recorded answer comes as plain text, each address once, only addresses of the web', async () => {
      answer = ended(200, readFileSync(new URL(`./__fixtures__/${fixture}`, import.meta.url), 'utf8'));
      expect(await createWebSearchTool(provider()).execute({ query: 'temporal workflow' }, contextWith())).toEqual({
        output: {
          results: [
            { title: 'Temporal Workflow | Temporal Platform Documentation', url: 'https://docs.temporal.io/workflows', snippet: 'This guide provides a comprehensive overview of Temporal Workflows & their durability.' },
            { title: 'temporalio/temporal: Temporal service', url: 'https://github.com/temporalio/temporal', snippet: '' },
          ],
        },
        summary: '2 results',
      });
    });

    test('the query arrives as it was asked, the key in its header and nowhere else', async () => {
      answerWith([]);
      await search('a & b "c" ü {{secret:x}}', 3);
      expect(seen).toHaveLength(1);
      expect(query(seen[0] as SeenRequest)).toBe('a & b "c" ü {{secret:x}}');
      expect(seen[0]?.headers).toMatchObject({ [keyHeader[0]]: keyHeader[1], accept: 'application/json' });
      expect(`${seen[0]?.url.href} ${seen[0]?.body}`).not.toContain(key);
    });

    test('a query of any length it may have is asked', async () => {
      answerWith([]);
      await search('w '.repeat(200).trim());
      expect(query(seen[0] as SeenRequest)?.split(' ').length).toBe(maxWords);
    });

    test('an address with a path is asked below it', async () => {
      answerWith([]);
      await provider(`${origin}/behind/a/proxy/`).search('x', { count: 3, signal: new AbortController().signal });
      expect(seen[0]?.url.pathname).toMatch(/^\/behind\/a\/proxy\/[a-z]/);
    });

    test('no more results than were asked for', async () => {
      answerWith([1, 2, 3].map((n) => ({ url: `https://example.com/${n}`, title: `Result ${n}`, snippet: '' })));
      expect((await search('x', 2)).map(({ url }) => url)).toEqual(['https://example.com/1', 'https://example.com/2']);
      if (count !== undefined) expect(count(seen[0] as SeenRequest)).toBe(2);
    });

    test('what is no result is left out', async () => {
      answerWith([null, 'text', 7, {}, { title: 'no address' }, { url: 'not an address', title: 'x' }, { url: 'javascript:alert(1)', title: 'x' }, { url: 'magnet:?xt=urn:btih:0', title: 'x' }, { url: `https://example.com/${'x'.repeat(3_000)}` }, { url: 'https://example.com/1' }, { url: 'https://example.com/1', title: 'again' }]);
      expect(await resultsOf()).toEqual({ results: [{ title: '', url: 'https://example.com/1', snippet: '' }] });
    });

    test('somebody else\'s text is cleaned, shortened, and shows what it is', async () => {
      answerWith([{ url: 'https://аpple.com/\u202Egnp.exe', title: '<b>Save</b> &lt;script&gt; &#39;now&#x27;\u202E\u200B\u0007 &amp;amp; a < b > c &bogus; &#x110000;', snippet: `${'😀'.repeat(600)}` }]);
      const { results } = (await resultsOf()) as { results: SearchResult[] };
      expect(results).toEqual([{ title: 'Save <script> \'now\' &amp; a < b > c &bogus; &#x110000;', url: 'https://xn--pple-43d.com/%E2%80%AEgnp.exe', snippet: `${'😀'.repeat(500)}…` }]);
    });

    test.each<[name: string, respond: (response: ServerResponse) => void, code: string, message: RegExp]>([
      ['says the key is wrong', ended(401, '{"detail": {"error": "Unauthorized: missing or invalid API key."}}'), 'TOOL_NOT_CONFIGURED', /does not let Maestro in. An admin has to/],
      ['refuses', ended(403, '{"message": "Unauthorized.", "statusCode": 403}'), 'TOOL_NOT_CONFIGURED', /does not let Maestro in. An admin has to/],
      ['has been used up', ended(432, '{"detail": {"error": "This request exceeds your plan\'s set usage limit."}}'), 'TOOL_NOT_CONFIGURED', /no searches left/],
      ['has been used up and says so in words', ended(400, '{"message": "Not enough credits", "statusCode": 400}'), 'TOOL_NOT_CONFIGURED', /no searches left/],
      ['is down', ended(502, 'Bad Gateway'), 'TOOL_UNAVAILABLE', /502/],
      ['does not like the query', ended(422, '{}'), 'TOOL_FAILED', /422/],
      ['sends a page', ended(200, '<html></html>', { 'content-type': 'text/html' }), 'TOOL_FAILED', /not JSON/],
      ['sends half of an answer', ended(200, '{"results": [{"url": "https://exa'), 'TOOL_FAILED', /not JSON/],
      ['sends nothing', ended(200, ''), 'TOOL_FAILED', /not JSON/],
      ['sends JSON of another form', ended(200, '{"results": 5, "web": 5, "organic": 5}'), 'TOOL_FAILED', /cannot be read/],
      ['sends a list', ended(200, '[]'), 'TOOL_FAILED', /cannot be read/],
      ['drops the connection', (response) => { response.destroy(); }, 'TOOL_UNAVAILABLE', /cannot be reached/],
      ['breaks off', (response) => { response.writeHead(200, { 'content-length': '100' }).write('{', () => response.destroy()); }, 'TOOL_UNAVAILABLE', /cannot be reached/],
      ['never stops', writeForEver, 'TOOL_FAILED', /too large/],
      ['never stops refusing', (response) => { response.statusCode = 400; writeForEver(response); }, 'TOOL_FAILED', /too large/],
    ])('an engine that %s is a clear failure, and the key is not told', async (_trouble, respond, code, message) => {
      answer = respond;
      const error = await failureOf(search());
      expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
      expect(`${error.message} ${JSON.stringify(error.details)} ${String(error.cause)}`).not.toContain(key);
    });

    test.each([301, 302, 307, 308])('a redirect (%i) is not followed: the key would go along', async (status) => {
      answer = ended(status, '', { location: `${origin}/elsewhere` });
      expect(await failureOf(search())).toMatchObject({ code: 'TOOL_FAILED', message: expect.stringContaining('redirects') });
      expect(seen).toHaveLength(1);
    });

    test.each<[headers: Record<string, string>, details: Record<string, unknown> | undefined]>([
      [{ 'retry-after': '7' }, { retry_after_ms: 7_000 }], [{ 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT' }, { retry_after_ms: 0 }], [{ 'retry-after': '86400' }, undefined], [{ 'retry-after': 'soon' }, undefined],
      [{ 'x-ratelimit-reset': '1, 1419704' }, { retry_after_ms: 1_000 }], [{}, undefined],
    ])('a limit on requests (%j) says when to come back', async (headers, details) => {
      answer = ended(429, '{}', headers);
      expect(await failureOf(search())).toMatchObject({ code: 'TOOL_UNAVAILABLE', details });
    });

    test.each<[when: string, respond: (response: ServerResponse) => void]>([['before the answer', () => {}], ['within the answer', (response) => { response.writeHead(200).write('{"results": ['); }]])('an abort %s ends the call with the signal\'s reason', async (_when, respond) => {
      const controller = new AbortController();
      const reason = new Error('cancelled');
      answer = (response) => {
        respond(response);
        setImmediate(() => controller.abort(reason));
      };
      await expect(createWebSearchTool(provider()).execute({ query: 'x' }, contextWith(controller.signal))).rejects.toBe(reason);
    });

    test('an answer without results is no failure', async () => {
      answerWith([]);
      expect(await createWebSearchTool(provider()).execute({ query: 'x' }, contextWith())).toEqual({ output: { results: [] }, summary: '0 results' });
    });

    test('a key that cannot be had is what the failure says, and nothing is asked', async () => {
      const missing = new AppError('TOOL_NOT_CONFIGURED', 'There is no secret search.');
      const keyless = create({ baseUrl: origin, apiKey: () => Promise.reject(missing), keyName: 'the secret search' });
      expect(await failureOf(keyless.search('x', { count: 1, signal: new AbortController().signal }))).toBe(missing);
      expect(seen).toEqual([]);
    });
  });
}
