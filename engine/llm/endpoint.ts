import { Agent, fetch } from 'undici';
import type { ConnectionApi } from '../../contracts/connections.ts';
import { addressOf, apiFacts, isOfficialUrl, settingNamesOf } from './api-facts.ts';

/** Where a provider is reached, and how to speak of it in an error. */
export interface Endpoint {
  /** Whose API is spoken there. */
  api: string;
  /** How its messages name it: the connection, the provider, or a server that speaks like it. */
  label: string;
  /** What a person changes when the address is wrong: the setting's name, or words. */
  baseUrlSetting: string;
  keySetting: string;
  baseUrl: string;
  /** Taken out of everything that is said; undefined when the server wants no key. */
  secret: string | undefined;
  /** The provider's own server, not one that speaks like it. */
  isOfficial: boolean;
}

/** How long an answer may take, in milliseconds. */
export interface AnswerTimeouts {
  /** Silence before the first token: a long prompt is read, a model thinks unseen. */
  firstTokenMs: number;
  /** Silence after it. Bytes that say nothing (pings, comments) break it too. */
  betweenBytesMs: number;
  /** The whole answer. The activity around a call is allowed twenty minutes. */
  wholeMs: number;
}

export const defaultTimeouts: AnswerTimeouts = { firstTokenMs: 2 * 60_000, betweenBytesMs: 60_000, wholeMs: 15 * 60_000 };

/** A connection to one server, as both adapters take it. */
export interface ConnectionOptions {
  /** May be missing for a server that wants none. */
  apiKey?: string | undefined;
  /** The provider's own server unless given. */
  baseUrl?: string | undefined;
  /** How errors name it. */
  label?: string | undefined;
  /** What errors tell a person to check: the provider's settings unless given. */
  keySetting?: string | undefined;
  baseUrlSetting?: string | undefined;
  timeouts?: Partial<AnswerTimeouts> | undefined;
}

// Silence is watched by the call itself, byte by byte; the client's own limits only have to be longer than any of it.
const agent = new Agent({ headersTimeout: 0, bodyTimeout: 0, connectTimeout: 20_000 });

/**
 * The fetch both clients use. Redirects are answers, not followed: `x-api-key` would go along to wherever they point.
 */
export const providerFetch = ((input: Parameters<typeof fetch>[0], init?: Parameters<typeof fetch>[1]) =>
  fetch(input, { ...init, dispatcher: agent, redirect: 'manual' })) as unknown as typeof globalThis.fetch;

/** Everything errors need to know of an endpoint. */
export function toEndpoint(api: ConnectionApi, { apiKey, ...options }: ConnectionOptions): Endpoint {
  const baseUrl = addressOf({ api, baseUrl: options.baseUrl });
  const isOfficial = isOfficialUrl(api, baseUrl);
  const { name } = apiFacts[api];
  const settings = settingNamesOf(api, { isBuiltIn: true });
  return {
    api: name,
    isOfficial,
    label: options.label ?? (isOfficial ? name : `The server at ${new URL(baseUrl).host}`),
    baseUrlSetting: options.baseUrlSetting ?? settings.baseUrl,
    keySetting: options.keySetting ?? settings.key,
    baseUrl,
    secret: apiKey,
  };
}

/** The base URL as it may be shown: without credentials, query and fragment. */
export function toShownUrl(baseUrl: string): string {
  const url = new URL(baseUrl);
  return `${url.origin}${url.pathname}`.replace(/\/$/, '');
}
