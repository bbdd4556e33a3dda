import { lookup } from 'node:dns/promises';
import ipaddr from 'ipaddr.js';
import { AppError } from '../../../contracts/errors.ts';

export interface CheckedAddress {
  address: string;
  family: 4 | 6;
}

const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');
/** Azure's host agent: a public address by its number, but it answers a machine there with the machine's own secrets. */
const hostAgents: ReadonlySet<string> = new Set(['168.63.129.16']);

/**
 * Whether an address belongs to the public internet. Everything that is not plainly global unicast is refused: private, loopback,
 * link-local (cloud metadata), carrier NAT, multicast, documentation, and every IPv6 form that carries an IPv4 address inside
 * (mapped, compatible, NAT64, 6to4, Teredo), since where those end up is decided elsewhere.
 * @see https://www.iana.org/assignments/iana-ipv4-special-registry/ and iana-ipv6-special-registry (2026-11)
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.parse(text);
  if (address.range() !== 'unicast') return false;
  if (address.kind() === 'ipv6' && !(address as ipaddr.IPv6).match(globalUnicast)) return false;
  return !hostAgents.has(address.toString());
}

/** Admin's exceptions: `host` or `host:port`, lower case; an IPv6 address in brackets. */
const isAllowedHost = (url: URL, allowHosts: readonly string[]): boolean => {
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  return allowHosts.some((entry) => entry.toLowerCase() === url.hostname || entry.toLowerCase() === `${url.hostname}:${port}`);
};

export type Resolve = (hostname: string) => Promise<readonly { address: string; family: number }[]>;
/** The system's own resolver, hosts file included: what a connection would use. */
const resolveAll: Resolve = (hostname) => lookup(hostname, { all: true, verbatim: true });

/**
 * The addresses a request to this URL may connect to. One address that is not public is enough to refuse: a name that answers with
 * both is an attack or a mistake. Throws TOOL_REFUSED, TOOL_FAILED (no such host), TOOL_UNAVAILABLE (resolver out of reach); all say
 * that nothing was sent.
 */
export async function checkedAddressesOf(url: URL, allowHosts: readonly string[], resolve: Resolve = resolveAll): Promise<CheckedAddress[]> {
  const details = { not_sent: true };
  const hostname = url.hostname.replace(/^\[(.*)\]$/, '$1');
  let addresses;
  try {
    addresses = ipaddr.isValid(hostname) ? [{ address: hostname, family: ipaddr.parse(hostname).kind() === 'ipv4' ? 4 : 6 }] : await resolve(hostname);
  } catch (cause) {
    const isTemporary = (cause as NodeJS.ErrnoException).code === 'EAI_AGAIN';
    throw new AppError(isTemporary ? 'TOOL_UNAVAILABLE' : 'TOOL_FAILED', `The host ${url.hostname} cannot be found.`, { cause, details });
  }
  if (addresses.length === 0) throw new AppError('TOOL_FAILED', `The host ${url.hostname} has no address.`, { details });
  if (!isAllowedHost(url, allowHosts) && !addresses.every(({ address }) => isPublicAddress(address))) {
    throw new AppError('TOOL_REFUSED', `The host ${url.hostname} is not on the public internet; an admin has to allow it first.`, { details });
  }
  return addresses.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
}
