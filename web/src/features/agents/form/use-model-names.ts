import type { ModelProvider } from '@contracts/agents.ts';
import { useQuery } from '@tanstack/react-query';
import { connectionIdOf } from '@/components/models/model-target.ts';
import { apiQuery } from '@/lib/api-query.ts';

/**
 * Names of models to suggest for a connection: those it is known to have and those its server lists. `error`: why the server's list
 * could not be had, which keeps nobody from typing a name.
 */
export const useModelNames = (connection: ModelProvider | undefined): { names: string[]; isListed: boolean; error: string | undefined } => {
  const canAsk = connection !== undefined && connection.is_configured && !connection.is_scripted;
  const listed = useQuery({
    ...apiQuery('listConnectionModels', { params: { id: connection === undefined ? '' : connectionIdOf(connection) } }),
    enabled: canAsk, staleTime: 300_000, retry: false,
  });
  const items = canAsk ? (listed.data?.items ?? []) : [];
  return {
    names: [...new Set([...items.map(({ id }) => id), ...(connection?.models ?? [])])],
    isListed: items.length > 0,
    error: canAsk ? listed.data?.error?.message : undefined,
  };
};
