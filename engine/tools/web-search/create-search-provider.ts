import { AppError } from '../../../contracts/errors.ts';
import { toSecretReference } from '../../../contracts/secrets.ts';
import type { Config } from '../../../platform/config.ts';
import type { Secrets } from '../../secrets/index.ts';
import { createBraveProvider } from './brave.ts';
import type { SearchAccess, SearchProvider } from './search-provider.ts';
import { createSearxngProvider } from './searxng.ts';
import { createSerperProvider } from './serper.ts';
import type { WebSearchSettings } from './settings.ts';
import { createTavilyProvider } from './tavily.ts';

export type SearchConfig = Pick<Config['tools'], 'searxngUrl' | 'braveApiKey' | 'tavilyApiKey' | 'serperApiKey'>;

const keyed = {
  brave: { create: createBraveProvider, configuredKey: 'braveApiKey', keyName: 'BRAVE_API_KEY' },
  tavily: { create: createTavilyProvider, configuredKey: 'tavilyApiKey', keyName: 'TAVILY_API_KEY' },
  serper: { create: createSerperProvider, configuredKey: 'serperApiKey', keyName: 'SERPER_API_KEY' },
} as const satisfies Record<string, { create: (access: SearchAccess) => SearchProvider; configuredKey: keyof SearchConfig; keyName: string }>;
const keyedNames = Object.keys(keyed) as (keyof typeof keyed)[];

/** A key as a header can carry it. The error does not repeat what a bad one looks like. */
function toHeaderKey(key: string, keyName: string): string {
  const trimmed = key.trim();
  if (!/^[\x21-\x7E]+$/.test(trimmed)) throw new AppError('TOOL_NOT_CONFIGURED', `The key of the search engine is not one line of plain ASCII. An admin has to check ${keyName}.`);
  return trimmed;
}

/** The engine to ask when an admin chose none: the system's own SearXNG, else the first there is a key for. */
const chosenByConfig = (config: SearchConfig, { base_url: baseUrl }: WebSearchSettings): 'searxng' | keyof typeof keyed | undefined => {
  if (config.searxngUrl !== undefined) return 'searxng';
  return keyedNames.find((name) => config[keyed[name].configuredKey] !== undefined) ?? (baseUrl === null ? undefined : 'searxng');
};

/**
 * The search engine as an admin set it up, else as the configuration says; undefined when there is none, or no key or address for
 * the one that was chosen. The key is read at each search: a secret may change meanwhile.
 */
export function createSearchProvider(config: SearchConfig, settings: WebSearchSettings, secrets: Pick<Secrets, 'reveal'>): SearchProvider | undefined {
  const chosen = settings.provider ?? chosenByConfig(config, settings);
  if (chosen === undefined) return undefined;
  const { base_url: ownBaseUrl, api_key_secret: secret } = settings;
  const secretName = `the secret ${secret}`;
  const fromSecret = secret === null ? undefined : async (): Promise<string> => toHeaderKey(await secrets.reveal(toSecretReference(secret)), secretName);
  if (chosen === 'searxng') {
    const baseUrl = ownBaseUrl ?? config.searxngUrl;
    return baseUrl === undefined ? undefined : createSearxngProvider({ baseUrl, apiKey: fromSecret });
  }
  const { create, configuredKey, keyName } = keyed[chosen];
  const key = config[configuredKey];
  const apiKey = fromSecret ?? (key === undefined ? undefined : async (): Promise<string> => toHeaderKey(key, keyName));
  return apiKey === undefined ? undefined : create({ apiKey, keyName: secret === null ? keyName : secretName, ...(ownBaseUrl === null ? {} : { baseUrl: ownBaseUrl }) });
}
