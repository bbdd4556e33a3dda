import { z } from 'zod';
import { AppError } from '../../../contracts/errors.ts';
import type { Secrets } from '../../secrets/index.ts';
import type { Tool } from '../tool.ts';
import { createBraveProvider } from './brave.ts';
import { createSearxngProvider } from './searxng.ts';
import type { SearchProvider } from './search-provider.ts';
import type { WebSearchSettings } from './settings.ts';

const defaultCount = 8;
const maxText = 1_000;

export const webSearchArgumentsSchema = z.strictObject({
  query: z.string().trim().min(1).max(400),
  count: z.int().min(1).max(20).optional().describe(`Results wanted, default ${defaultCount}.`),
});
type WebSearchArguments = z.infer<typeof webSearchArgumentsSchema>;

/** The provider this system is configured with: its own SearXNG before Brave. */
export const createSearchProvider = ({ searxngUrl, braveApiKey }: { searxngUrl: string | undefined; braveApiKey: string | undefined }, _settings: WebSearchSettings, _secrets: Pick<Secrets, 'reveal'>): SearchProvider | undefined =>
  searxngUrl !== undefined ? createSearxngProvider(searxngUrl) : braveApiKey !== undefined ? createBraveProvider(braveApiKey) : undefined;

const isWebAddress = (url: string): boolean => URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
const clip = (text: string): string => (text.length > maxText ? `${text.slice(0, maxText).toWellFormed()}…` : text);

/** The tool that searches the web. Output: `{results: [{title, url, snippet}]}`, best first, each address once. */
export const createWebSearchTool = (provider: SearchProvider | undefined): Tool<WebSearchArguments> => ({
  name: 'web_search',
  description: 'Searches the web and returns titles, addresses and snippets of the best results. Read a result with http_request.',
  argumentsSchema: webSearchArgumentsSchema,
  defaultRisk: 'LOW',
  risk: () => 'LOW',
  defaultEffect: 'none',
  effect: () => 'none',
  missingConfiguration: provider === undefined ? 'Set SEARXNG_URL to a SearXNG instance that allows JSON, or BRAVE_API_KEY.' : null,
  timeoutMs: 30_000,
  facts: ({ query, count }) => ({ provider: provider?.name ?? null, query_length: query.length, count: count ?? defaultCount }),
  effectSentence: ({ query }) => `Search the web for "${query.length > 100 ? `${query.slice(0, 100).toWellFormed()}…` : query}"`,
  async execute({ query, count }, { signal }) {
    if (provider === undefined) throw new AppError('TOOL_NOT_CONFIGURED', 'No search engine is configured on this system.');
    const found = await provider.search(query, { count: count ?? defaultCount, signal });
    const results = [...new Map(found.filter(({ url }) => isWebAddress(url)).map((result) => [result.url, result])).values()]
      .map(({ title, url, snippet }) => ({ title: clip(title), url, snippet: clip(snippet) }));
    return { output: { results }, summary: `${results.length} ${results.length === 1 ? 'result' : 'results'}` };
  },
});
