import type { EndpointName, ResponseOf } from '@contracts/endpoints.ts';
import { infiniteQueryOptions, keepPreviousData, type QueryClient, queryOptions } from '@tanstack/react-query';
import { api, type CallInput } from './api-client.ts';

type QueryInput<Name extends EndpointName> = Omit<CallInput<Name>, 'signal' | 'body' | 'headers'>;

/**
 * The cache key of a read: `[endpoint, input]`. Invalidate `[endpoint]` to refresh every reading of it.
 */
export const apiQueryKey = <Name extends EndpointName>(name: Name, input: QueryInput<Name> = {}): readonly [Name, QueryInput<Name>] =>
  [name, input] as const;

/** Query options of one read of the api, typed and parsed by its contract. */
export const apiQuery = <Name extends EndpointName>(name: Name, input: QueryInput<Name> = {}) =>
  queryOptions<ResponseOf<Name>>({
    queryKey: apiQueryKey(name, input),
    queryFn: ({ signal }) => api.call(name, { ...input, signal }),
  });

/** Names of endpoints that answer `{items, next_cursor}`. */
export type ListEndpointName = {
  [Name in EndpointName]: ResponseOf<Name> extends { items: unknown[]; next_cursor: string | null } ? Name : never;
}[EndpointName];

/** Options of a list read page by page; the pages of the old filter stay on screen while the new ones load. */
export const apiPages = <Name extends ListEndpointName>(name: Name, input: QueryInput<Name> = {}) =>
  infiniteQueryOptions({
    queryKey: [name, input, 'pages'] as const,
    initialPageParam: null as string | null,
    queryFn: ({ signal, pageParam }): Promise<ResponseOf<Name>> =>
      api.call(name, {
        ...input,
        query: { ...(input.query as object), ...(pageParam === null ? {} : { cursor: pageParam }) } as never,
        signal,
      }),
    getNextPageParam: (page: ResponseOf<Name>) => (page as { next_cursor: string | null }).next_cursor,
    placeholderData: keepPreviousData,
  });

/** Marks every reading of these endpoints as out of date and refreshes those on screen. */
export const refresh = (client: QueryClient, ...names: EndpointName[]): Promise<void> =>
  client.invalidateQueries({ predicate: ({ queryKey }) => names.includes(queryKey[0] as EndpointName) });
