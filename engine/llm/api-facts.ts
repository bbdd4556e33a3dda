// What is said of an API by those who do not speak it. No adapter is imported here: adapters import this.
import type { ConnectionApi } from '../../contracts/connections.ts';

interface ApiFacts {
  /** As errors name it. */
  name: string;
  /** The connection of the configuration. */
  builtInLabel: string;
  officialUrl: string;
  /** Of its settings: `OPENAI` for `OPENAI_API_KEY` and `OPENAI_BASE_URL`. */
  settingsPrefix: string;
}

export const apiFacts: Readonly<Record<ConnectionApi, ApiFacts>> = {
  openai: { name: 'OpenAI', builtInLabel: 'OpenAI or compatible', officialUrl: 'https://api.openai.com/v1', settingsPrefix: 'OPENAI' },
  anthropic: { name: 'Anthropic', builtInLabel: 'Anthropic', officialUrl: 'https://api.anthropic.com', settingsPrefix: 'ANTHROPIC' },
};

/** Where requests go: the address that was given, else the provider's own. */
export const addressOf = ({ api, baseUrl }: { api: ConnectionApi; baseUrl?: string | null | undefined }): string => baseUrl ?? apiFacts[api].officialUrl;

/** What a person changes: settings of the configuration, or fields of a connection. */
export const settingNamesOf = (api: ConnectionApi, { isBuiltIn }: { isBuiltIn: boolean }): { key: string; baseUrl: string } => {
  const { settingsPrefix: prefix } = apiFacts[api];
  return isBuiltIn ? { key: `${prefix}_API_KEY`, baseUrl: `${prefix}_BASE_URL` } : { key: "the connection's key", baseUrl: "the connection's base URL" };
};

/** The provider that calls no model, as people read it. */
export const scriptedLabel = 'Scripted (no model is called)';

/** Whether requests go to the provider itself: only there its prices and all of its parameters hold. Null or undefined: its own address. */
export const isOfficialUrl = (api: ConnectionApi, baseUrl: string | null | undefined): boolean =>
  new URL(addressOf({ api, baseUrl })).hostname === new URL(apiFacts[api].officialUrl).hostname;
