import { z } from 'zod';
import { AppError } from '../../../contracts/errors.ts';
import { fetchSearchJson, type SearchProvider, toPlainText } from './search-provider.ts';

const answerSchema = z.object({
  web: z.object({ results: z.array(z.object({ url: z.string(), title: z.string(), description: z.string().nullish() }).nullable().catch(null)) }).nullish(),
});
/** The API refuses longer queries. */
const maxWords = 50;

/**
 * Brave's Web Search API.
 * @see https://api-dashboard.search.brave.com/api-reference/web/search/get (2026-11)
 */
export const createBraveProvider = (apiKey: string, baseUrl = 'https://api.search.brave.com'): SearchProvider => ({
  name: 'Brave Search',
  async search(query, { count, signal }) {
    const url = new URL('/res/v1/web/search', baseUrl);
    url.search = new URLSearchParams({ q: query.split(/\s+/).slice(0, maxWords).join(' '), count: String(count), result_filter: 'web', text_decorations: 'false' }).toString();
    const answer = answerSchema.safeParse(await fetchSearchJson(url, { name: 'Brave Search', headers: { 'x-subscription-token': apiKey }, signal, refusedHint: 'An admin has to check BRAVE_API_KEY.' }));
    if (!answer.success) throw new AppError('TOOL_FAILED', 'Brave Search sent an answer that cannot be read.');
    return (answer.data.web?.results ?? []).filter((result) => result !== null).slice(0, count)
      .map(({ url: address, title, description }) => ({ title: toPlainText(title), url: address, snippet: toPlainText(description ?? '') }));
  },
});
