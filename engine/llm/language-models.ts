import type { Kysely } from 'kysely';
import type { LlmProvider, ModelProvider, ModelTarget } from '../../contracts/agents.ts';
import { connectionApiSchema, type ConnectionApi, type ConnectionLimits, type ListedModel } from '../../contracts/connections.ts';
import { AppError } from '../../contracts/errors.ts';
import type { Database } from '../../db/database.ts';
import { findConnection, findConnectionForUse, listConnectionRows, listConnectionStates } from '../../db/repositories/llm-connections.repository.ts';
import type { Config } from '../../platform/config.ts';
import type { SecretBox } from '../../platform/secret-box.ts';
import { configurationHintOf, type ConnectionAccess, isConfigured, toBuiltInAccess, toStoredAccess } from './connection-access.ts';
import { contextWindowOf, isKnownModel } from './context-window.ts';
import type { LanguageModel, ModelUsage } from './language-model.ts';
import { createModelLists, freshMs } from './model-list/model-lists.ts';
import { seemsToConverse } from './model-list/parse-model-list.ts';
import { isOfficialUrl, scriptedLabel, settingNamesOf } from './api-facts.ts';
import { listPricedModels, priceNamesOf } from './prices/built-in-prices.ts';
import { findPrice } from './prices/find-price.ts';
import { costOf } from './prices/rates.ts';
import { loadScripts } from './scripted/load-scripts.ts';
import { createScriptedModel } from './scripted/scripted-model.ts';
import { modelApis } from './model-apis.ts';

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
   * `withHidden` adds the scripts that serve tests and benchmarks. `waitMs`: servers whose list is older than ten minutes are asked, and
   * waited for this long.
   */
  list(options?: { withHidden?: boolean; waitMs?: number }): Promise<ModelProvider[]>;
}

export interface LanguageModelsDeps {
  config: Config['llm'];
  /** Undefined: there are no connections but those of the configuration. */
  db?: Kysely<Database> | undefined;
  /** Opens the keys of stored connections. */
  secretBox?: SecretBox | undefined;
}

const scripted = { id: 'scripted', label: scriptedLabel, contextWindow: 200_000 } as const;
const builtInApis = connectionApiSchema.options;
const apiOf = (provider: LlmProvider): ConnectionApi | undefined => connectionApiSchema.safeParse(provider).data;
/** A run waits this long for a server to say how much its model reads; then a careful guess does. */
const listWaitMs = 3_000;

/** Clients are kept, so that their connections are; a connection that changed gets a new one. */
function createClients(): (access: ConnectionAccess) => LanguageModel {
  const clients = new Map<string, { version: number; model: LanguageModel }>();
  return (access) => {
    const kept = clients.get(access.id);
    if (kept?.version === access.version) return kept.model;
    const { key: keySetting, baseUrl: baseUrlSetting } = settingNamesOf(access.api, access);
    const model = modelApis[access.api].create({ apiKey: access.apiKey, baseUrl: access.baseUrl ?? undefined, label: access.isBuiltIn ? undefined : access.name, keySetting, baseUrlSetting });
    clients.set(access.id, { version: access.version, model });
    return model;
  };
}

/** Suggestions: what the server lists, and where it is the provider itself what has a price. */
function suggestedModels({ api, baseUrl }: Pick<ConnectionAccess, 'api' | 'baseUrl'>, listed: readonly ListedModel[] | null | undefined): string[] {
  return [...new Set([...(isOfficialUrl(api, baseUrl) ? listPricedModels(api) : []), ...(listed ?? []).map(({ id }) => id).filter(seemsToConverse)])];
}

/** Makes the connections of the configuration, and of the database where there is one. Opens no connection. */
export function createLanguageModels({ config, db, secretBox }: LanguageModelsDeps): LanguageModels {
  const scripts = loadScripts();
  const scriptedModel = createScriptedModel(scripts);
  const scriptNames = (withHidden: boolean): string[] => [...scripts.values()].filter(({ script }) => withHidden || script.is_listed).map(({ name }) => name);
  const builtIn = (api: ConnectionApi): ConnectionAccess => toBuiltInAccess(api, config[api]);
  const clientOf = createClients();
  const modelLists = db === undefined ? undefined : createModelLists(db);

  /** The provider's own connection, or the stored one a target names. */
  async function load(api: ConnectionApi, { llm_connection: connectionId, llm_model: model }: ModelTarget) {
    const id = connectionId ?? api;
    const known = db === undefined ? undefined : await findConnectionForUse(db, { connectionId: id, provider: api, model, priceNames: priceNamesOf(model) });
    if (connectionId === null) return { access: builtIn(api), known };
    const row = known?.connection;
    if (row === undefined || row.api !== api) throw new AppError('LLM_CONNECTION_OFF', 'The connection of this agent was deleted. Choose another one for it.');
    if (!row.is_enabled) throw new AppError('LLM_CONNECTION_OFF', `The connection ${row.name} is switched off. Switch it on, or choose another one for the agent.`);
    return { access: toStoredAccess(row, secretBox), known };
  }

  async function windowOf(access: ConnectionAccess, model: string, listed: ListedModel | undefined, fetchedAt: Date | undefined): Promise<number> {
    const isListFresh = fetchedAt !== undefined && Date.now() - fetchedAt.getTime() < freshMs;
    // OpenAI itself lists no windows, and what a provider's own models read is known; a server of one's own is asked.
    const isAsked = listed === undefined && !isListFresh && !(isOfficialUrl(access.api, access.baseUrl) && (!modelApis[access.api].listing.tellsWindows || isKnownModel(access.api, model)));
    const found = isAsked ? (await modelLists?.findSoon(access, listWaitMs))?.find(({ id }) => id === model) : listed;
    return found?.context_window ?? contextWindowOf(access.api, model);
  }

  async function renewLists(waitMs: number): Promise<void> {
    if (db === undefined || modelLists === undefined) return;
    const stored = (await listConnectionRows(db)).flatMap((row) => {
      try {
        return [toStoredAccess(row, secretBox)];
      } catch {
        // Its key cannot be opened: there is nothing to ask with.
        return [];
      }
    });
    const usable = [...builtInApis.map(builtIn), ...stored].filter((access) => access.isEnabled && isConfigured(access));
    await Promise.all(usable.map((access) => modelLists.findSoon(access, waitMs)));
  }

  return {
    async resolve(target) {
      const { llm_provider: provider, llm_model: model } = target;
      const api = apiOf(provider);
      if (api === undefined) {
        if (target.llm_connection !== null) throw new AppError('LLM_CONNECTION_OFF', 'Scripts are replayed without a connection.');
        return {
          connectionId: scripted.id, connectionName: scripted.label, provider, model, languageModel: scriptedModel, isScripted: true, contextWindow: scripted.contextWindow,
          limits: { requests_per_minute: null, tokens_per_minute: null }, costMicroUsd: () => 0, estimateCostMicroUsd: () => 0,
        };
      }
      const { access, known } = await load(api, target);
      if (!isConfigured(access)) throw new AppError('LLM_NOT_CONFIGURED', `${access.name} is not configured. ${configurationHintOf(access)}`);
      const price = findPrice({ api, connectionId: access.id, isOfficial: isOfficialUrl(api, access.baseUrl), model }, known?.prices ?? []);
      const cost = (usage: ModelUsage): number | undefined => (price === undefined ? undefined : costOf(price, usage));
      return {
        connectionId: access.id, connectionName: access.name, provider, model, languageModel: clientOf(access), isScripted: false, limits: access.limits,
        contextWindow: await windowOf(access, model, known?.listed, known?.modelsFetchedAt), costMicroUsd: cost,
        estimateCostMicroUsd: (inputTokens, outputTokens) => cost({ inputTokens, outputTokens, cachedInputTokens: undefined, cacheWriteTokens: undefined, reasoningTokens: undefined }),
      };
    },

    async describe({ llm_provider: provider, llm_connection: connectionId }, { db: using = db, withHidden = false } = {}) {
      const api = apiOf(provider);
      if (api === undefined) return connectionId === null ? { provider, label: scripted.label, isEnabled: true, isScripted: true, isOfficial: true, scripts: scriptNames(withHidden) } : undefined;
      const row = connectionId === null || using === undefined ? undefined : await findConnection(using, connectionId);
      if (connectionId !== null && row?.api !== api) return undefined;
      const { name, baseUrl, isEnabled } = row === undefined ? builtIn(api) : { name: row.name, baseUrl: row.base_url, isEnabled: row.is_enabled };
      return { provider, label: name, isEnabled, isScripted: false, isOfficial: isOfficialUrl(api, baseUrl), scripts: [] };
    },

    async list({ withHidden = false, waitMs = 0 } = {}) {
      if (waitMs > 0) await renewLists(waitMs);
      const [rows, states] = db === undefined ? [[], undefined] : await Promise.all([listConnectionRows(db), listConnectionStates(db)]);
      const toProvider = (connection: string | null, { isEnabled, ...access }: Pick<ConnectionAccess, 'id' | 'name' | 'api' | 'baseUrl' | 'isBuiltIn' | 'isEnabled'> & { apiKey: unknown }): ModelProvider => {
        const isUsable = isEnabled && isConfigured(access);
        return {
          connection, provider: access.api, label: access.name, parameters: modelApis[access.api].parametersOf(isOfficialUrl(access.api, access.baseUrl)), takes_output_schema: true, is_configured: isUsable, is_scripted: false,
          configuration_hint: isUsable ? null : isEnabled ? configurationHintOf(access) : 'The connection is switched off.', models: suggestedModels(access, states?.get(access.id)?.models),
        };
      };
      return [
        ...builtInApis.map((api) => toProvider(null, builtIn(api))),
        { connection: null, provider: scripted.id, label: scripted.label, parameters: [], takes_output_schema: true, is_configured: true, is_scripted: true, configuration_hint: null, models: scriptNames(withHidden) },
        ...rows.map((row) => toProvider(row.id, { id: row.id, name: row.name, api: row.api, baseUrl: row.base_url, isBuiltIn: false, isEnabled: row.is_enabled, apiKey: row.api_key_sealed })),
      ];
    },
  };
}
