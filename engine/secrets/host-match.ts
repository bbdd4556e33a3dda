const standardPorts: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

/** A host as addresses carry it, so that two spellings of one compare equal: `[0:0::1]` is `[::1]`, `127.1` is `127.0.0.1`. */
function toHostname(text: string): string {
  const address = `http://${text}/`;
  return (URL.canParse(address) ? new URL(address).hostname : text.toLowerCase()).replace(/\.+$/, '');
}

/**
 * Whether a URL leads to a host a pattern names (`hostPatternSchema` of contracts/secrets.ts): `api.example.com` is that host alone,
 * `*.example.com` every host below it and not itself, `:port` that port alone, over https or http. A trailing dot makes no other host.
 * @param options.anyPort what a pattern without a port means: https on its own port (default: what is sent must not be read on its
 * way unless somebody wrote that port down), or every port.
 */
export function isHostMatch(pattern: string, url: URL, { anyPort = false }: { anyPort?: boolean } = {}): boolean {
  const [, wildcard, host, port] = /^(\*\.)?(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(pattern.trim()) ?? [];
  if (host === undefined || host === '') return false;
  const standardPort = standardPorts[url.protocol];
  const isPortMatch = port === undefined ? anyPort || (url.protocol === 'https:' && url.port === '') : String(Number(port)) === (url.port === '' ? standardPort : url.port);
  if (!isPortMatch) return false;
  const hostname = url.hostname.replace(/\.+$/, '');
  return wildcard === undefined ? hostname === toHostname(host) : hostname.endsWith(`.${toHostname(host)}`);
}
