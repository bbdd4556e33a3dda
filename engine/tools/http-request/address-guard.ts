import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { AppError } from '../../../contracts/errors.ts';
import { untilAborted } from '../../../platform/until-aborted.ts';
import { isHostMatch } from '../../secrets/index.ts';
import type { HttpRequestSettings } from './settings.ts';

export interface CheckedAddress {
  address: string;
  family: 4 | 6;
}

const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');
/** Azure's host agent: a public address by its number, but it answers a machine there with the machine's own secrets. */
const hostAgents: ReadonlySet<string> = new Set(['168.63.129.16']);

/**
 * Whether an address belongs to the public internet. Everything that is not plainly global unicast is refused: private, loopback,
 * link-local (cloud metadata), carrier NAT, multicast, documentation, every IPv6 form that carries an IPv4 address inside
 * (mapped, compatible, NAT64, 6to4, Teredo), since where those end up is decided elsewhere, and every spelling but the usual one
 * (zones, octal and short forms), since two parsers may read it differently.
 * @see https://www.iana.org/assignments/iana-ipv4-special-registry/ and iana-ipv6-special-registry (2026-11)
 */
export function isPublicAddress(text: string): boolean {
  if (isIP(text) === 0 || text.includes('%')) return false;
  const address = ipaddr.parse(text);
  if (address.range() !== 'unicast') return false;
  if (address.kind() === 'ipv6' && !(address as ipaddr.IPv6).match(globalUnicast)) return false;
  return !hostAgents.has(address.toString());
}

/**
 * Names that mean a machine of one's own network wherever they are asked, whatever a resolver answers.
 * @see https://www.iana.org/assignments/special-use-domain-names/ and ICANN's reservation of .internal (2024-07)
 */
const isLocalName = (hostname: string): boolean => /(^|\.)(localhost|local|internal|localdomain|home\.arpa)$/.test(hostname.replace(/\.+$/, ''));

export type Resolve = (hostname: string) => Promise<readonly { address: string; family: number }[]>;
/** The system's own resolver, hosts file included: what a connection would use. */
const resolveAll: Resolve = (hostname) => lookup(hostname, { all: true, verbatim: true });

export interface AddressGuard extends HttpRequestSettings {
  /** How names become addresses; default: the system's resolver. */
  resolve?: Resolve | undefined;
}

const details = { not_sent: true };
const matchesAny = (patterns: readonly string[], url: URL): boolean => patterns.some((pattern) => isHostMatch(pattern, url, { anyPort: true }));

/** The same URL at one of the addresses of its host, for lists that name addresses. */
function atAddress(url: URL, address: string): URL {
  const moved = new URL(url.origin);
  moved.hostname = isIP(address) === 6 ? `[${address}]` : address;
  return moved;
}

async function addressesOf(hostname: string, resolve: Resolve, signal: AbortSignal | undefined): Promise<readonly string[]> {
  if (isIP(hostname) !== 0) return [hostname];
  try {
    const resolving = resolve(hostname);
    return (await (signal === undefined ? resolving : untilAborted(resolving, signal))).map(({ address }) => address);
  } catch (cause) {
    signal?.throwIfAborted();
    const isTemporary = (cause as NodeJS.ErrnoException).code === 'EAI_AGAIN';
    throw new AppError(isTemporary ? 'TOOL_UNAVAILABLE' : 'TOOL_FAILED', `The host ${hostname} cannot be found.`, { cause, details });
  }
}

/**
 * The addresses a request to this URL may connect to. A host on the deny list is refused whatever else is set, also by an address it
 * has; then one outside a given only-list; then one that is not on the public internet, unless it is allowed by its name. One
 * address that is not public is enough to refuse: a name that answers with both is an attack or a mistake. Throws TOOL_REFUSED,
 * TOOL_FAILED (no such host), TOOL_UNAVAILABLE (resolver out of reach), all saying that nothing was sent, or the signal's reason.
 */
export async function checkedAddressesOf(url: URL, guard: AddressGuard, signal?: AbortSignal): Promise<CheckedAddress[]> {
  const { allow_private_hosts: allowPrivate, only_hosts: only, deny_hosts: deny, resolve = resolveAll } = guard;
  const hostname = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const refuse = (why: string): never => {
    throw new AppError('TOOL_REFUSED', `The host ${url.host} ${why}`, { details });
  };
  if (matchesAny(deny, url)) refuse('may not be asked: an admin denied it.');
  if (only.length > 0 && !matchesAny(only, url)) refuse('may not be asked: it is not among the hosts an admin allows.');
  const mayBePrivate = matchesAny(allowPrivate, url);
  const notPublic = 'is not on the public internet; an admin has to allow it first.';
  if (!mayBePrivate && isLocalName(hostname)) refuse(notPublic);
  const addresses = await addressesOf(hostname, resolve, signal);
  if (addresses.length === 0) throw new AppError('TOOL_FAILED', `The host ${url.hostname} has no address.`, { details });
  if (!mayBePrivate && !addresses.every(isPublicAddress)) refuse(notPublic);
  if (addresses.some((address) => isIP(address) !== 0 && matchesAny(deny, atAddress(url, address)))) refuse('may not be asked: an admin denied its address.');
  return addresses.map((address) => ({ address, family: isIP(address) === 6 ? 6 : 4 }));
}
