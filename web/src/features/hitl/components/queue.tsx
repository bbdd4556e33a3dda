import { useQuery } from '@tanstack/react-query';
import { ArrowUp, ShieldCheck } from 'lucide-react';
import { MoreRows } from '@/components/data-table/more-rows.tsx';
import { DataBlock } from '@/components/data-block.tsx';
import { EmptyState } from '@/components/empty-state.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Card } from '@/components/ui/card.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { useNow } from '@/hooks/use-now.ts';
import { apiQuery } from '@/lib/api-query.ts';
import { formatDuration, formatInteger } from '@/lib/format.ts';
import { startOfDay, summarizeDecided } from '../queue.ts';
import { type ApprovalsSearch, clearedFilters, filterWords, type OnApprovalsSearch } from '../search.ts';
import { settledStatuses } from '../settled.ts';
import type { useQueue } from '../use-queue.ts';
import { QueueRow } from './queue-row.tsx';

/** "12 decided today, median 48 s": what an empty queue says besides. */
const DecidedToday = () => {
  const now = useNow(60_000);
  const { data } = useQuery(apiQuery('listApprovals', { query: { status: settledStatuses.join(','), limit: 200 } }));
  if (data === undefined) return null;
  const { count, medianMs } = summarizeDecided(data.items, startOfDay(now));
  if (count === 0) return <>Nobody has decided anything today.</>;
  const isMore = data.next_cursor !== null && count === data.items.length;
  return <>{isMore ? 'More than ' : ''}{formatInteger(count)} decided today{medianMs !== null && `, median ${formatDuration(medianMs)}`}.</>;
};

/** The list of what waits. `openId`: the request that is open beside it. */
export const Queue = ({ queue, search, onSearch, openId }: { queue: ReturnType<typeof useQueue>; search: ApprovalsSearch; onSearch: OnApprovalsSearch; openId: string | undefined }) => {
  const { query, shown, fresh, showAll } = queue;
  const words = filterWords({ ...search, outcome: undefined });
  return (
    <DataBlock
      query={query}
      what="Approvals"
      skeleton={<div className="flex flex-col gap-px">{[1, 2, 3, 4].map((row) => <Skeleton key={row} className="h-24" />)}</div>}
      isEmpty={() => shown.length === 0}
      isFiltered={words.length > 0}
      empty={<Card><EmptyState icon={ShieldCheck} title="Nothing waits."><DecidedToday /></EmptyState></Card>}
      emptyFiltered={
        <Card>
          <EmptyState icon={ShieldCheck} title="No waiting request matches." action={<Button variant="outline" onClick={() => onSearch(clearedFilters)}>Clear filters</Button>}>
            Filtered by {words.join(', ')}.
          </EmptyState>
        </Card>
      }
    >
      {() => (
        <>
          {fresh.length > 0 && (
            <Button variant="outline" size="small" onClick={showAll} className="sticky top-14 z-10 mb-2 w-full rounded-full border-primary">
              <ArrowUp aria-hidden />{fresh.length === 1 ? '1 new request' : `${formatInteger(fresh.length)} new requests`}
            </Button>
          )}
          <Card className="overflow-hidden">
            <ul aria-label="Waiting requests, nearest expiry first" className="divide-y">
              {shown.map((request) => <QueueRow key={request.id} request={request} receivedAt={query.dataUpdatedAt} isOpen={request.id === openId} />)}
            </ul>
          </Card>
          <MoreRows
            shown={shown.length}
            noun="waiting request"
            hasMore={query.hasNextPage}
            isLoading={query.isFetchingNextPage}
            onMore={() => {
              showAll();
              void query.fetchNextPage();
            }}
          />
        </>
      )}
    </DataBlock>
  );
};
