import type { Request } from 'express';
import ipaddr from 'ipaddr.js';

/** The caller's network: an IPv4 address, or the /64 an IPv6 address lies in, since one customer has all of that. */
export function clientAddressOf(request: Pick<Request, 'ip'>): string | undefined {
  if (request.ip === undefined || !ipaddr.isValid(request.ip)) return undefined;
  const address = ipaddr.process(request.ip);
  return address instanceof ipaddr.IPv6 ? address.parts.slice(0, 4).map((part) => part.toString(16)).join(':') : address.toString();
}
