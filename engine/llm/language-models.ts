import type { Kysely } from 'kysely';
import type { LlmProvider, ModelProvider, ModelTarget } from '../../contracts/agents.ts';
import type { ConnectionApi, ConnectionLimits } from '../../contracts/connections.ts';
import { AppError } from '../../contracts/errors.ts';
import type { Database } from '../../db/database.ts';
import type { Config } from '../../platform/config.ts';
import { createAnthropicModel } from './anthropic/anthropic-model.ts';
import { contextWindowOf } from './context-window.ts';
import type { LanguageModel, ModelUsage } from './language-model.ts';
import { isOfficialUrl } from './official-urls.ts';
import { createOpenAiModel } from './openai/openai-model.ts';
import { costMicroUsd, listPricedModels } from './prices.ts';
import { loadScripts } from './scripted/load-scripts.ts';
import { createScriptedModel } from './scripted/scripted-model.ts';

/** A model ready to be asked, with what is known of it and of the connection it is reached by. */
export interface ResolvedModel {
  /** `openai`, `anthropic`, `scripted` or the id of a connection an admin made. */
  connectionId: string;
  connectionName: string;
  provider: LlmProvider;
  model: string;
  languageModel: LanguageModel;
  /** No model is called. */
  isScripted: boolean;
  /** Tokens the model reads at most. */
  contextWindow: number;
  /** What an admin set; null: only what the provider says counts. */
  limits: ConnectionLimits;
  /** Undefined when the price or the tokens are unknown. */
  costMicroUsd(usage: ModelUsage): number | undefined;
  /** What a call of this size costs without any cache; undefined when the price is unknown. */
  estimateCostMicroUsd(inputTokens: number, outputTokens: number): number | undefined;
}

/** A connection as one who defines an agent needs to know it. */
export interface TargetDescription {
  provider: LlmProvider;
  label: string;
  isEnabled: boolean;
  isScripted: boolean;
  /** Requests go to the provider itself, not to a server that speaks like it. */
  isOfficial: boolean;
  /** Scripts that exist; models of real providers are theirs to know. */
  scripts: readonly string[];
}

/** The connections to models of this system. */
export interface LanguageModels {
  /** Throws LLM_NOT_CONFIGURED, and LLM_CONNECTION_OFF when the connection was switched off or deleted. */
  resolve(target: ModelTarget): Promise<ResolvedModel>;
  /** What a target names; undefined when there is no such connection of that provider. `db`: the transaction it is asked in. */
  describe(target: Pick<ModelTarget, 'llm_provider' | 'llm_connection'>, options?: { db?: Kysely<Database>; withHidden?: boolean }): Promise<TargetDescription | undefined>;
  /**
   * All connections as people choose among them, usable or not. `models` are suggestions: any name the provider knows will do.
   * `withHidden` adds the scripts that serve tests and benchmarks.
   */
  list(options?: { withHidden?: boolean }): Promise<ModelProvider[]>;
}

interface BuiltIn {
  id: LlmProvider;
  label: string;
  hint: string | null;
  isOfficial: boolean;
  /** Undefined when it is not configured. */
  model: LanguageModel | undefined;
}

const noLimits: ConnectionLimits = { requests_per_minute: null, tokens_per_minute: null };
const parametersOf: Readonly<Record<LlmProvider, ModelProvider['parameters']>> = {
  openai: ['temperature', 'top_p', 'stop_sequences', 'seed', 'frequency_penalty', 'presence_penalty', 'reasoning_effort', 'parallel_tool_calls'],
  anthropic: ['top_p', 'stop_sequences', 'thinking_budget_tokens', 'parallel_tool_calls'],
  scripted: [],
};

/** A base URL without a key is a server that wants none. */
const isConfigured = ({ apiKey, baseUrl }: Config['llm'][ConnectionApi]): boolean => apiKey !== undefined || baseUrl !== undefined;
const hintOf = (prefix: 'OPENAI' | 'ANTHROPIC'): string => `Set ${prefix}_API_KEY, and ${prefix}_BASE_URL for a compatible server.`;

/** Makes the connections of the configuration, and of the database where there is one. Opens no connection. */
export function createLanguageModels({ config }: { config: Config['llm']; db?: Kysely<Database> | undefined }): LanguageModels {
  const scripts = loadScripts();
  const builtIns: Record<LlmProvider, BuiltIn> = {
    openai: { id: 'openai', label: 'OpenAI or compatible', hint: hintOf('OPENAI'), isOfficial: isOfficialUrl('openai', config.openai.baseUrl), model: isConfigured(config.openai) ? createOpenAiModel(config.openai) : undefined },
    anthropic: { id: 'anthropic', label: 'Anthropic', hint: hintOf('ANTHROPIC'), isOfficial: isOfficialUrl('anthropic', config.anthropic.baseUrl), model: isConfigured(config.anthropic) ? createAnthropicModel(config.anthropic) : undefined },
    scripted: { id: 'scripted', label: 'Scripted (no model is called)', hint: null, isOfficial: true, model: createScriptedModel(scripts) },
  };
  const scriptNames = (withHidden: boolean): string[] => [...scripts.values()].filter(({ script }) => withHidden || script.is_listed).map(({ name }) => name);
  return {
    async resolve({ llm_provider: provider, llm_connection: connection, llm_model: model }) {
      if (connection !== null) throw new AppError('LLM_CONNECTION_OFF', `There is no connection ${connection}.`);
      const { id, label, hint, model: languageModel } = builtIns[provider];
      if (languageModel === undefined) throw new AppError('LLM_NOT_CONFIGURED', `${label} is not configured. ${hint ?? ''}`.trim());
      const cost = (usage: ModelUsage): number | undefined => costMicroUsd(provider, model, usage);
      return {
        connectionId: id, connectionName: label, provider, model, languageModel, isScripted: provider === 'scripted',
        contextWindow: contextWindowOf(provider, model), limits: noLimits, costMicroUsd: cost,
        estimateCostMicroUsd: (inputTokens, outputTokens) => cost({ inputTokens, outputTokens, cachedInputTokens: undefined, cacheWriteTokens: undefined, reasoningTokens: undefined }),
      };
    },
    async describe({ llm_provider: provider, llm_connection: connection }, { withHidden = false } = {}) {
      if (connection !== null) return undefined;
      const { label, isOfficial } = builtIns[provider];
      return { provider, label, isEnabled: true, isScripted: provider === 'scripted', isOfficial, scripts: provider === 'scripted' ? scriptNames(withHidden) : [] };
    },
    list: async ({ withHidden = false } = {}) =>
      Object.values(builtIns).map(({ id, label, hint, isOfficial, model }) => ({
        connection: null, provider: id, label, parameters: parametersOf[id], takes_output_schema: true,
        is_configured: model !== undefined, is_scripted: id === 'scripted', configuration_hint: model === undefined ? hint : null,
        models: id === 'scripted' ? scriptNames(withHidden) : isOfficial ? listPricedModels(id) : [],
      })),
  };
}
