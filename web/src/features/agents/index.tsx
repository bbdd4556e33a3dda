import type { Agent } from '@contracts/agents.ts';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Bot, Plus, SearchX } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { DataBlock } from '@/components/data-block.tsx';
import { EmptyState } from '@/components/empty-state.tsx';
import { PageHeader } from '@/components/layout/page-header.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { useGrowingCount } from '@/hooks/use-growing-count.ts';
import { apiQuery } from '@/lib/api-query.ts';
import { useCan } from '@/lib/auth.tsx';
import { countOf, formatInteger } from '@/lib/format.ts';
import { setPreferences, usePreferences } from '@/lib/preferences.ts';
import { allAgentsQuery } from './api.ts';
import { modelChoices, sortAgents } from './arrange-agents.ts';
import { AgentFilters, hasFilter, noFilter } from './components/agent-filters.tsx';
import { AgentsTable } from './components/agents-table.tsx';
import type { AgentsSearch, OnAgentsSearch } from './search.ts';

// Opened by a press: their code is no part of the page.
const CreateAgentSheet = lazy(() => import('./form/agent-form-sheet.tsx').then((module) => ({ default: module.CreateAgentSheet })));
const RunAgentDialog = lazy(() => import('@/components/run-agent/run-agent-dialog.tsx').then((module) => ({ default: module.RunAgentDialog })));

const rows = <div className="flex flex-col gap-2">{Array.from({ length: 6 }, (_, index) => <Skeleton key={index} className="h-14" />)}</div>;

/** In words, what a list is narrowed to. */
const namesOfFilters = ({ text, model, tool, state }: AgentsSearch): string =>
  [text === undefined ? [] : `“${text}”`, state === undefined ? [] : `last run ${state.replaceAll('_', ' ')}`, model ?? [], tool ?? []].flat().join(', ');

/** All agents: which exist, how they do, and Run. */
export const AgentsPage = ({ search, onSearch }: { search: AgentsSearch; onSearch: OnAgentsSearch }) => {
  const canWrite = useCan('agents:write');
  const { isDemoHidden } = usePreferences();
  const agents = useQuery({ ...allAgentsQuery(search), placeholderData: keepPreviousData });
  const models = useQuery(apiQuery('listModels'));
  const isShown = (agent: Agent): boolean => (search.state === undefined || agent.stats.last_run?.status === search.state) && !(isDemoHidden && agent.is_demo);
  const shown = (all: Agent[]): Agent[] => sortAgents(all.filter(isShown), search.sort, search.direction);
  const total = agents.data === undefined ? 0 : shown(agents.data).length;
  const { count, endRef, grow } = useGrowingCount(total, JSON.stringify([search.text, search.state, search.model, search.tool, search.sort, search.direction]));
  const hiddenDemos = isDemoHidden ? (agents.data?.filter((agent) => agent.is_demo).length ?? 0) : 0;
  const running = agents.data?.find((agent) => agent.id === search.run);
  const openForm = (): void => onSearch({ create: true });
  const createButton = canWrite && <Button onClick={openForm}><Plus aria-hidden />Create agent</Button>;
  const demoNote = hiddenDemos > 0 && (
    <p className="mt-3 text-caption text-muted-foreground">
      {countOf(hiddenDemos, 'demo agent')} hidden. <Button variant="link" size="inline" className="text-caption" onClick={() => setPreferences({ isDemoHidden: false })}>Show</Button>
    </p>
  );
  return (
    <>
      <PageHeader title="Agents" actions={createButton} />
      <AgentFilters search={search} models={modelChoices(agents.data ?? [], models.data?.items.filter((one) => one.is_configured).flatMap((one) => one.models) ?? [])} onSearch={onSearch} />
      <DataBlock
        query={agents}
        what="Agents"
        skeleton={rows}
        isEmpty={(all) => shown(all).length === 0}
        isFiltered={hasFilter(search)}
        empty={
          <>
            <EmptyState icon={Bot} title="No agents yet." action={createButton}>
              {canWrite ? 'An agent is a purpose, a model and the tools it may use. Risky calls wait for a person.' : 'Operators and admins create agents; your role reads them.'}
            </EmptyState>
            <div className="text-center">{demoNote}</div>
          </>
        }
        emptyFiltered={<EmptyState icon={SearchX} title={`No agent matches ${namesOfFilters(search)}.`} action={<Button variant="outline" onClick={() => onSearch(noFilter)}>Clear filters</Button>} />}
      >
        {(all) => (
          <>
            <AgentsTable
              agents={shown(all).slice(0, count)}
              sort={search.sort === undefined ? undefined : { column: search.sort, direction: search.direction ?? 'asc' }}
              onSort={({ column, direction }) => onSearch({ sort: column as NonNullable<AgentsSearch['sort']>, direction }, { replace: true })}
              onRun={(agent) => onSearch({ run: agent.id })}
            />
            <div ref={endRef} className="mt-3 flex flex-wrap items-center gap-3 text-caption text-muted-foreground">
              <span>{count < total ? `${formatInteger(count)} of ${countOf(total, 'agent')}` : countOf(total, 'agent')}</span>
              {count < total && <Button variant="outline" size="small" onClick={grow}>Show more</Button>}
            </div>
            {demoNote}
          </>
        )}
      </DataBlock>
      <Suspense fallback={null}>
        {search.create === true && canWrite && <CreateAgentSheet isOpen onOpenChange={(isOpen) => !isOpen && onSearch({ create: undefined })} />}
        {running !== undefined && <RunAgentDialog agent={running} isOpen onOpenChange={(isOpen) => !isOpen && onSearch({ run: undefined })} />}
      </Suspense>
    </>
  );
};
