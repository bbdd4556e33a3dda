import { AppError, type ErrorCode } from '../../contracts/errors.ts';
import { toLine } from '../../platform/shorten.ts';
import { type AnswerSink, createAnswerSink } from './answer-sink.ts';
import { type AnswerTimeouts, type Endpoint, providerFetch, toShownUrl } from './endpoint.ts';
import { findContextLimit } from './find-context-limit.ts';
import type { GenerateOptions, ModelResponse, ProviderLimits } from './language-model.ts';
import { type AnswerStream, openAnswer } from './open-answer.ts';
import { readRetryAfterMs } from './retry-after.ts';
import { type SilenceWatch, watchSilence } from './silence-watch.ts';

/** A provider's answer that is no success, in the words both clients share. */
export interface HttpFailure {
  status: number;
  headers: Headers | undefined;
  /** What the provider said, or the start of the body. */
  message: string;
  /** It came within an answer that had begun as a success; `status` is what it would have been else. */
  isWithinAnswer?: boolean;
}

/** What is different between providers about one request and its answer. */
export interface ProviderCall {
  endpoint: Endpoint;
  timeouts: AnswerTimeouts;
  options: GenerateOptions;
  /** Sends the request with this fetch, and resolves once the headers of a success are there. */
  send(fetch: typeof globalThis.fetch): Promise<Response>;
  /** Reads a stream with the client's own reader into the body a server would have sent at once, telling the sink what it says. */
  readStream(stream: AnswerStream, sink: AnswerSink): Promise<unknown>;
  /** Looks at the body of a server that does not stream: some send errors as a success. */
  readWhole(body: unknown, headers: Headers): unknown;
  toResponse(body: unknown): ModelResponse;
  /** Matches the end of a stream that says it is whole. */
  endMark: RegExp;
  toLimits(headers: Headers): ProviderLimits | undefined;
  /** Reads the client's own error class; undefined when it is another error. */
  toHttpFailure(error: unknown): HttpFailure | undefined;
  /** What only this provider says (codes, wordings); undefined leaves it to the status. */
  findCode(error: unknown, failure: HttpFailure): ErrorCode | undefined;
}

/** What errors need to know of a call. */
type Context = Pick<ProviderCall, 'endpoint' | 'toHttpFailure' | 'findCode'>;

const maxMessageCharacters = 600;
/** An error answer is read no further. */
const maxErrorBytes = 256_000;
/** Whether a body begins like a web page, or some other document that is no JSON. */
export const isMarkup = (text: string): boolean => /^\s*<(!doctype|html|head|body|\?xml|!--)/i.test(text);

const statusCodes: Partial<Record<number, ErrorCode>> = {
  401: 'LLM_AUTHENTICATION', 402: 'LLM_QUOTA_EXHAUSTED', 403: 'LLM_AUTHENTICATION', 404: 'LLM_MODEL_NOT_FOUND', 408: 'LLM_UNAVAILABLE', 409: 'LLM_UNAVAILABLE',
  413: 'LLM_CONTEXT_TOO_LONG', 425: 'LLM_UNAVAILABLE', 429: 'LLM_RATE_LIMITED',
};
/** What a status means where a provider's own codes say nothing. */
export const codeOfStatus = (status: number): ErrorCode => statusCodes[status] ?? (status >= 500 ? 'LLM_UNAVAILABLE' : 'LLM_REQUEST_INVALID');

/** Shorter keys are no secrets (`none`, `x`) but words any request may hold. */
const shortestSecret = 8;

/** A request's body as it may be kept: without the connection's key, should somebody have pasted it into a goal. */
const withoutSecret = (text: string, { secret }: Pick<Endpoint, 'secret'>): string =>
  secret === undefined || secret.length < shortestSecret ? text : text.replaceAll(secret, '[key]');

/** What a person may read of a provider's words: one line, bounded, without the key. */
function toShownMessage(text: string, { secret }: Endpoint): string {
  return toLine(secret === undefined ? text : text.replaceAll(secret, '[key]'), maxMessageCharacters);
}

/** The answer comes from something that is not the provider's API. */
const wrongAddress = (endpoint: Endpoint, code: ErrorCode, what: string): AppError =>
  new AppError(code, `${toShownUrl(endpoint.baseUrl)} answered with ${what} instead of an answer of the ${endpoint.api} API. Check ${endpoint.baseUrlSetting}.`);

const notJson = (endpoint: Endpoint, what: string, cause: unknown): AppError => new AppError('LLM_RESPONSE_INVALID', `${endpoint.label} sent ${what} that is not JSON.`, { cause });

/** A stream that ended before the API's mark of its end, whatever had arrived of it. */
export const cutAnswer = ({ label }: Endpoint, cause?: unknown): AppError => new AppError('LLM_UNAVAILABLE', `${label} broke off in the middle of its answer.`, { cause });

function toHttpError(context: Context, error: unknown, failure: HttpFailure): AppError {
  const { endpoint } = context;
  const { status, isWithinAnswer = false } = failure;
  const code = context.findCode(error, failure) ?? codeOfStatus(status);
  const isProvidersOwn = !isMarkup(failure.message);
  if (status >= 300 && status < 400) return wrongAddress(endpoint, 'LLM_REQUEST_INVALID', `a redirect (HTTP ${status})`);
  if (!isProvidersOwn && status < 500 && status !== 429 && status !== 408) return wrongAddress(endpoint, code, `a web page (HTTP ${status})`);
  const retryAfterMs = isWithinAnswer ? undefined : readRetryAfterMs(failure.headers);
  const maxTokens = code === 'LLM_CONTEXT_TOO_LONG' ? findContextLimit(failure.message) : undefined;
  const said = isProvidersOwn ? `: ${toShownMessage(failure.message, endpoint)}` : ' with a web page.';
  const hint = code === 'LLM_AUTHENTICATION' ? ` Check ${endpoint.keySetting}.` : status === 404 ? ` If the model's name is right, check ${endpoint.baseUrlSetting} (${toShownUrl(endpoint.baseUrl)}).` : '';
  return new AppError(code, `${endpoint.label} ${isWithinAnswer ? 'reported an error in its answer' : `answered HTTP ${status}`}${said}${hint}`, {
    cause: error,
    details: {
      ...(isWithinAnswer ? {} : { status }),
      ...(retryAfterMs === undefined ? {} : { retry_after_ms: retryAfterMs }),
      ...(maxTokens === undefined ? {} : { max_tokens: maxTokens }),
    },
  });
}

/** The innermost reason of a failed fetch, e.g. `ECONNREFUSED`: clients and fetch wrap it twice. */
function reasonOf(error: unknown): string {
  let current = error;
  for (let depth = 0; depth < 5 && current instanceof Error && current.cause instanceof Error; depth++) current = current.cause;
  if (!(current instanceof Error)) return 'no answer';
  const { code } = current as Error & { code?: unknown };
  return typeof code === 'string' && !current.message.includes(code) ? `${code}: ${current.message}` : current.message;
}

function toLlmError(context: Context, error: unknown): AppError {
  if (error instanceof AppError) return error;
  const { endpoint } = context;
  const failure = context.toHttpFailure(error);
  if (failure !== undefined) return toHttpError(context, error, failure);
  // What follows is no answer with a status: a body that was cut, a connection that failed.
  return new AppError('LLM_UNAVAILABLE', `${endpoint.label} at ${toShownUrl(endpoint.baseUrl)} gave no complete answer: ${toShownMessage(reasonOf(error), endpoint)}`, { cause: error });
}

/** An error answer with no more of its body than an error needs. */
async function boundError(response: Response): Promise<Response> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk as Uint8Array);
    size += (chunk as Uint8Array).length;
    if (size > maxErrorBytes) break;
  }
  const hasBody = response.status >= 200 && ![204, 205, 304].includes(response.status);
  return new Response(hasBody ? Buffer.concat(chunks).subarray(0, maxErrorBytes) : null, { status: response.status, headers: response.headers });
}

/** What the client is given to send with: tells what goes on the wire and what the answer's headers say, and ends with the signal. */
const observedFetch = (call: ProviderCall, signal: AbortSignal, watch: SilenceWatch): typeof globalThis.fetch => async (input, init) => {
  call.options.onRequest?.({ url: toShownUrl(input instanceof Request ? input.url : String(input)), body: typeof init?.body === 'string' ? withoutSecret(init.body, call.endpoint) : '' });
  const response = await providerFetch(input, { ...init, signal });
  watch.heard();
  const limits = call.toLimits(response.headers);
  if (limits !== undefined) call.options.onLimits?.(limits);
  return response.ok ? response : boundError(response);
};

function parseWhole(text: string, endpoint: Endpoint): unknown {
  if (isMarkup(text)) throw wrongAddress(endpoint, 'LLM_REQUEST_INVALID', 'a web page');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw notJson(endpoint, 'a body', error);
  }
}

async function readBody(call: ProviderCall, response: Response, watch: SilenceWatch, sink: AnswerSink): Promise<unknown> {
  const answer = await openAnswer(response, { watch, endMark: call.endMark });
  if (!answer.isStream) return call.readWhole(parseWhole(answer.text, call.endpoint), response.headers);
  const { stream } = answer;
  try {
    return await call.readStream(stream, sink);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw stream.isCutWithinLine() ? cutAnswer(call.endpoint, error) : notJson(call.endpoint, 'an event', error);
  }
}

/**
 * Sends one request, reads its answer, and turns whatever goes wrong into an LLM_* code. Aborting gives the request up at once and
 * throws the signal's reason; silence and slowness end as LLM_UNAVAILABLE.
 */
export async function callProvider(call: ProviderCall): Promise<ModelResponse> {
  const { signal } = call.options;
  signal.throwIfAborted();
  const watch = watchSilence(call.timeouts, call.endpoint.label);
  // The clients end a stream in silence when it was aborted, so the signals are asked after every outcome.
  const throwIfGivenUp = (): void => {
    signal.throwIfAborted();
    watch.signal.throwIfAborted();
  };
  try {
    const response = await call.send(observedFetch(call, AbortSignal.any([signal, watch.signal]), watch));
    const sink = createAnswerSink(call.options.onDelta, watch.speaks);
    const body = await readBody(call, response, watch, sink);
    throwIfGivenUp();
    const answer = call.toResponse(body);
    sink.finish(answer);
    return answer;
  } catch (error) {
    throwIfGivenUp();
    throw toLlmError(call, error);
  } finally {
    watch.end();
  }
}
