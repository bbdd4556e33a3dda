import type { Agent } from '@contracts/agents.ts';
import type { agentSorts } from './search.ts';

type AgentSort = (typeof agentSorts)[number];

const valueOf: Record<AgentSort, (agent: Agent) => number | string | null> = {
  name: (agent) => agent.name,
  runs: (agent) => agent.stats.runs_7d,
  success: (agent) => agent.stats.success_rate_7d,
  cost: (agent) => agent.stats.cost_micro_usd_7d,
  waiting: (agent) => agent.stats.waiting,
};

const byName = new Intl.Collator('en', { sensitivity: 'base', numeric: true });

/**
 * Agents in the order asked for, else as the server gave them (newest first). What is unknown comes last either way; equals are
 * told apart by name.
 */
export const sortAgents = (agents: readonly Agent[], sort: AgentSort | undefined, direction: 'asc' | 'desc' = 'asc'): Agent[] => {
  if (sort === undefined) return [...agents];
  const sign = direction === 'asc' ? 1 : -1;
  return agents.toSorted((left, right) => {
    const a = valueOf[sort](left);
    const b = valueOf[sort](right);
    if (a === null || b === null) return a === b ? byName.compare(left.name, right.name) : a === null ? 1 : -1;
    const order = typeof a === 'string' ? byName.compare(a, String(b)) : a - Number(b);
    return order === 0 ? byName.compare(left.name, right.name) : order * sign;
  });
};

/** Models that agents use or that providers offer, for the filter, each once and in order. */
export const modelChoices = (agents: readonly Agent[], offered: readonly string[]): string[] =>
  [...new Set([...agents.map((agent) => agent.llm_model), ...offered])].toSorted(byName.compare);
