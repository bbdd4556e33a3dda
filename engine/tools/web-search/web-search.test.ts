import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../../../contracts/errors.ts';
import type { ToolCallContext } from '../tool.ts';
import { createBraveProvider } from './brave.ts';
import { createSearchProvider, createWebSearchTool, webSearchArgumentsSchema } from './index.ts';
import type { SearchProvider } from './search-provider.ts';
import { createSearxngProvider } from './searxng.ts';

const seen: { url: URL; headers: IncomingMessage['headers'] }[] = [];
let answer: (response: ServerResponse) => void;
let server: Server;
let origin: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    seen.push({ url: new URL(request.url ?? '', origin), headers: request.headers });
    answer(response);
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => { server.close(resolve); });
});
beforeEach(() => { seen.length = 0; });

const contextWith = (signal: AbortSignal = new AbortController().signal): ToolCallContext =>
  ({ runId: 'run', toolCallId: 'call', idempotencyKey: 'run:1.0', signal, confirmClaim: async () => {}, readResult: async () => null });
const failureOf = async (work: Promise<unknown>): Promise<AppError> => {
  const error = await work.then((value) => { throw new Error(`no failure but ${JSON.stringify(value)}`); }, (thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(AppError);
  return error as AppError;
};
const ended = (status: number, body: string, headers: Record<string, string> = {}) => (response: ServerResponse): void => { response.writeHead(status, headers).end(body); };

/** What every provider has to do, whichever engine is behind it; the answers have the form their documentation gives. */
const providers: [name: string, fixture: string, create: () => SearchProvider][] = [
  ['searxng', 'searxng.json', () => createSearxngProvider(`${origin}/`)],
  ['brave', 'brave.json', () => createBraveProvider('the-key', origin)],
];
describe.each(providers)('%s', (_name, fixture, create) => {
  const body = readFileSync(new URL(`./__fixtures__/${fixture}`, import.meta.url), 'utf8');

  test('results come as plain text, each address once, only addresses of the web', async () => {
    answer = ended(200, body);
    expect(await createWebSearchTool(create()).execute({ query: 'temporal workflow' }, contextWith())).toEqual({
      output: {
        results: [
          { title: expect.any(String), url: 'https://docs.temporal.io/workflows', snippet: expect.any(String) },
          { title: 'temporalio/temporal: Temporal service', url: 'https://github.com/temporalio/temporal', snippet: '' },
        ],
      },
      summary: '2 results',
    });
  });

  test('no more results than were asked for', async () => {
    answer = ended(200, body);
    expect(await create().search('x', { count: 1, signal: new AbortController().signal })).toEqual([
      { title: 'Temporal Workflow | Temporal Platform Documentation', url: 'https://docs.temporal.io/workflows', snippet: 'This guide provides a comprehensive overview of Temporal Workflows & their durability.' },
    ]);
  });

  test.each<[name: string, respond: (response: ServerResponse) => void, code: string]>([
    ['refuses', ended(403, 'Forbidden'), 'TOOL_NOT_CONFIGURED'],
    ['is down', ended(502, 'Bad Gateway'), 'TOOL_UNAVAILABLE'],
    ['does not like the query', ended(422, '{}'), 'TOOL_FAILED'],
    ['sends a page', ended(200, '<html></html>'), 'TOOL_FAILED'],
    ['sends JSON of another form', ended(200, '{"results": 5, "web": 5}'), 'TOOL_FAILED'],
    ['drops the connection', (response) => { response.destroy(); }, 'TOOL_UNAVAILABLE'],
    ['never stops', (response) => { const more = (): void => { while (!response.destroyed && response.write('x'.repeat(65_536))); if (!response.destroyed) response.once('drain', more); }; more(); }, 'TOOL_FAILED'],
  ])('an engine that %s is a clear failure, and the key is not told', async (_trouble, respond, code) => {
    answer = respond;
    const error = await failureOf(create().search('x', { count: 1, signal: new AbortController().signal }));
    expect(error.code).toBe(code);
    expect(`${error.message} ${JSON.stringify(error.details)}`).not.toContain('the-key');
  });

  test('a redirect is not followed: the key would go along', async () => {
    answer = ended(302, '', { location: `${origin}/elsewhere` });
    expect(await failureOf(create().search('x', { count: 1, signal: new AbortController().signal }))).toMatchObject({ code: 'TOOL_UNAVAILABLE' });
    expect(seen).toHaveLength(1);
  });

  test('a limit on requests says when to come back', async () => {
    answer = ended(429, '', { 'retry-after': '7' });
    expect(await failureOf(create().search('x', { count: 1, signal: new AbortController().signal }))).toMatchObject({ code: 'TOOL_UNAVAILABLE', details: { retry_after_ms: 7_000 } });
  });

  test('an abort ends the call with the signal\'s reason', async () => {
    const controller = new AbortController();
    const reason = new Error('cancelled');
    answer = () => controller.abort(reason);
    await expect(createWebSearchTool(create()).execute({ query: 'x' }, contextWith(controller.signal))).rejects.toBe(reason);
  });

  test('an answer without results is no failure', async () => {
    answer = ended(200, '{"results": [], "web": {"results": []}}');
    expect(await createWebSearchTool(create()).execute({ query: 'x' }, contextWith())).toEqual({ output: { results: [] }, summary: '0 results' });
  });
});

test('SearXNG is asked for JSON below its own path', async () => {
  answer = ended(200, '{"results": []}');
  await createSearxngProvider(`${origin}/searx/`).search('a & b', { count: 3, signal: new AbortController().signal });
  expect(seen[0]?.url.pathname).toBe('/searx/search');
  expect(Object.fromEntries(seen[0]?.url.searchParams ?? [])).toEqual({ q: 'a & b', format: 'json' });
});

test('Brave gets its key in a header and a query it accepts', async () => {
  answer = ended(200, '{"type": "search"}');
  await createBraveProvider('the-key', origin).search('w '.repeat(80), { count: 3, signal: new AbortController().signal });
  expect(seen[0]).toMatchObject({ headers: { 'x-subscription-token': 'the-key' } });
  expect(seen[0]?.url.searchParams.get('q')?.split(' ')).toHaveLength(50);
  expect(seen[0]?.url.searchParams.get('count')).toBe('3');
  expect(seen[0]?.url.href).not.toContain('the-key');
});

describe('configuration', () => {
  test('without an engine the tool says what to set', async () => {
    const tool = createWebSearchTool(createSearchProvider({ searxngUrl: undefined, braveApiKey: undefined }));
    expect(tool.missingConfiguration).toMatch(/SEARXNG_URL.*BRAVE_API_KEY/);
    expect(await failureOf(tool.execute({ query: 'x' }, contextWith()))).toMatchObject({ code: 'TOOL_NOT_CONFIGURED' });
  });

  test('the system\'s own engine comes before Brave', () => {
    expect(createSearchProvider({ searxngUrl: 'http://searx.example', braveApiKey: 'k' })?.name).toBe('SearXNG');
    expect(createSearchProvider({ searxngUrl: undefined, braveApiKey: 'k' })?.name).toBe('Brave Search');
  });

  test.each([{ query: '' }, { query: '   ' }, { query: 'x'.repeat(401) }, { query: 'x', count: 0 }, { query: 'x', count: 21 }, { query: 'x', engine: 'y' }, {}])('%j is refused', (args) => {
    expect(webSearchArgumentsSchema.safeParse(args).success).toBe(false);
  });
});
