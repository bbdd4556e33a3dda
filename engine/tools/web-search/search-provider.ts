import { AppError } from '../../../contracts/errors.ts';

interface SearchResult {
  title: string;
  url: string;
  snippet: string;
}

/** A search engine. Throws AppError: TOOL_NOT_CONFIGURED (key refused), TOOL_UNAVAILABLE, TOOL_FAILED, or the signal's reason. */
export interface SearchProvider {
  name: string;
  search(query: string, options: { count: number; signal: AbortSignal }): Promise<SearchResult[]>;
}

const maxAnswerBytes = 4_000_000;
const timeoutMs = 20_000;

async function readText(response: Response, name: string): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > maxAnswerBytes) throw new AppError('TOOL_FAILED', `${name} sent an answer that is too large.`);
  }
  return text;
}

/** Milliseconds the engine asks to wait, where it does. */
const retryAfterOf = (headers: Headers): Record<string, unknown> => {
  const seconds = Number(headers.get('retry-after') ?? headers.get('x-ratelimit-reset')?.split(',')[0] ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 && seconds <= 3_600 ? { details: { retry_after_ms: seconds * 1_000 } } : {};
};

/** Asks an address the admin configured for JSON. `refusedHint` says what to check when the engine does not let Maestro in. */
export async function fetchSearchJson(url: URL, { name, headers, signal, refusedHint }: { name: string; headers: Record<string, string>; signal: AbortSignal; refusedHint: string }): Promise<unknown> {
  const deadline = AbortSignal.timeout(timeoutMs);
  let status: number;
  let text: string;
  try {
    // A redirect would carry the key to wherever it leads.
    const response = await fetch(url, { headers: { accept: 'application/json', ...headers }, redirect: 'error', signal: AbortSignal.any([signal, deadline]) });
    status = response.status;
    if (status === 429) throw new AppError('TOOL_UNAVAILABLE', `${name} is limiting requests.`, retryAfterOf(response.headers));
    text = await readText(response, name);
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof AppError) throw cause;
    throw new AppError('TOOL_UNAVAILABLE', `${name} cannot be reached at the moment.`, { cause });
  }
  if (status === 401 || status === 403) throw new AppError('TOOL_NOT_CONFIGURED', `${name} does not let Maestro in. ${refusedHint}`);
  if (status >= 500) throw new AppError('TOOL_UNAVAILABLE', `${name} answered ${status}.`);
  if (status !== 200) throw new AppError('TOOL_FAILED', `${name} answered ${status}.`);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError('TOOL_FAILED', `${name} sent something that is not JSON.`, { cause });
  }
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", '#x27': "'", nbsp: ' ' };

/** Plain text of a title or snippet, which engines send with emphasis and entities in it. */
export const toPlainText = (html: string): string =>
  html.replace(/<[^<>]*>/g, '').replace(/&([a-z]+|#\d+|#x[0-9a-f]+);/gi, (whole, name: string) => entities[name.toLowerCase()] ?? whole).replace(/\s+/g, ' ').trim();
