import { providerFetch } from '../endpoint.ts';
import type { ServerAccess } from '../connection-access.ts';
import { addressOf, isOfficialUrl } from '../api-facts.ts';
import { modelApis } from '../model-apis.ts';

/** What a server said, whatever it was. */
export interface ServerAnswer {
  status: number;
  headers: Headers;
  /** At most a few megabytes. */
  text: string;
  /** Undefined: it is not JSON. */
  json: unknown;
}

/** A list of a thousand models with all their properties is smaller. */
const maxBytes = 4 * 1024 * 1024;

/** `path` below a base URL, which may or may not end in a slash and keeps its query. */
export function below(baseUrl: string, path: string): URL {
  const url = new URL(baseUrl);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}${path}`;
  return url;
}

async function readText(response: Response): Promise<string> {
  if (response.body === null) return '';
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    bytes += chunk.byteLength;
    if (bytes > maxBytes) break;
  }
  return Buffer.concat(chunks).toString('utf8', 0, maxBytes);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Asks for the models of a server: the cheapest request that proves address and key, free at every provider. Redirects are answers,
 * not followed: the key would go along. Throws what fetch throws.
 *
 * @param query of a further page.
 */
export async function askForModels(access: ServerAccess, { signal, query = {}, basePath = '' }: { signal: AbortSignal; query?: Record<string, string>; basePath?: string }): Promise<ServerAnswer> {
  const { api, baseUrl, apiKey } = access;
  const { listing } = modelApis[api];
  const url = below(addressOf(access), `${basePath}${listing.path}`);
  for (const [name, value] of Object.entries({ ...listing.query, ...query })) url.searchParams.set(name, value);
  const headers = { accept: 'application/json', ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }), ...listing.headersOf({ apiKey, isOfficial: isOfficialUrl(api, baseUrl) }) };
  const response = await providerFetch(url, { headers, signal });
  const text = await readText(response);
  return { status: response.status, headers: response.headers, text, json: parse(text) };
}
