import type { Agent } from '@contracts/agents.ts';
import { useQuery } from '@tanstack/react-query';
import { hasCode } from '@/lib/api-error.ts';
import { apiQuery } from '@/lib/api-query.ts';

/** The most the list to choose from answers at once. */
const agentsQuery = apiQuery('listAgents', { query: { limit: 200 } });

/** The agents to choose from and the chosen one; `isGone`: it was deleted, so that nothing can be judged as its call. */
export const useTriedAgent = (agentId: string | undefined): { agents: Agent[]; agent: Agent | undefined; isGone: boolean } => {
  const { data } = useQuery(agentsQuery);
  const agents = data?.items ?? [];
  const listed = agents.find(({ id }) => id === agentId);
  const other = useQuery({ ...apiQuery('getAgent', { params: { id: agentId ?? '' } }), enabled: agentId !== undefined && data !== undefined && listed === undefined, retry: false });
  const agent = listed ?? other.data;
  return { agents: agent === undefined || agent === listed ? agents : [agent, ...agents], agent, isGone: agent === undefined && hasCode(other.error, 'AGENT_NOT_FOUND') };
};
