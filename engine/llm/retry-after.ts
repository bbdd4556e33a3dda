/** Longer waits than this are cut: a person should see that the run waits, not find it asleep. */
const maxDelayMs = 60 * 60 * 1000;

/**
 * The delay a provider asks for, in milliseconds: `retry-after-ms`, or `retry-after` as seconds or as a date. Undefined when there is
 * none that can be read.
 * @see https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function readRetryAfterMs(headers: Headers | undefined, now = Date.now()): number | undefined {
  const bounded = (ms: number): number | undefined => (Number.isFinite(ms) ? Math.min(maxDelayMs, Math.max(0, Math.ceil(ms))) : undefined);
  const inMs = headers?.get('retry-after-ms')?.trim();
  if (inMs !== undefined && /^\d+(\.\d+)?$/.test(inMs)) return bounded(Number(inMs));
  const text = headers?.get('retry-after')?.trim();
  if (text === undefined || text === '') return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return bounded(Number(text) * 1000);
  return /^[A-Za-z]{3,9}, /.test(text) ? bounded(Date.parse(text) - now) : undefined;
}
