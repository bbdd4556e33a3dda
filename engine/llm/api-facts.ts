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

/** Whether requests go to the provider itself: only there its prices and all of its parameters hold. Null or undefined: its own address. */
export const isOfficialUrl = (api: ConnectionApi, baseUrl: string | null | undefined): boolean =>
  baseUrl === null || baseUrl === undefined || new URL(baseUrl).hostname === new URL(apiFacts[api].officialUrl).hostname;
