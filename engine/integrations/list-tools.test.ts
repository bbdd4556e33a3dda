import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { createToolRegistry, type Tool } from '../tools/index.ts';
import { createSearchProvider, createWebSearchTool, webSearchSettingsSchema } from '../tools/web-search/index.ts';
import { listTools } from './list-tools.ts';

const none = { searxngUrl: undefined, braveApiKey: undefined, tavilyApiKey: undefined, serperApiKey: undefined };
const listed = async (config: Partial<Record<keyof typeof none, string>>, settings: object = {}) => {
  const provider = createSearchProvider({ ...none, ...config }, webSearchSettingsSchema.parse(settings), { reveal: () => Promise.reject(new Error('not asked for')) });
  const [item] = await listTools({ tools: createToolRegistry([createWebSearchTool(provider) as unknown as Tool]) }, [], new Map([['web_search', 2]]));
  return item;
};

test.each<[config: Parameters<typeof listed>[0], settings: object, detail: string]>([
  [{ braveApiKey: 'k' }, {}, 'Searches with Brave Search at https://api.search.brave.com. Not called only to be checked.'],
  [{ tavilyApiKey: 'k' }, {}, 'Searches with Tavily at https://api.tavily.com. Not called only to be checked.'],
  [{ serperApiKey: 'k' }, { base_url: 'http://proxy.example/serper' }, 'Searches with Serper at http://proxy.example. Not called only to be checked.'],
  [{ braveApiKey: 'k' }, { provider: 'tavily', api_key_secret: 'tavily' }, 'Searches with Tavily at https://api.tavily.com. Not called only to be checked.'],
])('a search engine that is paid for (%j, %j) is told and not called', async (config, settings, detail) => {
  expect(await listed(config, settings)).toMatchObject({ state: 'untested', detail, missing_settings: [], used_by_agents: 2 });
});

test.each([[200, 'healthy'], [404, 'healthy'], [503, 'failing']] as const)('SearXNG that answers %i is %s', async (status, state) => {
  const asked: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url);
    response.writeHead(status).end('OK');
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  expect(await listed({ searxngUrl: `${origin}/searx/` })).toMatchObject({ state, detail: expect.stringContaining(origin) });
  expect(asked).toEqual(['/searx/healthz']);
  server.closeAllConnections();
  await new Promise((resolve) => { server.close(resolve); });
  expect(await listed({ searxngUrl: origin })).toMatchObject({ state: 'failing', detail: expect.stringContaining('nothing listens') });
});

test('without an engine every setting that would give one is named', async () => {
  expect(await listed({})).toMatchObject({ state: 'not_configured', missing_settings: ['SEARXNG_URL', 'BRAVE_API_KEY', 'TAVILY_API_KEY', 'SERPER_API_KEY'] });
});
