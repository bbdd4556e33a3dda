import type { Page } from '@contracts/pagination.ts';
import type { Run } from '@contracts/runs.ts';
import { type InfiniteData, infiniteQueryOptions, keepPreviousData, type QueryClient, queryOptions } from '@tanstack/react-query';
import { api } from '@/lib/api-client.ts';

/** What is asked of the list, apart from paging. */
export interface RunsFilter {
  status?: Run['status'][];
  agent_id?: string;
  text?: string;
  created_after?: string;
}

type Pages = InfiniteData<Page<Run>, string | null>;

const keyOf = (filter: RunsFilter, edition: number) => ['listRuns', { query: filter }, 'list', edition] as const;

/** When the newest run of a reading was made; undefined for an empty one. */
const newestAt = (pages: Pages | undefined): string | undefined => pages?.pages[0]?.items[0]?.created_at;

/** The first millisecond after a time: the API's upper bound leaves its own moment out. */
const after = (at: string): string => new Date(Date.parse(at) + 1).toISOString();

/**
 * Runs page by page, as they stood when the reader opened the list: refreshes bring new states but no new rows, which
 * would push what is being read. A new `edition` takes in what was made since.
 */
export const runPagesQuery = (filter: RunsFilter, edition: number) =>
  infiniteQueryOptions({
    queryKey: keyOf(filter, edition),
    initialPageParam: null as string | null,
    queryFn: ({ signal, pageParam, client }): Promise<Page<Run>> => {
      const newest = newestAt(client.getQueryData<Pages>(keyOf(filter, edition)));
      return api.call('listRuns', { query: { ...filter, ...(newest === undefined ? {} : { created_before: after(newest) }), ...(pageParam === null ? {} : { cursor: pageParam }) }, signal });
    },
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
  });

const countedAtMost = 100;

/** How many runs were made since the list on screen was read; `isMore` when there are more than are counted. */
export const newRunsQuery = (filter: RunsFilter, edition: number, client: QueryClient) =>
  queryOptions({
    queryKey: ['listRuns', { query: filter }, 'new', edition],
    queryFn: async ({ signal }): Promise<{ count: number; isMore: boolean }> => {
      const shown = newestAt(client.getQueryData<Pages>(keyOf(filter, edition)));
      if (shown === undefined) return { count: 0, isMore: false };
      const { items, next_cursor } = await api.call('listRuns', { query: { ...filter, created_after: after(shown), limit: countedAtMost }, signal });
      return { count: items.length, isMore: next_cursor !== null };
    },
  });
