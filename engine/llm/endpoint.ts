import { Agent, fetch } from 'undici';

/** Where a provider is reached, and how to speak of it in an error. */
export interface Endpoint {
  /** Whose API is spoken there. */
  api: 'OpenAI' | 'Anthropic';
  /** How its messages name it: the provider, or a server that speaks like it. */
  label: string;
  /** The setting a person changes when the address is wrong. */
  baseUrlSetting: 'OPENAI_BASE_URL' | 'ANTHROPIC_BASE_URL';
  keySetting: 'OPENAI_API_KEY' | 'ANTHROPIC_API_KEY';
  baseUrl: string;
  /** Taken out of everything that is said; undefined when the server wants no key. */
  secret: string | undefined;
}

/**
 * A whole answer without streaming may take long; Node's own fetch gives up after five minutes without a header. The activity around
 * a call is allowed twenty.
 */
export const callTimeoutMs = 15 * 60 * 1000;
const agent = new Agent({ headersTimeout: callTimeoutMs, bodyTimeout: callTimeoutMs, connectTimeout: 20_000 });

/**
 * The fetch both clients use. Redirects are answers, not followed: `x-api-key` would go along to wherever they point.
 */
export const providerFetch = ((input: Parameters<typeof fetch>[0], init?: Parameters<typeof fetch>[1]) =>
  fetch(input, { ...init, dispatcher: agent, redirect: 'manual' })) as unknown as typeof globalThis.fetch;

/** Everything errors need to know of an endpoint. */
export function toEndpoint(api: Endpoint['api'], { baseUrl, officialUrl, secret }: { baseUrl: string; officialUrl: string; secret: string | undefined }): Endpoint & { isOfficial: boolean } {
  const isOfficial = new URL(baseUrl).hostname === new URL(officialUrl).hostname;
  const prefix = api === 'OpenAI' ? 'OPENAI' : 'ANTHROPIC';
  return { api, isOfficial, label: isOfficial ? api : `The server at ${new URL(baseUrl).host}`, baseUrlSetting: `${prefix}_BASE_URL`, keySetting: `${prefix}_API_KEY`, baseUrl, secret };
}

/** The base URL as it may be shown: without credentials, query and fragment. */
export function toShownUrl(baseUrl: string): string {
  const url = new URL(baseUrl);
  return `${url.origin}${url.pathname}`.replace(/\/$/, '');
}
