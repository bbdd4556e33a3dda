import type { SimulateAgentBody, SimulatedAgent } from '@contracts/policies.ts';
import { queryOptions } from '@tanstack/react-query';
import { api } from '@/lib/api-client.ts';

/** The verdict each tool of an agent would get from the live policies, or with a draft in its place. Asked by POST, but a read: events of policies refresh it. */
export const simulationQuery = ({ agentId, agentVersion, draft }: { agentId: string; /** Another version has other tools: another reading. */ agentVersion?: number; draft?: SimulateAgentBody['draft'] }) =>
  queryOptions<SimulatedAgent>({
    queryKey: ['simulateAgent', { params: { id: agentId }, agentVersion, draft }],
    queryFn: ({ signal }) => api.call('simulateAgent', { body: { agent_id: agentId, ...(draft === undefined ? {} : { draft }) }, signal }),
  });
