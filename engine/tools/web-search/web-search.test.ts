import { describe, expect, test } from 'vitest';
import { AppError } from '../../../contracts/errors.ts';
import { failureOf } from '../../../tests/support/tools.ts';
import { createBraveProvider } from './brave.ts';
import { createSearchProvider, createWebSearchTool, searchProviderOf, webSearchArgumentsSchema, webSearchSettingsSchema } from './index.ts';
import { toPlainText } from './plain-text.ts';
import { contextWith, testSearchProvider } from './search-provider.cases.ts';
import { createSearxngProvider } from './searxng.ts';
import { createSerperProvider } from './serper.ts';
import type { WebSearchSettings } from './settings.ts';
import { createTavilyProvider } from './tavily.ts';

const jsonOf = (body: string): Record<string, unknown> => JSON.parse(body) as Record<string, unknown>;

testSearchProvider('SearXNG', {
  fixture: 'searxng.json', create: createSearxngProvider, keyHeader: ['authorization', 'Bearer the-key'], query: ({ url }) => url.searchParams.get('q'),
  toAnswer: (results) => ({ query: 'x', number_of_results: 0, results: results.map((result) => (typeof result === 'object' && result !== null ? { url: result.url ?? null, title: result.title ?? null, content: result.snippet ?? null, engine: 'brave' } : result)) }),
});
testSearchProvider('Brave Search', {
  fixture: 'brave.json', create: createBraveProvider, maxWords: 50, keyHeader: ['x-subscription-token', 'the-key'], query: ({ url }) => url.searchParams.get('q'), count: ({ url }) => Number(url.searchParams.get('count')),
  // Without results there is no `web` at all.
  toAnswer: (results) => ({ type: 'search', ...(results.length === 0 ? {} : { web: { type: 'search', results: results.map((result) => (typeof result === 'object' && result !== null ? { type: 'search_result', url: result.url ?? null, title: result.title ?? null, description: result.snippet ?? null } : result)) } }) }),
});
testSearchProvider('Tavily', {
  fixture: 'tavily.json', create: createTavilyProvider, keyHeader: ['authorization', 'Bearer the-key'], query: ({ body }) => jsonOf(body)['query'] as string, count: ({ body }) => jsonOf(body)['max_results'] as number,
  toAnswer: (results) => ({ query: 'x', answer: null, images: [], results: results.map((result) => (typeof result === 'object' && result !== null ? { url: result.url ?? null, title: result.title ?? null, content: result.snippet ?? null, score: 0.5, raw_content: null } : result)) }),
});
testSearchProvider('Serper', {
  fixture: 'serper.json', create: createSerperProvider, keyHeader: ['x-api-key', 'the-key'], query: ({ body }) => jsonOf(body)['q'] as string, count: ({ body }) => jsonOf(body)['num'] as number,
  toAnswer: (results) => ({ searchParameters: { q: 'x' }, organic: results.map((result, index) => (typeof result === 'object' && result !== null ? { link: result.url ?? null, title: result.title ?? null, snippet: result.snippet ?? null, position: index + 1 } : result)) }),
});

test('SearXNG is asked without a key unless there is one', async () => {
  expect(searchProviderOf(createWebSearchTool(createSearxngProvider({ baseUrl: 'http://searx.example' })))).toMatchObject({ name: 'SearXNG', baseUrl: 'http://searx.example' });
  expect(searchProviderOf({})).toBeUndefined();
});

test.each([
  ['&#1488;&#x5D0;&eacute;&AMP;', 'אא&eacute;&'], ['&amp;lt;b&amp;gt;', '&lt;b&gt;'], ['<!-- hidden\ntext -->shown<br/>here', 'shownhere'], ['1 < 2 and 3 > 2', '1 < 2 and 3 > 2'], ['a\u{E0041}\u{E0042}b\u{E0101}c', 'abc'], ['کتاب\u200Cها 👨\u200D👩\u200D👧', 'کتاب\u200Cها 👨\u200D👩\u200D👧'],
  ['\uD800x', '\uFFFDx'], ['&#8238;evil&#x202E;', 'evil'], [' a \n\t b\u2028c ', 'a b c'], ['<a href="x">y', 'y'],
])('%j reads %j', (html, text) => {
  expect(toPlainText(html)).toBe(text);
});

describe('which engine', () => {
  const none = { searxngUrl: undefined, braveApiKey: undefined, tavilyApiKey: undefined, serperApiKey: undefined };
  const all = { searxngUrl: 'http://searx.example', braveApiKey: 'b', tavilyApiKey: 't', serperApiKey: 's' };
  const settingsOf = (settings: Partial<WebSearchSettings> = {}): WebSearchSettings => webSearchSettingsSchema.parse(settings);
  const secrets = { reveal: (): Promise<string> => Promise.reject(new Error('not asked for')) };

  test.each<[config: Partial<typeof all>, settings: Partial<WebSearchSettings>, name: string | undefined, baseUrl: string | undefined]>([
    [all, {}, 'SearXNG', 'http://searx.example'],
    [{ braveApiKey: 'b', serperApiKey: 's' }, {}, 'Brave Search', 'https://api.search.brave.com'],
    [{ tavilyApiKey: 't', serperApiKey: 's' }, {}, 'Tavily', 'https://api.tavily.com'],
    [{ serperApiKey: 's' }, {}, 'Serper', 'https://google.serper.dev'],
    [all, { provider: 'serper' }, 'Serper', 'https://google.serper.dev'],
    [{ tavilyApiKey: 't' }, { base_url: 'http://proxy.example/tavily' }, 'Tavily', 'http://proxy.example/tavily'],
    [{}, { base_url: 'http://searx.example' }, 'SearXNG', 'http://searx.example'],
    [all, { provider: 'searxng', base_url: 'http://other.example' }, 'SearXNG', 'http://other.example'],
    [{}, { provider: 'brave', api_key_secret: 'brave' }, 'Brave Search', 'https://api.search.brave.com'],
    [{}, {}, undefined, undefined], [{}, { provider: 'searxng' }, undefined, undefined], [{ braveApiKey: 'b' }, { provider: 'tavily' }, undefined, undefined], [{}, { api_key_secret: 'key' }, undefined, undefined],
  ])('%j with the settings %j is %s', (config, settings, name, baseUrl) => {
    const provider = createSearchProvider({ ...none, ...config }, settingsOf(settings), secrets);
    expect([provider?.name, provider?.baseUrl]).toEqual([name, baseUrl]);
  });

  test.each(['http://user:password@searx.example/', 'ftp://searx.example/', 'searx.example', 'http://searx.example/?format=html', 'http://searx.example/#top', `http://searx.example/${'x'.repeat(500)}`])('%s is no address of an engine', (baseUrl) => {
    expect(webSearchSettingsSchema.safeParse({ base_url: baseUrl }).success).toBe(false);
  });

  test('without one the tool says what to set', async () => {
    const tool = createWebSearchTool(createSearchProvider(none, settingsOf(), secrets));
    expect(tool.missingConfiguration).toMatch(/SEARXNG_URL.*BRAVE_API_KEY, TAVILY_API_KEY or SERPER_API_KEY/);
    expect(await failureOf(tool.execute({ query: 'x' }, contextWith()))).toMatchObject({ code: 'TOOL_NOT_CONFIGURED' });
  });

  test.each(['', '  ', 'with\nline', 'with ü', 'with space'])('a key no header can carry (%j) is refused with its name and without its value', async (value) => {
    const asked: string[] = [];
    const provider = createSearchProvider(none, settingsOf({ provider: 'tavily', api_key_secret: 'tavily-key' }), { reveal: async (text) => { asked.push(text); return value; } });
    const error = await failureOf(provider?.search('x', { count: 1, signal: new AbortController().signal }) ?? Promise.resolve());
    expect(error).toMatchObject({ code: 'TOOL_NOT_CONFIGURED', message: expect.stringContaining('the secret tavily-key') });
    expect(error.message).not.toContain('with ');
    expect(asked).toEqual(['{{secret:tavily-key}}']);
  });

  test('a secret that cannot be opened is what the search says', async () => {
    const closed = new AppError('TOOL_NOT_CONFIGURED', 'The secret brave cannot be opened.');
    const provider = createSearchProvider(none, settingsOf({ provider: 'brave', api_key_secret: 'brave' }), { reveal: () => Promise.reject(closed) });
    expect(await failureOf(provider?.search('x', { count: 1, signal: new AbortController().signal }) ?? Promise.resolve())).toBe(closed);
  });
});

describe('arguments', () => {
  test.each([{ query: '' }, { query: '   ' }, { query: 'x'.repeat(401) }, { query: 'x', count: 0 }, { query: 'x', count: 21 }, { query: 'x', count: 1.5 }, { query: 'x', engine: 'y' }, { query: 7 }, {}])('%j is refused', (args) => {
    expect(webSearchArgumentsSchema.safeParse(args).success).toBe(false);
  });

  test('facts name the engine and the length of the query, never the query', () => {
    const tool = createWebSearchTool(createSearxngProvider({ baseUrl: 'http://searx.example' }));
    expect(tool.facts({ query: 'private' })).toEqual({ provider: 'SearXNG', query_length: 7, count: 8 });
    expect(tool.effectSentence({ query: 'x'.repeat(200) })).toBe(`Search the web for "${'x'.repeat(100)}…"`);
  });
});
