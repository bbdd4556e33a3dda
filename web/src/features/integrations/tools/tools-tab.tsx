import type { ToolSettings } from '@contracts/tool-settings.ts';
import { useQuery } from '@tanstack/react-query';
import { Search, SearchX, SlidersHorizontal, Wrench } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { DataBlock } from '@/components/data-block.tsx';
import { aboveRowLink, type Column, DataTable } from '@/components/data-table/data-table.tsx';
import { EmptyState } from '@/components/empty-state.tsx';
import { RiskChip } from '@/components/risk-chip.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Card } from '@/components/ui/card.tsx';
import { Input } from '@/components/ui/input.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { toolEffectWords } from '@/components/tools/tool-marks.tsx';
import { useGrowingCount } from '@/hooks/use-growing-count.ts';
import { apiQuery } from '@/lib/api-query.ts';
import { useCan } from '@/lib/auth.tsx';
import { countOf, formatInteger } from '@/lib/format.ts';
import { UsedBy } from '../components/fact.tsx';
import { LookPill } from '../components/look-pill.tsx';
import { whoWrites } from '../components/who-writes.ts';
import type { IntegrationsSearch, OnIntegrationsSearch } from '../search.ts';
import { filterTools, heldWords, limitWords, statesAtServers, type ToolState, toolLooks, toolState } from './tool-words.ts';

// Opened by a press.
const ToolSheet = lazy(() => import('./tool-sheet.tsx').then((module) => ({ default: module.ToolSheet })));

/** Tools agents may be given: how each is set up here, what it may do, and for admins its switch, limits and settings. */
export const ToolsTab = ({ search, onSearch }: { search: IntegrationsSearch; onSearch: OnIntegrationsSearch }) => {
  const canWrite = useCan('integrations:write');
  // Calls at work come and go without an event.
  const query = useQuery({ ...apiQuery('listToolSettings'), refetchInterval: 10_000 });
  const servers = useQuery(apiQuery('listMcpServers'));
  const atServers = statesAtServers(servers.data?.items ?? []);
  const heldOf = (atServer: ToolState | undefined): string | undefined => (atServer === undefined ? undefined : heldWords[atServer]);
  const text = search.text ?? '';
  const shown = filterTools(query.data?.items ?? [], text);
  const { count, endRef, grow } = useGrowingCount(shown.length, text);
  const opened = query.data?.items.find(({ name }) => name === search.id);
  const columns: Column<ToolSettings>[] = [
    {
      key: 'name', header: 'Tool', className: 'w-full min-w-64 py-2',
      cell: (tool) => (
        <>
          <span className="block font-mono text-row font-medium wrap-anywhere">{tool.name}</span>
          <span className="line-clamp-2 text-caption text-muted-foreground"><UntrustedText text={tool.description} /></span>
          <span className="block text-caption text-muted-foreground">{tool.mcp_server === null ? 'Built in' : <>From <UntrustedText text={tool.mcp_server} /></>} · {toolEffectWords[tool.effect].word} · up to {limitWords(tool)}</span>
          {!tool.is_configured && tool.configuration_hint !== null && <span className="block text-caption text-waiting-text">{tool.configuration_hint}</span>}
        </>
      ),
    },
    { key: 'risk', header: 'Risk', cell: (tool) => <RiskChip risk={tool.default_risk} /> },
    { key: 'state', header: 'State', cell: (tool) => <LookPill look={toolLooks[toolState(tool, atServers.get(tool.name))]} /> },
    { key: 'running', header: 'Running', align: 'right', cell: (tool) => <span className="tabular">{formatInteger(tool.running)}{tool.max_concurrent !== null && <span className="text-muted-foreground"> of {formatInteger(tool.max_concurrent)}</span>}</span> },
    { key: 'used', header: 'Used by', className: 'min-w-28', cell: (tool) => <div className={aboveRowLink}><UsedBy agents={tool.used_by_agents} /></div> },
  ];
  return (
    <>
      <p className="mb-4 max-w-prose text-row text-muted-foreground">
        What agents may be given to act with. A limit counts over all workers; a tool that is off stays in the agents’ definitions and is not offered to models.
        {!canWrite && <> Your role reads them; {whoWrites} switch, limit and set them up.</>}
      </p>
      <span className="relative mb-4 block sm:w-72">
        <Search aria-hidden className="pointer-events-none absolute top-1/2 left-3 size-4 -translate-y-1/2 text-muted-foreground" />
        <Input data-filter type="search" aria-label="Tool or server" placeholder="Tool or server" value={text} maxLength={200} onChange={(event) => onSearch({ text: event.target.value || undefined }, { replace: true })} className="pl-9" />
      </span>
      <DataBlock
        query={query}
        what="Tools"
        skeleton={<Skeleton className="h-96" />}
        isEmpty={() => shown.length === 0}
        isFiltered={text.trim() !== ''}
        empty={<Card><EmptyState icon={Wrench} title="There are no tools." /></Card>}
        emptyFiltered={<Card><EmptyState icon={SearchX} title={`No tool matches “${text}”.`} action={<Button variant="outline" onClick={() => onSearch({ text: undefined }, { replace: true })}>Clear filter</Button>} /></Card>}
      >
        {() => (
          <>
            <DataTable
              rows={shown.slice(0, count)}
              columns={columns}
              rowKey={({ name }) => name}
              caption="Tools"
              actions={({ name }) => <Button variant="outline" size="small" onClick={() => onSearch({ id: name })} aria-label={`${canWrite ? 'Set up' : 'Settings of'} ${name}`}><SlidersHorizontal aria-hidden />{canWrite ? 'Set up' : 'Settings'}</Button>}
            />
            <div ref={endRef} className="mt-3 flex flex-wrap items-center gap-3 text-caption text-muted-foreground">
              <span>{count < shown.length ? `${formatInteger(count)} of ${countOf(shown.length, 'tool')}` : countOf(shown.length, 'tool')}</span>
              {count < shown.length && <Button variant="outline" size="small" onClick={grow}>Show more</Button>}
            </div>
          </>
        )}
      </DataBlock>
      <Suspense fallback={null}>
        {opened !== undefined && <ToolSheet key={opened.name} tool={opened} held={heldOf(atServers.get(opened.name))} canWrite={canWrite} onClose={() => onSearch({ id: undefined })} />}
      </Suspense>
    </>
  );
};
