import type { ObservabilityResponse } from '@contracts/system.ts';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Activity, CalendarSearch } from 'lucide-react';
import { DataBlock } from '@/components/data-block.tsx';
import { EmptyState } from '@/components/empty-state.tsx';
import { PageHeader } from '@/components/layout/page-header.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { apiQuery } from '@/lib/api-query.ts';
import { Breakdowns } from './components/breakdowns.tsx';
import { Charts } from './components/charts.tsx';
import { FilterBar } from './components/filter-bar.tsx';
import { Tiles } from './components/tiles.tsx';
import type { ObservabilitySearch, ObservabilitySearchProps } from './search.ts';

const refreshMs = 15_000;

const toQuery = ({ range, agent, model, demo }: ObservabilitySearch) => ({
  ...(range === undefined ? {} : { range }),
  ...(agent === undefined ? {} : { agent_id: agent }),
  ...(model === undefined ? {} : { llm_model: model }),
  ...(demo === true ? { include_demo: 'true' as const } : {}),
});

const Figures = ({ data }: { data: ObservabilityResponse }) => (
  <div className="flex flex-col gap-4">
    <h2 className="sr-only">Figures of the range</h2>
    <Tiles totals={data.totals} previous={data.previous} />
    <h2 className="sr-only">Over time</h2>
    <Charts data={data} />
    <h2 className="sr-only">Where they come from</h2>
    <Breakdowns data={data} />
  </div>
);

const Skeletons = () => (
  <div className="flex flex-col gap-4">
    <Skeleton className="h-32" />
    <div className="grid gap-4 xl:grid-cols-2"><Skeleton className="h-72" /><Skeleton className="h-72" /></div>
  </div>
);

/** Whether runs got slower, dearer or fail more than before, since when, and which agent, model or tool it is. */
export const ObservabilityPage = ({ search, onSearch }: ObservabilitySearchProps) => {
  const query = useQuery({ ...apiQuery('getObservability', { query: toQuery(search) }), placeholderData: keepPreviousData, refetchInterval: refreshMs });
  const withDemo = search.demo === true ? undefined : <Button variant="outline" onClick={() => onSearch({ demo: true })}>Include the demo agent</Button>;
  const isNarrowed = search.agent !== undefined || search.model !== undefined;
  return (
    <>
      <PageHeader title="Observability" />
      <FilterBar search={search} onSearch={onSearch} />
      <DataBlock query={query} what="Figures" skeleton={<Skeletons />}>
        {(data) => {
          if (!data.has_any_run) {
            return (
              <EmptyState icon={Activity} title="Nothing is recorded yet." action={<span className="flex flex-wrap justify-center gap-2"><Button asChild><Link to="/agents">Go to agents</Link></Button>{withDemo}</span>}>
                Figures appear here with the first run{search.demo === true ? '' : ' of an agent of yours; the demo’s are left out'}.
              </EmptyState>
            );
          }
          if (data.totals.runs === 0 && data.totals.approvals === 0) {
            return (
              <EmptyState
                icon={CalendarSearch}
                title={isNarrowed ? 'No run fits these filters in this range.' : 'No run in this range.'}
                action={<span className="flex flex-wrap justify-center gap-2">{search.range !== '30d' && <Button onClick={() => onSearch({ range: '30d' })}>Show the last 30 days</Button>}{isNarrowed && <Button variant="outline" onClick={() => onSearch({ agent: undefined, model: undefined })}>Clear filters</Button>}{withDemo}</span>}
              >
                The zero is real: runs are recorded, but none was started then.
              </EmptyState>
            );
          }
          return <div className={query.isPlaceholderData ? 'opacity-60' : undefined} aria-busy={query.isPlaceholderData}><Figures data={data} /></div>;
        }}
      </DataBlock>
    </>
  );
};
