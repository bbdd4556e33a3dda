import type { ModelProvider, ModelTarget } from '@contracts/agents.ts';

type ConnectionOf = Pick<ModelTarget, 'llm_provider'> & { llm_connection?: string | null | undefined };

/** What tells one connection from another: its provider and, for those an admin made, its id. */
export const targetKey = ({ llm_provider: provider, llm_connection: connection }: ConnectionOf): string => `${provider}/${connection ?? ''}`;

export const toTarget = ({ provider, connection }: Pick<ModelProvider, 'provider' | 'connection'>): ConnectionOf & { llm_connection: string | null } => ({ llm_provider: provider, llm_connection: connection });

/** The connection a target names, among those of this system; undefined: it is gone, or nothing is known yet. */
export const findConnection = (items: readonly ModelProvider[] | undefined, target: ConnectionOf): ModelProvider | undefined =>
  items?.find((one) => targetKey(toTarget(one)) === targetKey(target));

/** The id under which the api knows a connection: a provider's own goes by the provider's name. */
export const connectionIdOf = ({ provider, connection }: Pick<ModelProvider, 'provider' | 'connection'>): string => connection ?? provider;

/** A connection's name for a sentence; one that is gone, or not known yet, by what the target says. */
export const connectionName = (items: readonly ModelProvider[] | undefined, target: ConnectionOf): string =>
  findConnection(items, target)?.label ?? (target.llm_connection == null ? target.llm_provider : items === undefined ? `${target.llm_provider} connection` : 'a connection that is gone');

/** Whether calls to a target can be answered; undefined while it is not known. */
export const isReachable = (items: readonly ModelProvider[] | undefined, target: ConnectionOf): boolean | undefined =>
  items === undefined ? undefined : findConnection(items, target)?.is_configured === true;

/** What a new agent begins with: the first connection that works and is a real one. */
export const preferredConnection = (items: readonly ModelProvider[] | undefined): ConnectionOf & { llm_connection: string | null } =>
  toTarget(items?.find((one) => one.is_configured && !one.is_scripted) ?? { provider: 'openai', connection: null });

/** What a run of an agent would meet: nothing to say, the first fallback that works, or no model at all. */
export const forecastModel = (items: readonly ModelProvider[] | undefined, agent: ModelTarget & { fallbacks: readonly ModelTarget[] }): { kind: 'fine' } | { kind: 'fallback'; target: ModelTarget } | { kind: 'fails' } => {
  if (isReachable(items, agent) !== false) return { kind: 'fine' };
  const target = agent.fallbacks.find((fallback) => isReachable(items, fallback) === true);
  return target === undefined ? { kind: 'fails' } : { kind: 'fallback', target };
};
