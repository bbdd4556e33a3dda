import type { LlmProvider } from '../../contracts/agents.ts';
import type { Config } from '../../platform/config.ts';
import type { LanguageModels } from '../llm/index.ts';
import { type CheckResult, type Probe, toAddress } from './check.ts';

interface ModelListing {
  url: string;
  headers: Record<string, string>;
  keySetting: string;
  baseUrlSetting: string;
}

const below = (baseUrl: string, path: string): string => `${baseUrl.replace(/\/+$/, '')}${path}`;

/** A local server may want no key. */
const headersFor = (key: string | undefined, toHeaders: (key: string) => Record<string, string>): Record<string, string> => (key === undefined ? {} : toHeaders(key));

/** The request that lists models: the cheapest one that proves address and key, free at every provider. */
const listingOf: Record<Exclude<LlmProvider, 'scripted'>, (config: Config['llm']) => ModelListing> = {
  openai: ({ openai }) => ({
    url: below(openai.baseUrl ?? 'https://api.openai.com/v1', '/models'),
    headers: headersFor(openai.apiKey, (key) => ({ authorization: `Bearer ${key}` })),
    keySetting: 'OPENAI_API_KEY', baseUrlSetting: 'OPENAI_BASE_URL',
  }),
  anthropic: ({ anthropic }) => ({
    url: below(anthropic.baseUrl ?? 'https://api.anthropic.com', '/v1/models'),
    headers: { 'anthropic-version': '2023-06-01', ...headersFor(anthropic.apiKey, (key) => ({ 'x-api-key': key })) },
    keySetting: 'ANTHROPIC_API_KEY', baseUrlSetting: 'ANTHROPIC_BASE_URL',
  }),
};

/** Asks for the list of models and says what the answer means. */
async function askForModels({ url, headers, keySetting, baseUrlSetting }: ModelListing, signal: AbortSignal): Promise<CheckResult> {
  // Redirects are not followed: the key would go along.
  const response = await fetch(url, { headers, signal, redirect: 'manual' });
  await response.body?.cancel();
  const at = toAddress(url);
  const { status } = response;
  if (response.ok) return { state: 'healthy', detail: `${at} answers and takes the key.` };
  if (status === 401 || status === 403) return { state: 'failing', detail: `${at} refuses the key (status ${status}). Check ${keySetting}.` };
  if (status === 404) return { state: 'degraded', detail: `${at} answers but lists no models there (status 404). If runs fail too, check the path of ${baseUrlSetting}.` };
  if (status === 429) return { state: 'degraded', detail: `${at} answers but limits requests at the moment (status 429).` };
  if (status >= 300 && status < 400) return { state: 'failing', detail: `${at} sends requests elsewhere (status ${status}). Check ${baseUrlSetting}.` };
  return { state: 'failing', detail: `${at} answers with status ${status}.` };
}

/** Every model provider, configured or not. */
export async function listModelProviderProbes({ models, config }: { models: Pick<LanguageModels, 'list'>; config: Pick<Config, 'llm'> }, usedBy: ReadonlyMap<string, number>): Promise<Probe[]> {
  return (await models.list()).map(({ provider, label, is_configured: isConfigured, configuration_hint: hint }): Probe => {
    const base = { id: `model_provider:${provider}`, kind: 'model_provider' as const, name: label, used_by_agents: usedBy.get(provider) ?? 0 };
    if (provider === 'scripted') return { ...base, detail: 'Replays scripts for demo and tests. No model is called.' };
    const listing = listingOf[provider](config.llm);
    if (!isConfigured) return { ...base, detail: hint ?? `Set ${listing.keySetting}.`, missingSettings: [listing.keySetting] };
    return { ...base, detail: `${toAddress(listing.url)}.`, check: (signal) => askForModels(listing, signal) };
  });
}
