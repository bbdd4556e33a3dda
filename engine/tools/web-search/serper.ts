import { z } from 'zod';
import { fetchSearch, type SearchAccess, type SearchProvider, toResults, toSearchUrl } from './search-provider.ts';

const answerSchema = z.object({ organic: z.array(z.object({ link: z.string(), title: z.string().nullish(), snippet: z.string().nullish() }).nullable().catch(null)).nullish() });
const name = 'Serper';

/**
 * Serper's search API: Google's results. An account without credits is answered with 400 and a message that says so.
 * @see https://serper.dev/playground (2026-11)
 */
export const createSerperProvider = ({ baseUrl = 'https://google.serper.dev', apiKey, keyName }: SearchAccess): SearchProvider => ({
  name,
  baseUrl,
  async search(query, { count, signal }) {
    const { organic } = await fetchSearch({
      url: toSearchUrl(baseUrl, '/search'), name, signal, answerSchema, headers: { 'x-api-key': await apiKey() }, body: { q: query, num: count }, refusedHint: `An admin has to check ${keyName}.`,
    });
    return toResults((organic ?? []).map((result) => result && { ...result, url: result.link }), count);
  },
});
