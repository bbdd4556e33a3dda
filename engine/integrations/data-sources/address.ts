import { refuseField } from '../../../contracts/errors.ts';

/** Ways of a connection that are offered: in the clear, or encrypted with the certificate checked. What lies between helps against nobody. */
const sslModes = ['disable', 'require', 'verify-full'];

/** Whether a part of an address can be decoded into text a server takes as a name. */
function isText(part: string): boolean {
  try {
    return !decodeURIComponent(part).includes('\0');
  } catch {
    return false;
  }
}

/**
 * An address as it is kept. It names a role and a database, and carries nothing else: other parameters of a connection string read files of
 * this machine, lead elsewhere or change settings the tool relies on. Throws VALIDATION_FAILED for the field `url`.
 */
export function toKeptAddress(text: string): string {
  const url = new URL(text);
  if (url.username === '') refuseField('url', 'Name the role to sign in as: postgres://reader@…');
  if (!/^\/[^/]+$/.test(url.pathname)) refuseField('url', 'Name the database after the host: …/shop');
  for (const part of [url.username, url.pathname]) if (!isText(part)) refuseField('url', 'Role or database is not written as text; in an address % begins a character in two hexadecimal digits.');
  if (url.hash !== '') refuseField('url', 'Leave out everything from # on.');
  if (url.hostname.includes('%')) refuseField('url', 'Write a host; sockets of this machine are not used.');
  for (const name of url.searchParams.keys()) if (name !== 'sslmode') refuseField('url', `Only sslmode may stand behind the question mark; ${name.slice(0, 40)} may not.`);
  const modes = url.searchParams.getAll('sslmode');
  if (modes.length > 1 || modes.some((mode) => !sslModes.includes(mode))) refuseField('url', `sslmode is one of ${sslModes.join(', ')}.`);
  return url.href;
}

/** Where a password belongs: host, port, role and database, whatever else an address says. */
export function placeOf(address: string): string {
  const { hostname, port, username, pathname } = new URL(address);
  return JSON.stringify([hostname.toLowerCase(), port === '' ? '5432' : port, username, pathname]);
}

/** An address as people see it: without password, and of parameters only how it is encrypted. */
export function toShownAddress(connectionString: string): string {
  const url = new URL(connectionString);
  const mode = url.searchParams.get('sslmode');
  url.password = '';
  url.hash = '';
  url.search = mode === null ? '' : `?sslmode=${encodeURIComponent(mode)}`;
  return url.href;
}

/** Whether a password comes with it, however it was written. */
export function hasPassword(connectionString: string): boolean {
  const url = new URL(connectionString);
  return url.password !== '' || url.searchParams.has('password');
}
