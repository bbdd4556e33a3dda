import type { BackTest } from '@contracts/back-tests.ts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { History } from 'lucide-react';
import { DataBlock } from '@/components/data-block.tsx';
import { type Column, DataTable, rowLinkClass } from '@/components/data-table/data-table.tsx';
import { MoreRows } from '@/components/data-table/more-rows.tsx';
import { EmptyState } from '@/components/empty-state.tsx';
import { RelativeTime } from '@/components/figures.tsx';
import { StatePill } from '@/components/state-pill.tsx';
import { Card } from '@/components/ui/card.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { apiPages } from '@/lib/api-query.ts';
import { formatDate, formatInteger } from '@/lib/format.ts';

const columns: Column<BackTest>[] = [
  {
    key: 'policy',
    header: 'Policy',
    cell: (backTest) => <Link to="/governance" search={{ tab: 'backtest', back_test: backTest.id }} className={rowLinkClass}><UntrustedText text={backTest.policy_name ?? 'A draft'} /></Link>,
  },
  { key: 'state', header: 'State', cell: ({ status }) => <StatePill phase={status} /> },
  { key: 'looser', header: 'Looser', align: 'right', cell: ({ counts }) => <span className={counts.looser > 0 ? 'tabular font-medium text-failed-text' : 'tabular'}>{formatInteger(counts.looser)}</span> },
  { key: 'stricter', header: 'Stricter', align: 'right', cell: ({ counts }) => <span className="tabular">{formatInteger(counts.stricter)}</span> },
  { key: 'done', header: 'Judged', align: 'right', cell: ({ done }) => <span className="tabular">{formatInteger(done)}</span>, showFrom: 'md' },
  { key: 'range', header: 'Range', cell: ({ from, to }) => <span className="whitespace-nowrap">{formatDate(from)} – {formatDate(to)}</span>, showFrom: 'lg' },
  { key: 'started', header: 'Started', cell: (backTest) => <span><RelativeTime at={backTest.created_at} /> by <UntrustedText text={backTest.created_by.name} /></span> },
];

/** Every back-test, newest first; each stays as it was found. */
export const OlderBackTests = () => {
  const query = useInfiniteQuery(apiPages('listBackTests', { query: {} }));
  const rows = query.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <section aria-labelledby="older-back-tests" className="flex flex-col gap-2">
      <h2 id="older-back-tests" className="text-title font-semibold">Back-tests so far</h2>
      <DataBlock
        query={query}
        what="Back-tests"
        skeleton={<Skeleton className="h-32" />}
        isEmpty={() => rows.length === 0}
        empty={<Card><EmptyState icon={History} title="Nothing was back-tested yet.">A back-test judges recorded decisions anew under a draft, before it goes live.</EmptyState></Card>}
      >
        {() => (
          <>
            <DataTable rows={rows} columns={columns} rowKey={({ id }) => id} caption="Back-tests, newest first" />
            <MoreRows shown={rows.length} noun="back-test" hasMore={query.hasNextPage} isLoading={query.isFetchingNextPage} onMore={() => void query.fetchNextPage()} />
          </>
        )}
      </DataBlock>
    </section>
  );
};
