import { z } from 'zod';
import { AppError } from '../../../contracts/errors.ts';
import { counted } from '../../../platform/counted.ts';
import { clip } from '../../../platform/shorten.ts';
import type { Tool } from '../tool.ts';
import type { SearchProvider, SearchResult } from './search-provider.ts';

const defaultCount = 8;
const maxText = 1_000;
const maxUrl = 2_000;

export const webSearchArgumentsSchema = z.strictObject({
  query: z.string().trim().min(1).max(400),
  count: z.int().min(1).max(20).optional().describe(`Results wanted, default ${defaultCount}.`),
});
type WebSearchArguments = z.infer<typeof webSearchArgumentsSchema>;

export interface WebSearchTool extends Tool<WebSearchArguments> {
  provider: SearchProvider | undefined;
}
/** The engine behind a tool, where it is `web_search` and has one. */
export const searchProviderOf = (tool: object): SearchProvider | undefined => (tool as Partial<WebSearchTool>).provider;

/** An address of the web as it would be asked: a host in other letters shows as what it is, nothing in it is invisible. */
function toWebAddress(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, href } = new URL(text);
  return (protocol === 'http:' || protocol === 'https:') && href.length <= maxUrl ? href : undefined;
}

/** Each address once, in the order they came. */
function toUnique(found: readonly SearchResult[]): SearchResult[] {
  const results = new Map<string, SearchResult>();
  for (const { title, url, snippet } of found) {
    const address = toWebAddress(url);
    if (address !== undefined && !results.has(address)) results.set(address, { title: clip(title, maxText), url: address, snippet: clip(snippet, maxText) });
  }
  return [...results.values()];
}

/** The tool that searches the web. Output: `{results: [{title, url, snippet}]}`, best first, each address once, all of it somebody else's words. */
export const createWebSearchTool = (provider: SearchProvider | undefined): WebSearchTool => ({
  name: 'web_search',
  provider,
  description: 'Searches the web and returns titles, addresses and snippets of the best results. Read a result with http_request.',
  argumentsSchema: webSearchArgumentsSchema,
  defaultRisk: 'LOW',
  risk: () => 'LOW',
  defaultEffect: 'none',
  effect: () => 'none',
  missingConfiguration: provider === undefined ? 'Set SEARXNG_URL to a SearXNG instance that allows JSON, or BRAVE_API_KEY, TAVILY_API_KEY or SERPER_API_KEY; or choose an engine and the secret with its key in the settings of web_search.' : null,
  timeoutMs: 30_000,
  facts: ({ query, count }) => ({ provider: provider?.name ?? null, query_length: query.length, count: count ?? defaultCount }),
  effectSentence: ({ query }) => `Search the web for "${clip(query, 100)}"`,
  async execute({ query, count }, { signal }) {
    if (provider === undefined) throw new AppError('TOOL_NOT_CONFIGURED', 'No search engine is configured on this system.');
    const results = toUnique(await provider.search(query, { count: count ?? defaultCount, signal }));
    return { output: { results: results.map(({ title, url, snippet }) => ({ title, url, snippet })) }, summary: counted(results.length, 'result') };
  },
});
