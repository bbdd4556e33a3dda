import { z } from 'zod';
import { fetchSearch, type SearchProvider, toResults, toSearchUrl } from './search-provider.ts';

const answerSchema = z.object({ results: z.array(z.object({ url: z.string(), title: z.string().nullish(), content: z.string().nullish() }).nullable().catch(null)) });
const name = 'SearXNG';

/**
 * SearXNG's JSON API. An instance answers 403 unless `json` stands among its `search.formats`. It knows no keys itself; one that is
 * given is sent as a bearer token, for a proxy before it.
 * @see https://docs.searxng.org/dev/search_api.html (2026-11)
 */
export const createSearxngProvider = ({ baseUrl, apiKey }: { baseUrl: string; apiKey?: (() => Promise<string>) | undefined }): SearchProvider => ({
  name,
  baseUrl,
  async search(query, { count, signal }) {
    const url = toSearchUrl(baseUrl, '/search');
    url.search = new URLSearchParams({ q: query, format: 'json' }).toString();
    const { results } = await fetchSearch({
      url, name, signal, answerSchema, headers: apiKey === undefined ? {} : { authorization: `Bearer ${await apiKey()}` }, refusedHint: 'An admin has to allow the format "json" in its settings (search.formats).',
    });
    return toResults(results.map((result) => result && { ...result, snippet: result.content }), count);
  },
  // An instance of one's own can be asked for nothing; a paid engine is not called only to be checked.
  async check(signal) {
    const response = await fetch(toSearchUrl(baseUrl, '/healthz'), { signal, redirect: 'manual' });
    await response.body?.cancel();
    return response.status;
  },
});
