import type { McpServer } from '@contracts/mcp-servers.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { ArrowLeft, Blocks, Plus, SearchX } from 'lucide-react';
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
import { sortServers } from './mcp-words.ts';
import { ServerCard } from './server-card.tsx';
import { ServerTools } from './server-tools.tsx';

// Opened by a press.
const ServerSheet = lazy(() => import('./server-sheet.tsx').then((module) => ({ default: module.ServerSheet })));
const ReviewSheet = lazy(() => import('./review-sheet.tsx').then((module) => ({ default: module.ReviewSheet })));
const DeleteServerDialog = lazy(() => import('./server-questions.tsx').then((module) => ({ default: module.DeleteServerDialog })));
const SwitchOffDialog = lazy(() => import('./server-questions.tsx').then((module) => ({ default: module.SwitchOffDialog })));

const skeleton = <div className="grid gap-3 lg:grid-cols-2">{[1, 2].map((card) => <Skeleton key={card} className="h-64" />)}</div>;

/** MCP servers, or one of them with its tools: how each is, and for admins what it takes and which of its tools agents may have. */
export const McpServersTab = ({ search, onSearch }: { search: IntegrationsSearch; onSearch: OnIntegrationsSearch }) => {
  const canWrite = useCan('integrations:write');
  const queryClient = useQueryClient();
  const query = useQuery({ ...apiQuery('listMcpServers'), refetchInterval: 30_000 });
  const [question, setQuestion] = useState<{ kind: 'delete' | 'off'; id: string }>();
  const find = (id: string | undefined): McpServer | undefined => query.data?.items.find((server) => server.id === id);
  const [opened, asked] = [find(search.id), find(question?.id)];
  const reviewed = opened?.tools.find(({ id }) => id === search.tool);
  const allowsStdio = query.data?.allows_stdio === true;
  const toList = (): void => onSearch({ id: undefined, view: undefined, tool: undefined, text: undefined });
  const closeQuestion = (isOpen: boolean): void => {
    if (!isOpen) setQuestion(undefined);
  };
  const setEnabled = async (server: McpServer, isEnabled: boolean): Promise<void> => {
    await api.call('updateMcpServer', { params: { id: server.id }, body: { is_enabled: isEnabled, version: server.version } }).finally(() => void refresh(queryClient, 'listMcpServers', 'listIntegrations', 'listTools', 'listToolSettings'));
    toast.success(isEnabled ? `${server.name} is switched on` : `${server.name} is switched off`);
  };
  const switchIt = (server: McpServer): void => {
    if (server.is_enabled && server.used_by_agents.length > 0) setQuestion({ kind: 'off', id: server.id });
    else void setEnabled(server, !server.is_enabled).catch((error: unknown) => toast.error(sentenceOf(error), { duration: Number.POSITIVE_INFINITY }));
  };
  const cardOf = (server: McpServer, onOpen?: () => void) => (
    <ServerCard
      key={server.id}
      server={server}
      canWrite={canWrite}
      {...(onOpen === undefined ? {} : { onOpen })}
      onEdit={() => onSearch({ id: server.id, view: 'edit' })}
      onSwitch={() => switchIt(server)}
      onDelete={() => setQuestion({ kind: 'delete', id: server.id })}
    />
  );
  const addButton = canWrite && <Button onClick={() => onSearch({ id: 'new' })}><Plus aria-hidden />Add MCP server</Button>;
  const isOne = search.id !== undefined && search.id !== 'new';
  return (
    <>
      {isOne ? (
        <Button variant="ghost" size="small" className="mb-3 -ml-2.5" onClick={toList}><ArrowLeft aria-hidden />All MCP servers</Button>
      ) : (
        <div className="mb-4 flex flex-wrap items-center justify-between gap-3">
          <p className="max-w-prose text-row text-muted-foreground">
            Servers that bring tools of their own, by the Model Context Protocol. No tool of theirs is offered to an agent before somebody has looked at it, and one that changes is held until somebody looks again.
            {!canWrite && <> Your role reads them; {whoWrites} add, test and review.</>}
          </p>
          {query.data !== undefined && query.data.items.length > 0 && addButton}
        </div>
      )}
      <DataBlock
        query={query}
        what="MCP servers"
        skeleton={skeleton}
        isEmpty={({ items }) => items.length === 0 && !isOne}
        empty={<Card><EmptyState icon={Blocks} title="There is no MCP server yet." action={addButton}>{canWrite ? `Add one by its address${allowsStdio ? ', or a program this machine starts' : ''}; then choose which of its tools agents may have.` : `Ask ${oneWhoWrites} to add one.`}</EmptyState></Card>}
      >
        {({ items }) => {
          if (!isOne) return <ul className="grid items-start gap-3 lg:grid-cols-2">{sortServers(items).map((server) => <li key={server.id} className="grid">{cardOf(server, () => onSearch({ id: server.id }))}</li>)}</ul>;
          if (opened === undefined) return <Card><EmptyState icon={SearchX} title="There is no such MCP server." action={<Button variant="outline" onClick={toList}>Show all</Button>}>It may have been deleted.</EmptyState></Card>;
          return (
            <div className="flex flex-col gap-6">
              {cardOf(opened)}
              <section aria-label={`Tools of ${opened.name}`}>
                <h2 className="mb-2 text-title font-semibold">Tools</h2>
                <ServerTools server={opened} canWrite={canWrite} text={search.text ?? ''} onText={(text) => onSearch({ text }, { replace: true })} onReview={(tool) => onSearch({ tool })} />
              </section>
            </div>
          );
        }}
      </DataBlock>
      <Suspense fallback={null}>
        {canWrite && search.id === 'new' && query.data !== undefined && <ServerSheet allowsStdio={allowsStdio} onSaved={({ id }) => onSearch({ id, view: undefined }, { replace: true })} onClose={toList} />}
        {canWrite && opened !== undefined && search.view === 'edit' && <ServerSheet key={opened.id} server={opened} allowsStdio={allowsStdio} onSaved={() => undefined} onClose={() => onSearch({ view: undefined })} />}
        {opened !== undefined && reviewed !== undefined && <ReviewSheet key={reviewed.id} server={opened} tool={reviewed} canWrite={canWrite} onNext={(tool) => onSearch({ tool }, { replace: true })} onClose={() => onSearch({ tool: undefined })} />}
        {asked !== undefined && question?.kind === 'delete' && <DeleteServerDialog server={asked} isOpen onOpenChange={closeQuestion} onDeleted={toList} />}
        {asked !== undefined && question?.kind === 'off' && <SwitchOffDialog server={asked} isOpen onOpenChange={closeQuestion} onConfirm={() => setEnabled(asked, false)} />}
      </Suspense>
    </>
  );
};
