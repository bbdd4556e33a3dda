import { parseCookie, stringifySetCookie } from 'cookie';
import type { Request, Response } from 'express';
import type { Config } from '../../platform/config.ts';

const name = 'maestro_renewal';

/** Out of scripts' reach, never sent along from other sites, to these routes alone, and over HTTPS only where that is spoken. */
const attributes = ({ publicUrl }: Config['http']) =>
  ({ name, path: '/api/auth', httpOnly: true, sameSite: 'strict', secure: publicUrl?.startsWith('https:') === true }) as const;

export const readRenewalToken = (request: Request): string | undefined => parseCookie(request.headers.cookie ?? '')[name];

export function setRenewalCookie(response: Response, http: Config['http'], { renewalToken, expiresAt }: { renewalToken: string; expiresAt: Date }): void {
  const maxAge = Math.max(0, Math.floor((expiresAt.getTime() - Date.now()) / 1000));
  response.append('set-cookie', stringifySetCookie({ ...attributes(http), value: renewalToken, maxAge }));
}

export function clearRenewalCookie(response: Response, http: Config['http']): void {
  response.append('set-cookie', stringifySetCookie({ ...attributes(http), value: '', maxAge: 0 }));
}
