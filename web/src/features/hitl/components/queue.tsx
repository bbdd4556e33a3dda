import { useQuery } from '@tanstack/react-query';
import { ArrowUp, ShieldCheck } from 'lucide-react';
import { DataBlock } from '@/components/data-block.tsx';
import { MoreRows } from '@/components/data-table/more-rows.tsx';
import { EmptyState } from '@/components/empty-state.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Card } from '@/components/ui/card.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { apiQuery } from '@/lib/api-query.ts';
import { formatDuration, formatInteger } from '@/lib/format.ts';
import { type ApprovalsSearch, clearedFilters, filterWords, type OnApprovalsSearch } from '../search.ts';
import type { useQueue } from '../use-queue.ts';
import type { Selection } from '../use-selection.ts';
import { QueueRow } from './queue-row.tsx';

/** "12 decided in the last 24 hours, median 48 s": what an empty queue says besides. */
const DecidedLately = () => {
  const { data } = useQuery(apiQuery('countApprovals'));
  if (data === undefined) return null;
  const { decided_24h: count, median_time_to_decide_ms: median } = data;
  if (count === 0) return <>Nobody has decided anything in the last 24 hours.</>;
  return <>{formatInteger(count)} decided in the last 24 hours{median !== null && `, median ${formatDuration(median)}`}.</>;
};

/** The list of what waits. `openId`: the request that is open beside it. */
export const Queue = ({ queue, search, onSearch, openId, selection }: {
  queue: ReturnType<typeof useQueue>;
  search: ApprovalsSearch;
  onSearch: OnApprovalsSearch;
  openId: string | undefined;
  /** Absent for those who may not decide. */
  selection: Pick<Selection, 'ids' | 'toggle'> | undefined;
}) => {
  const { query, shown, fresh, showAll } = queue;
  const words = filterWords({ ...search, outcome: undefined });
  return (
    <DataBlock
      query={query}
      what="Approvals"
      skeleton={<div className="flex flex-col gap-px">{[1, 2, 3, 4].map((row) => <Skeleton key={row} className="h-24" />)}</div>}
      isEmpty={() => shown.length === 0}
      isFiltered={words.length > 0}
      empty={<Card><EmptyState icon={ShieldCheck} title="Nothing waits."><DecidedLately /></EmptyState></Card>}
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
              {shown.map((request) => <QueueRow key={request.id} request={request} receivedAt={query.dataUpdatedAt} isOpen={request.id === openId} isSelected={selection?.ids.has(request.id) === true} onSelect={selection && (() => selection.toggle(request.id))} />)}
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
