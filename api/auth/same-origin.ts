import type { Request } from 'express';
import { AppError } from '../../contracts/errors.ts';
import type { Config } from '../../platform/config.ts';

const hostOf = (origin: string): string | undefined => (URL.canParse(origin) ? new URL(origin).host : undefined);

/**
 * Refuses requests that a browser sends on behalf of another origin, for routes that a cookie alone opens. SameSite does not
 * tell ports of one host apart; these headers do, and scripts cannot forge them. Programs that are no browsers send neither and
 * carry no cookie they were not given. Throws FORBIDDEN.
 * @see https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site
 */
export function requireSameOrigin(request: Request, { publicUrl }: Config['http']): void {
  const site = request.get('sec-fetch-site');
  if (site !== undefined) {
    if (site !== 'same-origin' && site !== 'none') throw new AppError('FORBIDDEN', 'This address only answers to its own pages.');
    return;
  }
  const origin = request.get('origin');
  if (origin === undefined) return;
  const own = [request.get('host'), publicUrl === undefined ? undefined : hostOf(publicUrl)];
  const host = hostOf(origin);
  if (host === undefined || !own.includes(host)) throw new AppError('FORBIDDEN', 'This address only answers to its own pages.');
}
