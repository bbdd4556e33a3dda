import { AppError, type ErrorCode } from '../../contracts/errors.ts';
import { callTimeoutMs, type Endpoint, toShownUrl } from './endpoint.ts';
import { readRetryAfterMs } from './retry-after.ts';

/** A provider's answer that is no success, in the words both clients share. */
export interface HttpFailure {
  status: number;
  headers: Headers | undefined;
  /** What the provider said, or the start of the body. */
  message: string;
}

interface Call {
  endpoint: Endpoint;
  signal: AbortSignal;
  /** Reads the client's own error class; undefined when it is another error. */
  toHttpFailure(error: unknown): HttpFailure | undefined;
  /** What only this provider says (codes, wordings); undefined leaves it to the status. */
  findCode(error: unknown, failure: HttpFailure): ErrorCode | undefined;
}

const maxMessageCharacters = 600;
const isMarkup = (text: string): boolean => /^\s*<(!doctype|html|head|body|\?xml|!--)/i.test(text);

const statusCodes: Partial<Record<number, ErrorCode>> = {
  401: 'LLM_AUTHENTICATION', 402: 'LLM_QUOTA_EXHAUSTED', 403: 'LLM_AUTHENTICATION', 404: 'LLM_MODEL_NOT_FOUND', 408: 'LLM_UNAVAILABLE', 409: 'LLM_UNAVAILABLE',
  413: 'LLM_CONTEXT_TOO_LONG', 425: 'LLM_UNAVAILABLE', 429: 'LLM_RATE_LIMITED',
};
const codeOfStatus = (status: number): ErrorCode => statusCodes[status] ?? (status >= 500 ? 'LLM_UNAVAILABLE' : 'LLM_REQUEST_INVALID');

/** What a person may read of a provider's words: one line, bounded, without the key. */
function toShownMessage(text: string, { secret }: Endpoint): string {
  const line = (secret === undefined ? text : text.replaceAll(secret, '[key]')).replace(/\s+/g, ' ').trim();
  return line.length > maxMessageCharacters ? `${line.slice(0, maxMessageCharacters).toWellFormed()}…` : line;
}

/** The answer comes from something that is not the provider's API. */
const wrongAddress = (endpoint: Endpoint, code: ErrorCode, what: string): AppError =>
  new AppError(code, `${toShownUrl(endpoint.baseUrl)} answered with ${what} instead of an answer of the ${endpoint.api} API. Check ${endpoint.baseUrlSetting}.`);

function toHttpError(call: Call, error: unknown, failure: HttpFailure): AppError {
  const { endpoint } = call;
  const { status } = failure;
  const code = call.findCode(error, failure) ?? codeOfStatus(status);
  const isProvidersOwn = !isMarkup(failure.message);
  if (status >= 300 && status < 400) return wrongAddress(endpoint, 'LLM_REQUEST_INVALID', `a redirect (HTTP ${status})`);
  if (!isProvidersOwn && status < 500 && status !== 429 && status !== 408) return wrongAddress(endpoint, code, `a web page (HTTP ${status})`);
  const retryAfterMs = readRetryAfterMs(failure.headers);
  const said = isProvidersOwn ? `: ${toShownMessage(failure.message, endpoint)}` : ' with a web page.';
  const hint = code === 'LLM_AUTHENTICATION' ? ` Check ${endpoint.keySetting}.` : status === 404 ? ` If the model's name is right, check ${endpoint.baseUrlSetting} (${toShownUrl(endpoint.baseUrl)}).` : '';
  return new AppError(code, `${endpoint.label} answered HTTP ${status}${said}${hint}`, { cause: error, details: { status, ...(retryAfterMs === undefined ? {} : { retry_after_ms: retryAfterMs }) } });
}

/** The innermost reason of a failed fetch, e.g. `ECONNREFUSED`: clients and fetch wrap it twice. */
function reasonOf(error: unknown): string {
  let current = error;
  for (let depth = 0; depth < 5 && current instanceof Error && current.cause instanceof Error; depth++) current = current.cause;
  if (!(current instanceof Error)) return 'no answer';
  const { code } = current as Error & { code?: unknown };
  return typeof code === 'string' && !current.message.includes(code) ? `${code}: ${current.message}` : current.message;
}

function toLlmError(call: Call, error: unknown): AppError {
  if (error instanceof AppError) return error;
  const { endpoint } = call;
  const failure = call.toHttpFailure(error);
  if (failure !== undefined) return toHttpError(call, error, failure);
  // What follows is no answer with a status: a body that is not JSON, a body that was cut, a connection that failed.
  if (error instanceof SyntaxError) return new AppError('LLM_RESPONSE_INVALID', `${endpoint.label} sent a body that is not JSON.`, { cause: error });
  return new AppError('LLM_UNAVAILABLE', `${endpoint.label} at ${toShownUrl(endpoint.baseUrl)} gave no complete answer: ${toShownMessage(reasonOf(error), endpoint)}`, { cause: error });
}

/**
 * Sends one request and turns whatever goes wrong into an LLM_* code. Aborting gives the request up at once and throws the signal's
 * reason. A body that is text is read as JSON, since some servers forget the content type.
 */
export async function callProvider(call: Call, send: (signal: AbortSignal) => Promise<unknown>): Promise<unknown> {
  call.signal.throwIfAborted();
  const timeout = AbortSignal.timeout(callTimeoutMs);
  let body: unknown;
  try {
    body = await send(AbortSignal.any([call.signal, timeout]));
  } catch (error) {
    call.signal.throwIfAborted();
    if (timeout.aborted) throw new AppError('LLM_UNAVAILABLE', `${call.endpoint.label} did not finish its answer within ${callTimeoutMs / 60_000} minutes.`, { cause: error });
    throw toLlmError(call, error);
  }
  if (typeof body !== 'string') return body;
  if (isMarkup(body)) throw wrongAddress(call.endpoint, 'LLM_REQUEST_INVALID', 'a web page');
  try {
    return JSON.parse(body);
  } catch (error) {
    throw new AppError('LLM_RESPONSE_INVALID', `${call.endpoint.label} sent a body that is not JSON.`, { cause: error });
  }
}
