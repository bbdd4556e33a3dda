import type { LlmProvider, ModelProvider } from '../../contracts/agents.ts';
import { AppError } from '../../contracts/errors.ts';
import type { Config } from '../../platform/config.ts';
import { createAnthropicModel } from './anthropic/anthropic-model.ts';
import type { LanguageModel } from './language-model.ts';
import { createOpenAiModel } from './openai/openai-model.ts';
import { listPricedModels } from './prices.ts';
import { loadScripts } from './scripted/load-scripts.ts';
import { createScriptedModel } from './scripted/scripted-model.ts';

/** The providers of this system. */
export interface LanguageModels {
  /** Throws LLM_NOT_CONFIGURED. */
  get(provider: LlmProvider): LanguageModel;
  /**
   * All providers as people choose among them, configured or not. `models` are suggestions: any name the provider knows will do.
   * `withHidden` adds the scripts that serve tests and benchmarks.
   */
  list(options?: { withHidden?: boolean }): ModelProvider[];
}

interface ProviderEntry {
  description: Omit<ModelProvider, 'is_configured'>;
  /** Undefined when it is not configured. */
  model: LanguageModel | undefined;
}

/** Makes the configured providers. A base URL without a key is a server that wants none. Opens no connection. */
export function createLanguageModels(config: Config['llm']): LanguageModels {
  const scripts = loadScripts();
  const isConfigured = ({ apiKey, baseUrl }: Config['llm']['openai']): boolean => apiKey !== undefined || baseUrl !== undefined;
  const hint = (prefix: 'OPENAI' | 'ANTHROPIC'): string => `Set ${prefix}_API_KEY, and ${prefix}_BASE_URL for a compatible server.`;
  const providers: Record<LlmProvider, ProviderEntry> = {
    openai: {
      description: { provider: 'openai', label: 'OpenAI or compatible', is_scripted: false, configuration_hint: hint('OPENAI'), models: listPricedModels('openai') },
      model: isConfigured(config.openai) ? createOpenAiModel(config.openai) : undefined,
    },
    anthropic: {
      description: { provider: 'anthropic', label: 'Anthropic', is_scripted: false, configuration_hint: hint('ANTHROPIC'), models: listPricedModels('anthropic') },
      model: isConfigured(config.anthropic) ? createAnthropicModel(config.anthropic) : undefined,
    },
    scripted: {
      description: {
        provider: 'scripted', label: 'Scripted (no model is called)', is_scripted: true, configuration_hint: null,
        models: [...scripts.keys()],
      },
      model: createScriptedModel(scripts),
    },
  };
  return {
    get(provider) {
      const { model, description } = providers[provider];
      if (model === undefined) throw new AppError('LLM_NOT_CONFIGURED', `${description.label} is not configured. ${description.configuration_hint ?? ''}`.trim());
      return model;
    },
    list: ({ withHidden = false } = {}) =>
      Object.values(providers).map(({ model, description }) => ({
        ...description,
        models: description.models.filter((name) => withHidden || !description.is_scripted || scripts.get(name)?.script.is_listed === true),
        is_configured: model !== undefined,
        configuration_hint: model === undefined ? description.configuration_hint : null,
      })),
  };
}
