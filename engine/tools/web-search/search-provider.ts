import type { z } from 'zod';
import { AppError } from '../../../contracts/errors.ts';
import { toPlainText } from './plain-text.ts';

export interface SearchResult {
  /** Plain text, as are all texts of a result. */
  title: string;
  url: string;
  snippet: string;
}

/** A search engine. Throws AppError: TOOL_NOT_CONFIGURED (no key, or it was refused), TOOL_UNAVAILABLE, TOOL_FAILED, or the signal's reason. */
export interface SearchProvider {
  name: string;
  /** Where it is asked. */
  baseUrl: string;
  search(query: string, options: { count: number; signal: AbortSignal }): Promise<SearchResult[]>;
  /** The status it answers with when it is asked for nothing; undefined for an engine whose every call costs. */
  check?(signal: AbortSignal): Promise<number>;
}

/** How an engine is reached. `apiKey` is asked for at each search, so that a changed secret counts at once. */
export interface SearchAccess {
  /** Default: the engine's own. */
  baseUrl?: string;
  apiKey: () => Promise<string>;
  /** Where an admin finds the key, in words: `TAVILY_API_KEY`, `the secret tavily`. */
  keyName: string;
}

const maxAnswerBytes = 4_000_000;

async function readText(response: Response, name: string): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > maxAnswerBytes) throw new AppError('TOOL_FAILED', `${name} sent an answer that is too large.`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

const maxWaitSeconds = 3_600;
/** Milliseconds the engine asks to wait, where it does: a number of seconds or a date, or Brave's windows ("1, 1419704": the next second, the next month). */
function retryAfterOf(headers: Headers): Record<string, unknown> {
  const text = headers.get('retry-after') ?? headers.get('x-ratelimit-reset')?.split(',')[0] ?? '';
  const seconds = /^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) : (Date.parse(text) - Date.now()) / 1_000;
  return Number.isFinite(seconds) && seconds <= maxWaitSeconds ? { details: { retry_after_ms: Math.max(0, Math.ceil(seconds * 1_000)) } } : {};
}

/** Statuses by which an engine says that what was paid for is used up; waiting does not help. 432 and 433 are Tavily's. */
const usedUpStatuses: ReadonlySet<number> = new Set([402, 432, 433]);

const toUsedUp = (name: string): AppError => new AppError('TOOL_NOT_CONFIGURED', `The account at ${name} has no searches left. An admin has to look at its plan.`);

async function checkStatus(response: Response, { name, refusedHint }: { name: string; refusedHint: string }): Promise<void> {
  const { status, headers } = response;
  if (status === 429) throw new AppError('TOOL_UNAVAILABLE', `${name} is limiting requests.`, retryAfterOf(headers));
  if (status === 401 || status === 403) throw new AppError('TOOL_NOT_CONFIGURED', `${name} does not let Maestro in. ${refusedHint}`);
  if (usedUpStatuses.has(status)) throw toUsedUp(name);
  if (status >= 500) throw new AppError('TOOL_UNAVAILABLE', `${name} answered ${status}.`, retryAfterOf(headers));
  if (status >= 300 && status < 400) throw new AppError('TOOL_FAILED', `${name} redirects elsewhere; an admin has to check its address.`);
  // Some say it only in words.
  if (status === 400 && /\b(credits?|quota)\b/i.test(await readText(response, name))) throw toUsedUp(name);
  if (status !== 200) throw new AppError('TOOL_FAILED', `${name} answered ${status}.`);
}

export interface SearchRequest<Answer> {
  url: URL;
  name: string;
  headers?: Record<string, string>;
  /** Sent as JSON by POST; without it the request is a GET. */
  body?: Record<string, unknown>;
  signal: AbortSignal;
  /** What to check when the engine does not let Maestro in, as a sentence. */
  refusedHint: string;
  /** What of an answer is read; the rest of it may be anything. */
  answerSchema: z.ZodType<Answer>;
}

/**
 * Asks an address the admin configured, and reads its JSON. Takes as long as the signal lets it. Throws what {@link SearchProvider} says.
 */
export async function fetchSearch<Answer>({ url, name, headers = {}, body, signal, refusedHint, answerSchema }: SearchRequest<Answer>): Promise<Answer> {
  let text: string;
  try {
    // A redirect would carry the key to wherever it leads.
    const response = await fetch(url, {
      headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers }, redirect: 'manual', signal, ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    });
    try {
      await checkStatus(response, { name, refusedHint });
      text = await readText(response, name);
    } catch (error) {
      await response.body?.cancel().catch(() => {});
      throw error;
    }
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof AppError) throw cause;
    throw new AppError('TOOL_UNAVAILABLE', `${name} cannot be reached at the moment.`, { cause });
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // Not as a cause: what cannot be parsed would be quoted there.
    throw new AppError('TOOL_FAILED', `${name} sent something that is not JSON.`);
  }
  const answer = answerSchema.safeParse(json);
  if (!answer.success) throw new AppError('TOOL_FAILED', `${name} sent an answer that cannot be read.`);
  return answer.data;
}

/** An address below the engine's own, which may have a path: a proxy's, or an instance's. */
export const toSearchUrl = (baseUrl: string, path: string): URL => new URL(`${baseUrl.replace(/\/+$/, '')}${path}`);

/** Results as the tool gives them: what is no result is left out, no more than `count`, every text plain. */
export const toResults = (entries: readonly ({ url: string; title?: string | null | undefined; snippet?: string | null | undefined } | null)[], count: number): SearchResult[] =>
  entries.filter((entry) => entry !== null).slice(0, count).map(({ url, title, snippet }) => ({ title: toPlainText(title ?? ''), url, snippet: toPlainText(snippet ?? '') }));
