import type { Request } from 'express';
import ipaddr from 'ipaddr.js';

const parse = ({ ip }: Pick<Request, 'ip'>): ipaddr.IPv4 | ipaddr.IPv6 | undefined => (ip === undefined || !ipaddr.isValid(ip) ? undefined : ipaddr.process(ip));

/** The caller's address, as the audit log names where something came from. */
export const clientAddressOf = (request: Pick<Request, 'ip'>): string | undefined => parse(request)?.toString();

/** The caller's network: an IPv4 address, or the /64 an IPv6 address lies in, since one customer has all of that. */
export function clientNetworkOf(request: Pick<Request, 'ip'>): string | undefined {
  const address = parse(request);
  if (address === undefined) return undefined;
  return address instanceof ipaddr.IPv6 ? address.parts.slice(0, 4).map((part) => part.toString(16)).join(':') : address.toString();
}
