import type { DataSource } from '@contracts/data-sources.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Database, Plus } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { toast } from 'sonner';
import { DataBlock } from '@/components/data-block.tsx';
import { EmptyState } from '@/components/empty-state.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Card } from '@/components/ui/card.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { api } from '@/lib/api-client.ts';
import { sentenceOf } from '@/lib/api-error.ts';
import { apiQuery, refresh } from '@/lib/api-query.ts';
import { useCan } from '@/lib/auth.tsx';
import { oneWhoWrites, whoWrites } from '../components/who-writes.ts';
import type { IntegrationsSearch, OnIntegrationsSearch } from '../search.ts';
import { DataSourceCard } from './data-source-card.tsx';
import { sortDataSources } from './data-source-words.ts';

// Opened by a press.
const DataSourceSheet = lazy(() => import('./data-source-sheet.tsx').then((module) => ({ default: module.DataSourceSheet })));
const TablesSheet = lazy(() => import('./tables-sheet.tsx').then((module) => ({ default: module.TablesSheet })));
const DeleteDataSourceDialog = lazy(() => import('./data-source-questions.tsx').then((module) => ({ default: module.DeleteDataSourceDialog })));
const SwitchOffDialog = lazy(() => import('./data-source-questions.tsx').then((module) => ({ default: module.SwitchOffDialog })));

const skeleton = <div className="grid gap-3 lg:grid-cols-2">{[1, 2].map((card) => <Skeleton key={card} className="h-64" />)}</div>;

/** Databases agents may read: how each is, what of it is open, and for admins its address, limits and tests. */
export const DataSourcesTab = ({ search, onSearch }: { search: IntegrationsSearch; onSearch: OnIntegrationsSearch }) => {
  const canWrite = useCan('integrations:write');
  const queryClient = useQueryClient();
  const query = useQuery({ ...apiQuery('listDataSources'), refetchInterval: 30_000 });
  const [question, setQuestion] = useState<{ kind: 'delete' | 'off'; id: string }>();
  const find = (id: string | undefined): DataSource | undefined => query.data?.items.find((source) => source.id === id);
  const [opened, asked] = [find(search.id), find(question?.id)];
  const close = (): void => onSearch({ id: undefined, view: undefined });
  const closeQuestion = (isOpen: boolean): void => {
    if (!isOpen) setQuestion(undefined);
  };
  const setEnabled = async (source: DataSource, isEnabled: boolean): Promise<void> => {
    await api.call('updateDataSource', { params: { id: source.id }, body: { is_enabled: isEnabled, version: source.version } }).finally(() => void refresh(queryClient, 'listDataSources', 'listIntegrations', 'listTools', 'listToolSettings'));
    toast.success(isEnabled ? `${source.name} is switched on` : `${source.name} is switched off`);
  };
  const switchIt = (source: DataSource): void => {
    if (source.is_enabled && source.used_by_agents.length > 0) setQuestion({ kind: 'off', id: source.id });
    else void setEnabled(source, !source.is_enabled).catch((error: unknown) => toast.error(sentenceOf(error), { duration: Number.POSITIVE_INFINITY }));
  };
  const addButton = canWrite && <Button onClick={() => onSearch({ id: 'new', view: undefined })}><Plus aria-hidden />Add data source</Button>;
  return (
    <>
      <div className="mb-4 flex flex-wrap items-center justify-between gap-3">
        <p className="max-w-prose text-row text-muted-foreground">
          PostgreSQL databases agents may read with <code>run_sql</code>; other databases are not supported. Every query runs in a transaction that can only read, within the limits set here.
          {!canWrite && <> Your role reads them; {whoWrites} add, change and test.</>}
        </p>
        {query.data !== undefined && query.data.items.length > 0 && addButton}
      </div>
      <DataBlock
        query={query}
        what="Data sources"
        skeleton={skeleton}
        isEmpty={({ items }) => items.length === 0}
        empty={<Card><EmptyState icon={Database} title="There is no data source yet." action={addButton}>{canWrite ? 'Add a PostgreSQL database, with a role that may only read.' : `Ask ${oneWhoWrites} to add a PostgreSQL database.`}</EmptyState></Card>}
      >
        {({ items }) => (
          <ul className="grid items-start gap-3 lg:grid-cols-2">
            {sortDataSources(items).map((source) => (
              <li key={source.id} className="grid">
                <DataSourceCard
                  source={source}
                  canWrite={canWrite}
                  onEdit={() => onSearch({ id: source.id, view: undefined })}
                  onTables={() => onSearch({ id: source.id, view: 'tables' })}
                  onSwitch={() => switchIt(source)}
                  onDelete={() => setQuestion({ kind: 'delete', id: source.id })}
                />
              </li>
            ))}
          </ul>
        )}
      </DataBlock>
      <Suspense fallback={null}>
        {canWrite && search.id === 'new' && search.view === undefined && <DataSourceSheet onClose={close} />}
        {canWrite && opened !== undefined && search.view !== 'tables' && !opened.is_built_in && <DataSourceSheet key={opened.id} source={opened} onClose={close} />}
        {opened !== undefined && search.view === 'tables' && <TablesSheet key={opened.id} source={opened} onClose={close} />}
        {asked !== undefined && question?.kind === 'delete' && <DeleteDataSourceDialog source={asked} isOpen onOpenChange={closeQuestion} />}
        {asked !== undefined && question?.kind === 'off' && <SwitchOffDialog source={asked} isOpen onOpenChange={closeQuestion} onConfirm={() => setEnabled(asked, false)} />}
      </Suspense>
    </>
  );
};
