import { z } from 'zod';
import { fetchSearch, type SearchAccess, type SearchProvider, toResults, toSearchUrl } from './search-provider.ts';

const answerSchema = z.object({
  web: z.object({ results: z.array(z.object({ url: z.string(), title: z.string().nullish(), description: z.string().nullish() }).nullable().catch(null)) }).nullish(),
});
const name = 'Brave Search';
/** The API refuses longer queries. */
const maxWords = 50;

/**
 * Brave's Web Search API.
 * @see https://api-dashboard.search.brave.com/api-reference/web/search/get (2026-11)
 */
export const createBraveProvider = ({ baseUrl = 'https://api.search.brave.com', apiKey, keyName }: SearchAccess): SearchProvider => ({
  name,
  baseUrl,
  async search(query, { count, signal }) {
    const url = toSearchUrl(baseUrl, '/res/v1/web/search');
    url.search = new URLSearchParams({ q: query.split(/\s+/).slice(0, maxWords).join(' '), count: String(count), result_filter: 'web', text_decorations: 'false' }).toString();
    const { web } = await fetchSearch({ url, name, signal, answerSchema, headers: { 'x-subscription-token': await apiKey() }, refusedHint: `An admin has to check ${keyName}.` });
    return toResults((web?.results ?? []).map((result) => result && { ...result, snippet: result.description }), count);
  },
});
