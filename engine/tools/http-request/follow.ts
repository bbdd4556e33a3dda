import { AppError } from '../../../contracts/errors.ts';
import { maxRunFileBytes } from '../../../contracts/run-files.ts';
import { spellingsOf } from '../../../platform/secret-spellings.ts';
import type { ToolCallContext } from '../tool.ts';
import { type AddressGuard, checkedAddressesOf } from './address-guard.ts';
import { type HttpRequestArguments, isReading, methodOf, problemOfUrl, redirectsOf, urlOf } from './arguments.ts';
import { isTextType } from './body-text.ts';
import { exchangeHttp, type HttpAnswer } from './exchange.ts';
import { acceptedEncodings } from './read-body.ts';
import { revealRequest } from './reveal-request.ts';

export interface FollowedAnswer {
  /** Where the answer came from, as it may be shown: without secrets. */
  url: URL;
  answer: HttpAnswer;
  /** Addresses that redirected, first to last. */
  redirectedFrom: string[];
}

/** Bytes of a text a model may page through; files have a cap of their own. */
export const maxTextBytes = 5_000_000;

const redirectStatuses = new Set([301, 302, 303, 307, 308]);
/** Those that stay when a redirect leads to another origin. */
const harmlessHeaders = new Set(['accept', 'accept-language']);
/** In any usual spelling: another server writes a secret its own way. Short values, found in any address, have none. */
const carries = (address: string, values: Iterable<string>): boolean => [...values].some((value) => spellingsOf({ label: '', value }).some((spelling) => address.includes(spelling)));

/** Where a redirect leads. Throws TOOL_FAILED when that is nowhere, TOOL_REFUSED when nobody may go there. */
function nextUrl(url: URL, location: string, secrets: Iterable<string>): URL {
  if (!URL.canParse(location, url.href)) throw new AppError('TOOL_FAILED', `${url.host} redirects to something that is no URL.`);
  const next = new URL(location, url.href);
  const problem = problemOfUrl(next.href);
  if (problem !== undefined) throw new AppError('TOOL_REFUSED', `${url.host} redirects to a URL that ${problem}.`);
  if (next.origin !== url.origin && carries(next.href, secrets)) throw new AppError('TOOL_REFUSED', `${url.host} redirects to ${next.host} with a secret in the address; it was not followed.`);
  return next;
}

/**
 * Sends a request and follows a reading one to its end, checking each address anew; other methods get the redirect itself as their
 * answer. Secrets are put in hop by hop, never into an address the other side wrote. Throws TOOL_REFUSED, TOOL_FAILED,
 * TOOL_UNAVAILABLE, TOOL_TIMEOUT, TOOL_NOT_CONFIGURED, or the signal's reason.
 */
export async function sendAndFollow(args: HttpRequestArguments, guard: AddressGuard, context: ToolCallContext): Promise<FollowedAnswer> {
  const { signal } = context;
  const limit = redirectsOf(args);
  const redirectedFrom: string[] = [];
  /** Every secret sent so far: what one redirect brings into the address, the next one may take away. */
  const sent = new Set<string>();
  let url = urlOf(args);
  let headers = Object.fromEntries(Object.entries(args.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
  for (;;) {
    const addresses = await checkedAddressesOf(url, guard, signal);
    signal.throwIfAborted();
    const { values, ...revealed } = await revealRequest({ url, headers, body: args.body }, redirectedFrom.length === 0, context.revealSecrets);
    for (const value of values) sent.add(value);
    const answer = await exchangeHttp(
      {
        ...revealed, method: methodOf(args),
        headers: { accept: '*/*', 'user-agent': 'Maestro', ...revealed.headers, 'accept-encoding': acceptedEncodings, ...(isReading(args) ? {} : { 'idempotency-key': context.idempotencyKey }) },
      },
      addresses,
      {
        signal, keepsBrokenBody: !isReading(args),
        maxBytesOf: (contentType) => (isTextType(contentType) ? maxTextBytes : maxRunFileBytes),
        beforeSending: () => (isReading(args) ? Promise.resolve() : context.confirmClaim()),
      },
    );
    const location = answer.headers['location'];
    if (limit === 0 || location === undefined || !redirectStatuses.has(answer.status)) return { url, answer, redirectedFrom };
    if (redirectedFrom.length === limit) throw new AppError('TOOL_FAILED', `${url.host} redirects more than ${limit === 1 ? 'once' : `${limit} times`}.`);
    const next = nextUrl(url, location, sent);
    if (next.origin !== url.origin) headers = Object.fromEntries(Object.entries(headers).filter(([name]) => harmlessHeaders.has(name)));
    redirectedFrom.push(url.href);
    url = next;
  }
}
