import type { ConnectionApi } from '../../contracts/connections.ts';

/** Where a provider's own API is. */
export const officialUrls: Readonly<Record<ConnectionApi, string>> = { openai: 'https://api.openai.com/v1', anthropic: 'https://api.anthropic.com' };

/** Whether requests go to the provider itself: only there its prices and all of its parameters hold. Null or undefined: its own address. */
export const isOfficialUrl = (api: ConnectionApi, baseUrl: string | null | undefined): boolean =>
  baseUrl === null || baseUrl === undefined || new URL(baseUrl).hostname === new URL(officialUrls[api]).hostname;
