import type { ApprovalRequest } from '@contracts/approvals.ts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { apiPages } from '@/lib/api-query.ts';
import { holdBackNew, sortQueue } from './queue.ts';
import { type ApprovalsSearch, toApprovalsQuery } from './search.ts';

/** What waits, in order; requests that arrive while somebody reads are held back until asked for. */
export const useQueue = (search: ApprovalsSearch) => {
  const filter = toApprovalsQuery(search);
  const query = useInfiniteQuery(apiPages('listApprovals', { query: { status: 'pending', limit: 100, ...filter } }));
  const key = JSON.stringify(filter);
  const [known, setKnown] = useState<{ key: string; ids: ReadonlySet<string> }>();
  const all: ApprovalRequest[] = query.data?.pages.flatMap(({ items }) => items) ?? [];
  const requests = sortQueue(all);
  const ids = known?.key === key ? known.ids : undefined;
  // Rows of the filter before stay while the new ones load; they say nothing about what is new.
  const { shown, fresh } = query.isPlaceholderData ? { shown: requests, fresh: [] } : holdBackNew(requests, ids);
  if (!query.isPlaceholderData && shown.length > 0 && (ids === undefined || !shown.some(({ id }) => ids.has(id)))) {
    setKnown({ key, ids: new Set(requests.map(({ id }) => id)) });
  }
  return {
    query,
    shown,
    fresh,
    /** Lets everything on the screen: the pill was pressed, or a further page was asked for. */
    showAll: () => setKnown(undefined),
  };
};
