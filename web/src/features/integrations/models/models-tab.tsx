import type { Connection } from '@contracts/connections.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Plug, Plus } from 'lucide-react';
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
import { ConnectionCard } from './connection-card.tsx';
import { sortConnections } from './sort-connections.ts';

// Opened by a press.
const ConnectionSheet = lazy(() => import('./connection-sheet.tsx').then((module) => ({ default: module.ConnectionSheet })));
const DeleteConnectionDialog = lazy(() => import('./connection-questions.tsx').then((module) => ({ default: module.DeleteConnectionDialog })));
const SwitchOffDialog = lazy(() => import('./connection-questions.tsx').then((module) => ({ default: module.SwitchOffDialog })));

const skeleton = <div className="grid gap-3 lg:grid-cols-2 2xl:grid-cols-3">{[1, 2, 3].map((card) => <Skeleton key={card} className="h-56" />)}</div>;

const isReal = (connection: Connection): boolean => connection.api !== 'scripted' && connection.is_configured;

/** The connections to models: how each is, and for admins their keys, limits and tests. */
export const ModelsTab = ({ search, onSearch }: { search: IntegrationsSearch; onSearch: OnIntegrationsSearch }) => {
  const canWrite = useCan('integrations:write');
  const queryClient = useQueryClient();
  // Circuits open and close without anybody here doing anything; the stream may be away.
  const query = useQuery({ ...apiQuery('listConnections'), refetchInterval: 15_000 });
  const [question, setQuestion] = useState<{ kind: 'delete' | 'off'; id: string }>();
  const find = (id: string | undefined): Connection | undefined => query.data?.items.find((connection) => connection.id === id);
  const edited = find(search.id);
  const asked = find(question?.id);
  const close = (isOpen: boolean): void => {
    if (!isOpen) onSearch({ id: undefined });
  };
  const setEnabled = async (connection: Connection, isEnabled: boolean): Promise<void> => {
    await api.call('updateConnection', { params: { id: connection.id }, body: { is_enabled: isEnabled, version: connection.version } }).finally(() => void refresh(queryClient, 'listConnections', 'listModels', 'listIntegrations'));
    toast.success(isEnabled ? `${connection.name} is switched on` : `${connection.name} is switched off`);
  };
  const switchIt = (connection: Connection): void => {
    if (connection.is_enabled) setQuestion({ kind: 'off', id: connection.id });
    else void setEnabled(connection, true).catch((error: unknown) => toast.error(sentenceOf(error), { duration: Number.POSITIVE_INFINITY }));
  };
  const addButton = canWrite && <Button onClick={() => onSearch({ id: 'new' })}><Plus aria-hidden />Add connection</Button>;
  return (
    <>
      <div className="mb-4 flex flex-wrap items-center justify-between gap-3">
        <p className="max-w-prose text-row text-muted-foreground">
          Agents think with the models behind these. Each connection has its own address, key and limits, shared by all workers.
          {!canWrite && <> Your role reads them; {whoWrites} add, change and test.</>}
        </p>
        {query.data?.items.some(isReal) === true && addButton}
      </div>
      <DataBlock query={query} what="Connections" skeleton={skeleton}>
        {({ items }) => (
          <div className="flex flex-col gap-4">
            {!items.some(isReal) && (
              <Card>
                <EmptyState icon={Plug} title="No model is connected yet." action={addButton}>
                  {canWrite ? 'Add OpenAI, Anthropic, or a server of your own such as Ollama. Until then the scripted model plays the demo.' : `Ask ${oneWhoWrites} to connect one. Until then the scripted model plays the demo.`}
                </EmptyState>
              </Card>
            )}
            <ul className="grid items-start gap-3 lg:grid-cols-2 2xl:grid-cols-3">
              {sortConnections(items).map((connection) => (
                <li key={connection.id} className="grid">
                  <ConnectionCard
                    connection={connection}
                    canWrite={canWrite}
                    onEdit={() => onSearch({ id: connection.id })}
                    onSwitch={() => switchIt(connection)}
                    onDelete={() => setQuestion({ kind: 'delete', id: connection.id })}
                  />
                </li>
              ))}
            </ul>
          </div>
        )}
      </DataBlock>
      <Suspense fallback={null}>
        {canWrite && search.id === 'new' && <ConnectionSheet isOpen onOpenChange={close} />}
        {canWrite && edited !== undefined && !edited.is_built_in && <ConnectionSheet key={edited.id} connection={edited} isOpen onOpenChange={close} />}
        {asked !== undefined && question?.kind === 'delete' && <DeleteConnectionDialog connection={asked} isOpen onOpenChange={(isOpen) => !isOpen && setQuestion(undefined)} />}
        {asked !== undefined && question?.kind === 'off' && <SwitchOffDialog connection={asked} isOpen onOpenChange={(isOpen) => !isOpen && setQuestion(undefined)} onConfirm={() => setEnabled(asked, false)} />}
      </Suspense>
    </>
  );
};
