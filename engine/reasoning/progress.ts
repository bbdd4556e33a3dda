import type { AgentDefinition, ModelTarget } from '../../contracts/agents.ts';
import type { ModelCallRow } from '../../db/repositories/model-calls.repository.ts';

/** Id of the connection a target names, as calls are recorded under it. */
export const connectionIdOf = ({ llm_connection: connection, llm_provider: provider }: ModelTarget): string => connection ?? provider;

/** Which model, by connection and name, a target means. */
export const keyOfTarget = (target: ModelTarget): string => JSON.stringify([connectionIdOf(target), target.llm_model]);

/** The same of a recorded call. */
export const keyOfCall = (call: Pick<ModelCallRow, 'connection_id' | 'llm_model'>): string => JSON.stringify([call.connection_id, call.llm_model]);

/** The agent's models in the order they are tried, each once. */
export function toChain(definition: AgentDefinition): [ModelTarget, ...ModelTarget[]] {
  const { llm_provider, llm_connection, llm_model } = definition;
  const first: ModelTarget = { llm_provider, llm_connection, llm_model };
  const chain: [ModelTarget, ...ModelTarget[]] = [first];
  for (const fallback of definition.fallbacks) if (!chain.some((target) => keyOfTarget(target) === keyOfTarget(fallback))) chain.push(fallback);
  return chain;
}

export interface Progress {
  /** Place in the chain of the model to ask now. */
  index: number;
  /** Attempts at that model that came to nothing, those of workers that died included. */
  tries: number;
  /** Attempts at this turn, over all models, those among them that only shortened or repaired. */
  total: number;
  /** How often the conversation was shortened for that model. */
  compactions: number;
  /** How often it was not asked because its connection rests. */
  refusals: number;
}

/** Nothing was sent, so nothing failed: others are trying whether the connection is back. */
const wasRefused = (call: ModelCallRow): boolean => call.error?.code === 'LLM_CIRCUIT_OPEN';

/** Where a turn stands, from its calls so far, oldest first. An end closes the account: what comes after a reset begins anew. */
export function toProgress(chain: readonly ModelTarget[], calls: readonly ModelCallRow[]): Progress {
  const open = calls.slice(calls.findLastIndex((call) => call.action === 'end') + 1);
  const last = open.at(-1);
  const lastIndex = last === undefined ? 0 : Math.max(0, chain.findIndex((target) => keyOfTarget(target) === keyOfCall(last)));
  const index = last?.action === 'fallback' ? Math.min(lastIndex + 1, chain.length - 1) : lastIndex;
  const own = open.filter((call) => keyOfCall(call) === keyOfTarget(chain[index] as ModelTarget));
  return {
    index,
    tries: own.filter((call) => call.status !== 'succeeded' && call.action !== 'compact' && call.action !== 'repair' && !wasRefused(call)).length,
    total: open.filter((call) => !wasRefused(call)).length,
    refusals: own.filter(wasRefused).length,
    compactions: own.filter((call) => call.action === 'compact').length,
  };
}
