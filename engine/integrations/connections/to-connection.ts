import type { Circuit, Connection, ConnectionApi, ConnectionLimits } from '../../../contracts/connections.ts';
import type { ConnectionRow, ConnectionStateRow, ConnectionUses, ConnectionWithEditor } from '../../../db/repositories/llm-connections.repository.ts';
import type { Config } from '../../../platform/config.ts';
import { addressOf, configurationHintOf, isConfigured, scriptedLabel, toBuiltInAccess, toShownUrl } from '../../llm/index.ts';
import { toKeyHint } from '../../secrets/index.ts';

const noLimits: ConnectionLimits = { requests_per_minute: null, tokens_per_minute: null };
const noUses: ConnectionUses = { agents: [], openRuns: 0 };

const toCircuit = (state: ConnectionStateRow | undefined): Circuit => ({
  state: state?.circuit ?? 'closed', failures_in_row: state?.failures_in_row ?? 0, retry_at: state?.retry_at?.toISOString() ?? null,
  last_error: state?.last_error ?? null, last_success_at: state?.last_success_at?.toISOString() ?? null,
});

/** What came last decides: a call that went through after a failed test makes it old news. */
function stateOf({ is_enabled: isEnabled, is_configured: isUsable, circuit, last_test: test }: Pick<Connection, 'is_enabled' | 'is_configured' | 'circuit' | 'last_test'>): Connection['state'] {
  if (!isEnabled) return 'off';
  if (!isUsable) return 'not_configured';
  if (circuit.state === 'open') return 'failing';
  const succeededAt = circuit.last_success_at === null ? undefined : Date.parse(circuit.last_success_at);
  const isTestNews = test !== null && (succeededAt === undefined || Date.parse(test.tested_at) > succeededAt);
  // A model that was mistyped says nothing about its server.
  const isModelAtFault = test?.failure?.code === 'MODEL_NOT_FOUND';
  if (isTestNews && !test.passed) return isModelAtFault ? 'degraded' : 'failing';
  if (circuit.state === 'half_open' || circuit.failures_in_row > 0) return 'degraded';
  return succeededAt !== undefined || test?.passed === true ? 'healthy' : 'untested';
}

const withState = (connection: Omit<Connection, 'state'>): Connection => ({ ...connection, state: stateOf(connection) });

const known = (state: ConnectionStateRow | undefined, uses: ConnectionUses = noUses) => ({
  learned_limits: state?.learned_limits ?? noLimits, circuit: toCircuit(state), last_test: state?.last_test ?? null, used_by_agents: uses.agents, open_runs: uses.openRuns,
});

/** A provider's connection of the configuration. */
export function toBuiltInConnection(api: ConnectionApi, config: Config['llm'], state: ConnectionStateRow | undefined, uses: ConnectionUses | undefined): Connection {
  const access = toBuiltInAccess(api, config[api]);
  const isUsable = isConfigured(access);
  return withState({
    id: api, name: access.name, api, base_url: toShownUrl(addressOf(access)), api_key_hint: access.apiKey === undefined ? null : toKeyHint(access.apiKey), limits: noLimits,
    is_enabled: true, is_built_in: true, is_configured: isUsable, configuration_hint: isUsable ? null : configurationHintOf(access), version: 1, updated_at: null, updated_by: null, ...known(state, uses),
  });
}

/** The scripted provider: nothing is called, so nothing can fail. */
export const toScriptedConnection = (uses: ConnectionUses | undefined): Connection => ({
  id: 'scripted', name: scriptedLabel, api: 'scripted', base_url: null, api_key_hint: null, limits: noLimits, is_enabled: true, is_built_in: true, is_configured: true,
  configuration_hint: null, state: 'healthy', version: 1, updated_at: null, updated_by: null, ...known(undefined, uses),
});

/** A connection an admin made; its key shows as a hint only. */
export function toStoredConnection(row: ConnectionWithEditor, state: ConnectionStateRow | undefined, uses: ConnectionUses | undefined): Connection {
  const isUsable = isConfigured({ api: row.api, baseUrl: row.base_url, apiKey: row.api_key_sealed });
  return withState({
    id: row.id, name: row.name, api: row.api, base_url: toShownUrl(addressOf({ api: row.api, baseUrl: row.base_url })), api_key_hint: row.api_key_hint, limits: row.limits,
    is_enabled: row.is_enabled, is_built_in: false, is_configured: isUsable, configuration_hint: isUsable ? null : configurationHintOf({ api: row.api, isBuiltIn: false }),
    version: row.version, updated_at: row.updated_at.toISOString(), updated_by: row.editor, ...known(state, uses),
  });
}

/** What the audit keeps of a connection: never its key. */
export const toAudited = (row: Pick<ConnectionRow, 'name' | 'api' | 'base_url' | 'limits' | 'is_enabled' | 'api_key_sealed'>) => ({
  name: row.name, api: row.api, base_url: row.base_url, limits: row.limits, is_enabled: row.is_enabled, has_key: row.api_key_sealed !== null,
});
