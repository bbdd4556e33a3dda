import { z } from 'zod';
import { AppError } from '../../../contracts/errors.ts';
import { fetchSearchJson, type SearchProvider, toPlainText } from './search-provider.ts';

const answerSchema = z.object({ results: z.array(z.object({ url: z.string(), title: z.string().nullish(), content: z.string().nullish() }).nullable().catch(null)) });

/**
 * SearXNG's JSON API. An instance answers 403 unless `json` stands among its `search.formats`.
 * @see https://docs.searxng.org/dev/search_api.html (2026-11)
 */
export const createSearxngProvider = (baseUrl: string): SearchProvider => ({
  name: 'SearXNG',
  async search(query, { count, signal }) {
    const url = new URL(`${baseUrl.replace(/\/+$/, '')}/search`);
    url.search = new URLSearchParams({ q: query, format: 'json' }).toString();
    const answer = answerSchema.safeParse(await fetchSearchJson(url, { name: 'SearXNG', headers: {}, signal, refusedHint: 'An admin has to allow the format "json" in its settings (search.formats).' }));
    if (!answer.success) throw new AppError('TOOL_FAILED', 'SearXNG sent an answer that cannot be read.');
    return answer.data.results.filter((result) => result !== null).slice(0, count)
      .map(({ url: address, title, content }) => ({ title: toPlainText(title ?? ''), url: address, snippet: toPlainText(content ?? '') }));
  },
});
