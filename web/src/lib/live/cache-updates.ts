import type { EndpointName } from '@contracts/endpoints.ts';
import type { MaestroEvent } from '@contracts/events.ts';
import type { QueryClient, QueryKey } from '@tanstack/react-query';

interface Effect {
  endpoint: EndpointName;
  /** Only readings of this resource; undefined: all of them. */
  id?: string;
}

/** Which readings an event makes out of date. */
const effectsOf = (event: MaestroEvent): Effect[] => {
  const runId = event.run_id ?? undefined;
  const ofRun = runId === undefined ? {} : { id: runId };
  switch (event.type) {
    case 'run-changed':
      return [
        { endpoint: 'getRun', ...ofRun }, { endpoint: 'listRuns' }, { endpoint: 'countRuns' }, { endpoint: 'getDashboard' },
        { endpoint: 'listAgents' }, { endpoint: 'getAgent', id: event.data.agent_id },
      ];
    case 'step-changed': {
      // A tool that ended may have left files.
      const files: Effect[] = event.data.kind === 'tool' && event.data.status !== 'running' ? [{ endpoint: 'listRunFiles', ...ofRun }] : [];
      // A safety step is a verdict in the ledger.
      const ledger: Effect[] = event.data.kind === 'safety' ? [{ endpoint: 'listDecisions' }] : [];
      return [{ endpoint: 'listSteps', ...ofRun }, { endpoint: 'getStep', id: event.data.step_id }, { endpoint: 'listAttempts', id: event.data.step_id }, { endpoint: 'getRun', ...ofRun }, ...files, ...ledger];
    }
    case 'approval-requested':
    case 'approval-settled':
      return [
        { endpoint: 'listApprovals' }, { endpoint: 'countApprovals' }, { endpoint: 'getApproval', id: event.data.approval_id }, { endpoint: 'getDashboard' },
        { endpoint: 'getRun', ...ofRun }, { endpoint: 'listAudit' },
      ];
    case 'approval-changed':
      return [{ endpoint: 'listApprovals' }, { endpoint: 'countApprovals' }, { endpoint: 'getApproval', id: event.data.approval_id }, { endpoint: 'listAudit' }];
    case 'policy-changed': {
      const ofPolicy: Effect[] = [{ endpoint: 'listPolicies' }, { endpoint: 'getPolicy', id: event.data.policy_id }];
      // A draft judges nothing and nobody else sees it: what is in force, and all that tells of it, stays.
      if (event.data.change === 'draft') return ofPolicy;
      return [...ofPolicy, { endpoint: 'listPolicyVersions', id: event.data.policy_id }, { endpoint: 'listPolicySets' }, { endpoint: 'simulateAgent' }, { endpoint: 'tryCall' }, { endpoint: 'listGroups' }, { endpoint: 'listAudit' }];
    }
    case 'back-test-changed': {
      const { back_test_id: id, status } = event.data;
      // A draft knows the last back-test of its text.
      const found: Effect[] = status === 'running' ? [] : [{ endpoint: 'listBackTestDecisions', id }, { endpoint: 'getPolicy' }];
      return [{ endpoint: 'getBackTest', id }, { endpoint: 'listBackTests' }, ...found];
    }
    case 'agent-changed':
      return [{ endpoint: 'listAgents' }, { endpoint: 'getAgent', id: event.data.agent_id }, { endpoint: 'listAgentVersions', id: event.data.agent_id }, { endpoint: 'listAudit' }];
    case 'memory-changed':
      return [{ endpoint: 'listMemory', id: event.data.agent_id }];
    case 'connection-changed':
      // Whatever an admin edits under Integrations says so by this event.
      return [
        { endpoint: 'listConnections' }, { endpoint: 'listModels' }, { endpoint: 'listIntegrations' }, { endpoint: 'getHealth' },
        { endpoint: 'listTools' }, { endpoint: 'listToolSettings' }, { endpoint: 'listDataSources' }, { endpoint: 'listDataSourceTables', id: event.data.connection_id },
        { endpoint: 'listMcpServers' }, { endpoint: 'listSecrets' }, { endpoint: 'listWebhooks' },
      ];
    case 'text-delta':
      // Words of a model go into the draft of their step, by a way of their own.
      return [];
    case 'mail-received':
      return [{ endpoint: 'listOutbox' }];
  }
};

/** Whether a cached reading of `endpoint` is about resource `id` (as a parameter or a filter of the query). */
const isAbout = (queryKey: QueryKey, id: string): boolean => {
  const input = queryKey[1] as { params?: Record<string, unknown>; query?: Record<string, unknown> } | undefined;
  return [...Object.values(input?.params ?? {}), ...Object.values(input?.query ?? {})].includes(id);
};

/**
 * Refreshes the readings a batch of events makes out of date, each once, however many events name it.
 * What is not on screen is only marked and read again when it is shown.
 */
export const applyEvents = (client: QueryClient, events: MaestroEvent[]): void => {
  const byEndpoint = new Map<EndpointName, Set<string> | 'all'>();
  for (const { endpoint, id } of events.flatMap(effectsOf)) {
    const known = byEndpoint.get(endpoint);
    if (known === 'all') continue;
    if (id === undefined) byEndpoint.set(endpoint, 'all');
    else byEndpoint.set(endpoint, (known ?? new Set<string>()).add(id));
  }
  const predicate = ({ queryKey }: { queryKey: QueryKey }): boolean => {
    const ids = byEndpoint.get(queryKey[0] as EndpointName);
    return ids !== undefined && (ids === 'all' || [...ids].some((id) => isAbout(queryKey, id)));
  };
  // A reading under way is not cancelled: on a slow line, steady events would never let one finish. Its answer may be
  // older than the event, so such readings are repeated once.
  const isBusy = client.isFetching({ predicate }) > 0;
  const refreshed = client.invalidateQueries({ predicate }, { cancelRefetch: false });
  if (isBusy) void refreshed.then(() => client.invalidateQueries({ predicate }, { cancelRefetch: false }));
};
