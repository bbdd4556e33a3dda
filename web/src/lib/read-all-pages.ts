import { maxPageSize } from '@contracts/pagination.ts';
import { api, type CallInput } from './api-client.ts';
import type { ListEndpointName } from './api-query.ts';
import type { ResponseOf } from '@contracts/endpoints.ts';

/** Every item of a list, page after page. @throws ApiError of the page that failed; nothing is answered half. */
export const readAllPages = async <Name extends ListEndpointName>(name: Name, input: Pick<CallInput<Name>, 'params' | 'query'> = {}): Promise<ResponseOf<Name>['items']> => {
  const items: unknown[] = [];
  let cursor: string | null = null;
  do {
    const page: { items: unknown[]; next_cursor: string | null } = await api.call(name, {
      ...input,
      query: { ...(input.query as object), limit: maxPageSize, ...(cursor === null ? {} : { cursor }) } as never,
    }) as never;
    items.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor !== null);
  return items as ResponseOf<Name>['items'];
};
