import { endpoints, type ResponseOf } from '@contracts/endpoints.ts';
import type { MemoryKind } from '@contracts/memory.ts';
import { queryOptions } from '@tanstack/react-query';
import { api, fillPath, toQueryString } from '@/lib/api-client.ts';
import { ApiError, toApiError } from '@/lib/api-error.ts';

export type MemorySearchAnswer = ResponseOf<'listMemory'> & {
  /** The vector store could not be asked: only words were compared. */
  isWordsOnly: boolean;
};

/** Memories that fit a text best, and how they were found. That stands in a header, so the plain client does not do. */
export const memorySearchQuery = ({ agentId, text, kind, runId }: { agentId: string; text: string; kind: MemoryKind | undefined; runId: string | undefined }) => {
  const input = { params: { id: agentId }, query: { query: text, ...(kind === undefined ? {} : { kind }), ...(runId === undefined ? {} : { run_id: runId }) } };
  return queryOptions({
    queryKey: ['listMemory', input, 'search'] as const,
    queryFn: async ({ signal }): Promise<MemorySearchAnswer> => {
      const response = await api.fetchAuthorized(fillPath(endpoints.listMemory.path, input.params) + toQueryString(input.query), { headers: { accept: 'application/json' }, signal });
      if (!response.ok) throw await toApiError(response);
      const page = endpoints.listMemory.response.safeParse(await response.json().catch(() => null));
      if (!page.success) throw new ApiError('INTERNAL', 'The server answered in a form this page does not know. Reload the page.', { status: response.status, requestId: response.headers.get('x-request-id'), cause: page.error });
      return { ...page.data, isWordsOnly: response.headers.get('x-memory-search') === 'full_text' };
    },
  });
};
