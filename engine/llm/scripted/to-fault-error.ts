import { AppError, type ErrorCode } from '../../../contracts/errors.ts';
import { codeOfStatus } from '../call-provider.ts';
import { findContextLimit, isAboutContext } from '../find-context-limit.ts';
import { readRetryAfterMs } from '../retry-after.ts';
import type { Fault } from './script.ts';

const kinds: Record<NonNullable<Fault['kind']>, { code: ErrorCode; what: string }> = {
  hang_before_first_byte: { code: 'LLM_UNAVAILABLE', what: 'nothing is answered' },
  stall_mid_stream: { code: 'LLM_UNAVAILABLE', what: 'the answer stalls' },
  cut_mid_stream: { code: 'LLM_UNAVAILABLE', what: 'the answer is cut in the middle' },
  malformed: { code: 'LLM_RESPONSE_INVALID', what: 'the answer is no JSON' },
  html: { code: 'LLM_REQUEST_INVALID', what: 'a web page is answered' },
  slow: { code: 'LLM_UNAVAILABLE', what: 'the answer takes its time' },
};

/** What a body says that its status alone does not. */
function codeOf({ status = 200, kind, body }: Fault): ErrorCode {
  const said = JSON.stringify(body ?? '');
  if (status === 429 && said.includes('insufficient_quota')) return 'LLM_QUOTA_EXHAUSTED';
  if (status === 400 && isAboutContext(said)) return 'LLM_CONTEXT_TOO_LONG';
  if (kind !== undefined && (kind !== 'html' || status < 500)) return kinds[kind].code;
  return codeOfStatus(status);
}

/** The error a fault is to whoever plays scripts in-process: of the same code and delay as over HTTP, but honest about its origin. */
export function toFaultError(script: string, fault: Fault): AppError {
  const { status, kind, headers, body } = fault;
  const code = codeOf(fault);
  const retryAfterMs = readRetryAfterMs(new Headers(headers));
  const maxTokens = code === 'LLM_CONTEXT_TOO_LONG' ? findContextLimit(JSON.stringify(body ?? '')) : undefined;
  const what = [...(status === undefined ? [] : [`HTTP ${status}`]), ...(kind === undefined ? [] : [kinds[kind].what])].join(', ');
  return new AppError(code, `The script "${script}" plays a fault: ${what}.`, {
    details: { ...(status === undefined ? {} : { status }), ...(retryAfterMs === undefined ? {} : { retry_after_ms: retryAfterMs }), ...(maxTokens === undefined ? {} : { max_tokens: maxTokens }) },
  });
}
