import { useInfiniteQuery } from '@tanstack/react-query';
import { ScrollText, X } from 'lucide-react';
import { type FormEvent, useRef } from 'react';
import { DataBlock } from '@/components/data-block.tsx';
import { MoreRows } from '@/components/data-table/more-rows.tsx';
import { EmptyState } from '@/components/empty-state.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Card } from '@/components/ui/card.tsx';
import { Input } from '@/components/ui/input.tsx';
import { Select } from '@/components/ui/select.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { apiPages } from '@/lib/api-query.ts';
import { actionWords, knownActions } from './audit-actions.ts';
import { type GovernanceSearch, type OnGovernanceSearch, toAuditQuery } from '../search.ts';
import { AuditRow } from './audit-entry.tsx';

const Filters = ({ search, onSearch, actions }: { search: GovernanceSearch; onSearch: OnGovernanceSearch; actions: readonly string[] }) => {
  const ref = useRef<HTMLInputElement>(null);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const id = ref.current?.value.trim() ?? '';
    onSearch({ object: id === '' ? undefined : id, entry: undefined });
  };
  return (
    <form role="search" aria-label="Filter the audit log" onSubmit={submit} className="mb-3 flex flex-wrap gap-2">
      <Select data-filter aria-label="Action" className="sm:w-64" value={search.action ?? ''} onChange={(event) => onSearch({ action: event.target.value === '' ? undefined : event.target.value, entry: undefined })}>
        <option value="">All actions</option>
        {actions.map((action) => <option key={action} value={action}>{actionWords(action)}</option>)}
      </Select>
      {/* Another address is another field: what is typed follows the address, not the other way round. */}
      <Input key={search.object ?? ''} ref={ref} aria-label="Object id" placeholder="Object id, whole" defaultValue={search.object ?? ''} className="min-w-0 flex-1 sm:max-w-96" autoComplete="off" spellCheck={false} />
      <Button type="submit" variant="outline">Filter</Button>
      {(search.action !== undefined || search.object !== undefined) && (
        <Button variant="ghost" onClick={() => onSearch({ action: undefined, object: undefined, entry: undefined })}><X aria-hidden />Clear</Button>
      )}
    </form>
  );
};

/** Who did what, newest first. Entries are only ever added, each sealed by the hash of the one before. */
export const Audit = ({ search, onSearch }: { search: GovernanceSearch; onSearch: OnGovernanceSearch }) => {
  const query = useInfiniteQuery(apiPages('listAudit', { query: toAuditQuery(search) }));
  const entries = query.data?.pages.flatMap(({ items }) => items) ?? [];
  const actions = [...new Set<string>([...knownActions, ...entries.map(({ action }) => action), ...(search.action === undefined ? [] : [search.action])])];
  return (
    <>
      <Filters search={search} onSearch={onSearch} actions={actions} />
      <DataBlock
        query={query}
        what="Audit entries"
        skeleton={<div className="flex flex-col gap-px">{[1, 2, 3, 4, 5, 6].map((row) => <Skeleton key={row} className="h-10" />)}</div>}
        isEmpty={() => entries.length === 0}
        isFiltered={search.action !== undefined || search.object !== undefined}
        empty={<Card><EmptyState icon={ScrollText} title="Nothing is recorded yet.">Sign-ins, changes, runs and decisions are written down here as they happen.</EmptyState></Card>}
        emptyFiltered={
          <Card>
            <EmptyState icon={ScrollText} title="No entry matches." action={<Button variant="outline" onClick={() => onSearch({ action: undefined, object: undefined })}>Clear filters</Button>}>
              Filtered by {[search.action === undefined ? undefined : 'action', search.object === undefined ? undefined : 'object id'].filter(Boolean).join(' and ')}.
            </EmptyState>
          </Card>
        }
      >
        {() => (
          <>
            <Card className="overflow-hidden">
              <div aria-hidden className="grid grid-cols-[1.25rem_8rem_minmax(0,1fr)_minmax(0,1.4fr)_minmax(0,1fr)] gap-x-2 border-b px-3 py-2 text-caption font-medium text-muted-foreground max-sm:hidden">
                <span />
                <span>When</span>
                <span>Who</span>
                <span>Action</span>
                <span>Object</span>
              </div>
              <ul aria-label="Audit log, newest first" className="divide-y">
                {entries.map((entry) => (
                  <AuditRow
                    key={entry.sequence}
                    entry={entry}
                    isOpen={search.entry === entry.sequence}
                    onToggle={() => onSearch({ entry: search.entry === entry.sequence ? undefined : entry.sequence })}
                    onObject={(object) => onSearch({ object, action: undefined, entry: undefined })}
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
