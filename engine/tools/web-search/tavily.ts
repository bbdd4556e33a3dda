import { z } from 'zod';
import { fetchSearch, type SearchAccess, type SearchProvider, toResults, toSearchUrl } from './search-provider.ts';

const answerSchema = z.object({ results: z.array(z.object({ url: z.string(), title: z.string().nullish(), content: z.string().nullish() }).nullable().catch(null)) });
const name = 'Tavily';

/**
 * Tavily's search API, without the answers a model of theirs would write.
 * @see https://docs.tavily.com/documentation/api-reference/endpoint/search (2026-11)
 */
export const createTavilyProvider = ({ baseUrl = 'https://api.tavily.com', apiKey, keyName }: SearchAccess): SearchProvider => ({
  name,
  baseUrl,
  async search(query, { count, signal }) {
    const { results } = await fetchSearch({
      url: toSearchUrl(baseUrl, '/search'), name, signal, answerSchema, headers: { authorization: `Bearer ${await apiKey()}` }, body: { query, max_results: count, search_depth: 'basic', include_answer: false },
      refusedHint: `An admin has to check ${keyName}.`,
    });
    return toResults(results.map((result) => result && { ...result, snippet: result.content }), count);
  },
});
