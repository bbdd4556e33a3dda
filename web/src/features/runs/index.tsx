import type { Run } from '@contracts/runs.ts';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowUp, CirclePlay } from 'lucide-react';
import { useMemo, useState } from 'react';
import { ConfirmDialog } from '@/components/confirm-dialog.tsx';
import { DataBlock } from '@/components/data-block.tsx';
import { MoreRows } from '@/components/data-table/more-rows.tsx';
import { EmptyState } from '@/components/empty-state.tsx';
import { PageHeader } from '@/components/layout/page-header.tsx';
import { type RunColumn, RunsTable } from '@/components/runs-table.tsx';
import { phaseLooks } from '@/components/state-pill.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { api } from '@/lib/api-client.ts';
import { refresh } from '@/lib/api-query.ts';
import { useCan } from '@/lib/auth.tsx';
import { countOf } from '@/lib/format.ts';
import { newRunsQuery, runPagesQuery, type RunsFilter } from './api/list-runs.ts';
import { RunMenu } from './components/run-menu.tsx';
import { PhaseChips, RunsFilters, type RunsSearch, type RunsSearchProps } from './components/runs-filters.tsx';
import { toPhases } from './phases.ts';
import { rangeWords, startOf } from './ranges.ts';

const columns: RunColumn[] = ['goal_and_agent', 'status', 'started', 'active', 'waiting', 'tokens', 'cost'];

/** A list opened again begins with what is there now. */
let lastEdition = 0;
const nextEdition = (): { edition: number; openedAt: number } => ({ edition: (lastEdition += 1), openedAt: Date.now() });

const toFilter = ({ status, agent, range, text }: { [Key in keyof RunsSearch]: RunsSearch[Key] | undefined }, now: number): RunsFilter => ({
  ...(status === undefined ? {} : { status: toPhases(status) }),
  ...(agent === undefined ? {} : { agent_id: agent }),
  ...(text === undefined ? {} : { text }),
  ...(range === undefined ? {} : { created_after: startOf(range, now) }),
});

/** The filters in words, for "nothing fits". */
const filterWords = ({ status, agent, range, text }: RunsSearch): string =>
  [
    status === undefined ? null : toPhases(status).map((phase) => phaseLooks[phase].word.toLowerCase()).join(' or '),
    agent === undefined ? null : 'one agent',
    range === undefined ? null : rangeWords[range].toLowerCase(),
    text === undefined ? null : `“${text}”`,
  ].filter((part) => part !== null).join(', ');

const noFilter = { status: undefined, agent: undefined, range: undefined, text: undefined };

/** Every run, newest first, with what each is doing and what it cost. */
export const RunsPage = ({ search, onSearch }: RunsSearchProps) => {
  const client = useQueryClient();
  const [{ edition, openedAt }, setEdition] = useState(nextEdition);
  const { status, agent, range, text } = search;
  const filter = useMemo(() => toFilter({ status, agent, range, text }, openedAt), [status, agent, range, text, openedAt]);
  const query = useInfiniteQuery(runPagesQuery(filter, edition));
  const news = useQuery({ ...newRunsQuery(filter, edition, client), enabled: query.isSuccess && !query.isPlaceholderData });
  const canControl = useCan('runs:control');
  const [cancelling, setCancelling] = useState<Run>();
  const isFiltered = filterWords(search) !== '';

  const takeIn = (): void => {
    setEdition(nextEdition());
    scrollTo({ top: 0 });
  };
  const cancel = async (): Promise<void> => {
    if (cancelling === undefined) return;
    await api.call('cancelRun', { params: { run_id: cancelling.run_id }, body: {} });
    await refresh(client, 'listRuns', 'countRuns');
  };

  return (
    <>
      <PageHeader title="Runs" />
      <div className="mb-4 flex flex-col gap-3">
        <PhaseChips search={search} onSearch={onSearch} />
        <RunsFilters search={search} onSearch={onSearch} />
      </div>
      {news.data !== undefined && news.data.count > 0 && (
        <div className="sticky top-14 z-20 mb-3 flex justify-center">
          <Button size="small" className="rounded-full" onClick={takeIn}><ArrowUp aria-hidden />{news.data.isMore ? 'More than 100 new runs' : countOf(news.data.count, 'new run')}</Button>
        </div>
      )}
      <DataBlock
        query={query}
        what="Runs"
        skeleton={<Skeleton className="h-[440px]" />}
        isEmpty={({ pages }) => pages.every((page) => page.items.length === 0)}
        isFiltered={isFiltered}
        empty={<EmptyState icon={CirclePlay} title="No run yet. Start one from an agent." action={<Button asChild><Link to="/agents">Go to agents</Link></Button>} />}
        emptyFiltered={<EmptyState icon={CirclePlay} title={<>No run fits: <UntrustedText text={filterWords(search)} />.</>} action={<Button variant="outline" onClick={() => onSearch(noFilter)}>Clear filters</Button>} />}
      >
        {({ pages }) => {
          const runs = pages.flatMap((page) => page.items);
          return (
            <div className={query.isPlaceholderData ? 'opacity-60' : undefined} aria-busy={query.isPlaceholderData}>
              <RunsTable
                runs={runs}
                shown={columns}
                caption="Runs, newest first"
                actions={(run) => <RunMenu run={run} onCancel={canControl ? setCancelling : undefined} />}
              />
              <MoreRows shown={runs.length} noun="run" hasMore={query.hasNextPage} isLoading={query.isFetchingNextPage} onMore={() => void query.fetchNextPage()} />
            </div>
          );
        }}
      </DataBlock>
      <ConfirmDialog isOpen={cancelling !== undefined} onOpenChange={() => setCancelling(undefined)} title="Cancel this run?" confirmLabel="Cancel run" cancelLabel="Let it go on" onConfirm={cancel}>
        <p><UntrustedText text={cancelling?.goal ?? ''} className="line-clamp-3" /></p>
        <p className="mt-2">It stops as soon as the work under way allows. What it has already done stays done.</p>
      </ConfirmDialog>
    </>
  );
};
