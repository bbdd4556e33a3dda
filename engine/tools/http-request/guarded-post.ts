import { type AddressGuard, checkedAddressesOf } from './address-guard.ts';
import { exchangeHttp } from './exchange.ts';

export interface GuardedPost {
  url: URL;
  /** By lower-case name. */
  headers: Record<string, string>;
  body: string;
}

/**
 * One POST of Maestro's own to an address somebody wrote, kept off every network but the public internet like the requests of agents. A
 * redirect is not followed but answered as its status; of the body nothing is read. Throws TOOL_REFUSED, TOOL_FAILED,
 * TOOL_UNAVAILABLE, TOOL_TIMEOUT, or the signal's reason.
 */
export async function postGuarded({ url, headers, body }: GuardedPost, guard: AddressGuard, signal: AbortSignal): Promise<{ status: number }> {
  const addresses = await checkedAddressesOf(url, guard, signal);
  const { status } = await exchangeHttp(
    { url, method: 'POST', headers: { 'user-agent': 'Maestro', ...headers }, body },
    addresses,
    { signal, maxBytesOf: () => 0, beforeSending: () => Promise.resolve(), keepsBrokenBody: true },
  );
  return { status };
}
