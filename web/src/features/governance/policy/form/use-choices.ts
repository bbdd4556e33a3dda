import { isAllowed, rolesWith } from '@contracts/permissions.ts';
import { useQuery } from '@tanstack/react-query';
import type { TokenSuggestion } from '@/components/tokens-field.tsx';
import { apiQuery } from '@/lib/api-query.ts';
import { useCan } from '@/lib/auth.tsx';

const slowlyChanging = { staleTime: 60_000 };
/** The most a list answers at once; more is typed by name. */
const most = { limit: 200 };

/** What policies can be about on this system, to choose from. A list that cannot be had leaves typing. */
export const useScopeChoices = (): Record<'tools' | 'agents' | 'tags' | 'dataSources', TokenSuggestion[]> => {
  const tools = useQuery({ ...apiQuery('listTools'), ...slowlyChanging });
  const agents = useQuery({ ...apiQuery('listAgents', { query: most }), ...slowlyChanging });
  const dataSources = useQuery({ ...apiQuery('listDataSources'), ...slowlyChanging });
  return {
    tools: (tools.data?.items ?? []).map(({ name }) => ({ value: name })),
    agents: (agents.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name })),
    tags: [...new Set((agents.data?.items ?? []).flatMap((agent) => agent.tags))].toSorted().map((value) => ({ value })),
    dataSources: (dataSources.data?.items ?? []).map(({ name }) => ({ value: name })),
  };
};

const deciders: TokenSuggestion[] = rolesWith('approvals:decide').map((role) => ({ value: `role:${role}`, label: `Everybody with the role ${role}` }));

/** Whom policies can name as approvers: roles, groups, people. */
export const useApproverChoices = (): TokenSuggestion[] => {
  const groups = useQuery({ ...apiQuery('listGroups'), ...slowlyChanging });
  const users = useQuery({ ...apiQuery('listUsers', { query: most }), ...slowlyChanging, enabled: useCan('users:read') });
  return [
    ...deciders,
    ...(groups.data?.items ?? []).map(({ name }) => ({ value: `group:${name}`, label: `Group ${name}` })),
    ...(users.data?.items ?? []).filter((user) => !user.is_disabled && isAllowed(user.role, 'approvals:decide')).map(({ email, name }) => ({ value: `user:${email}`, label: `${name} <${email}>` })),
  ];
};
