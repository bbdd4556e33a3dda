import { useInfiniteQuery } from '@tanstack/react-query';
import { ScrollText } from 'lucide-react';
import { DataBlock } from '@/components/data-block.tsx';
import { MoreRows } from '@/components/data-table/more-rows.tsx';
import { EmptyState } from '@/components/empty-state.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Card } from '@/components/ui/card.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { apiPages } from '@/lib/api-query.ts';
import { isBackwards } from '../range/time-range.ts';
import { type GovernanceSearch, type OnGovernanceSearch, toAuditQuery } from '../search.ts';
import { AuditRow, auditRowClass } from './audit-entry.tsx';
import { AuditFilters, auditFilterWords, clearedAuditFilters } from './audit-filters.tsx';
import { ChainMark } from './chain-mark.tsx';

/** Who did what, newest first. Entries are only ever added, each sealed by the hash of the one before. */
export const Audit = ({ search, onSearch }: { search: GovernanceSearch; onSearch: OnGovernanceSearch }) => {
  const query = useInfiniteQuery({ ...apiPages('listAudit', { query: toAuditQuery(search) }), enabled: !isBackwards({ from: search.from, to: search.to }) });
  const entries = query.data?.pages.flatMap(({ items }) => items) ?? [];
  const filters = auditFilterWords(search);
  return (
    <>
      <ChainMark />
      <AuditFilters search={search} onSearch={onSearch} entries={entries} />
      <DataBlock
        query={query}
        what="Audit entries"
        skeleton={<div className="flex flex-col gap-px">{[1, 2, 3, 4, 5, 6].map((row) => <Skeleton key={row} className="h-10" />)}</div>}
        isEmpty={() => entries.length === 0}
        isFiltered={filters.length > 0}
        empty={<Card><EmptyState icon={ScrollText} title="Nothing is recorded yet.">Sign-ins, changes, runs and decisions are written down here as they happen.</EmptyState></Card>}
        emptyFiltered={
          <Card>
            <EmptyState icon={ScrollText} title="No entry matches." action={<Button variant="outline" onClick={() => onSearch(clearedAuditFilters)}>Clear filters</Button>}>
              Filtered by {filters.join(' and ')}.
            </EmptyState>
          </Card>
        }
      >
        {() => (
          <>
            <Card className="overflow-hidden">
              <div aria-hidden className={`${auditRowClass} border-b text-caption font-medium text-muted-foreground max-sm:hidden`}>
                <span />
                <span>When</span>
                <span>Who</span>
                <span>Action</span>
                <span>Object</span>
                <span className="max-lg:hidden">From</span>
              </div>
              <ul aria-label="Audit log, newest first" className="divide-y">
                {entries.map((entry) => (
                  <AuditRow
                    key={entry.sequence}
                    entry={entry}
                    isOpen={search.entry === entry.sequence}
                    onToggle={() => onSearch({ entry: search.entry === entry.sequence ? undefined : entry.sequence })}
                    onSearch={onSearch}
                  />
                ))}
              </ul>
            </Card>
            <MoreRows shown={entries.length} noun="record" hasMore={query.hasNextPage} isLoading={query.isFetchingNextPage} onMore={() => void query.fetchNextPage()} />
          </>
        )}
      </DataBlock>
    </>
  );
};
