import { idSchema } from '@contracts/ids.ts';
import { useQuery } from '@tanstack/react-query';
import { EllipsisVertical, EyeOff, Pencil, Play, Trash2 } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { DataBlock } from '@/components/data-block.tsx';
import { PageHeader } from '@/components/layout/page-header.tsx';
import { Button } from '@/components/ui/button.tsx';
import { DropdownMenu, DropdownMenuContent, DropdownMenuItem, DropdownMenuSeparator, DropdownMenuTrigger } from '@/components/ui/dropdown-menu.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { Tabs, TabsContent, TabsList, TabsTrigger } from '@/components/ui/tabs.tsx';
import { apiQuery } from '@/lib/api-query.ts';
import { hasCode } from '@/lib/api-error.ts';
import { useCan } from '@/lib/auth.tsx';
import { setPreferences, usePreferences } from '@/lib/preferences.ts';
import { AgentBadges } from '../components/agent-marks.tsx';
import { AgentNotFound } from './agent-not-found.tsx';
import { DeleteAgentDialog } from './delete-agent-dialog.tsx';
import { OverviewTab } from './overview-tab.tsx';
import { RunsTab } from './runs-tab.tsx';
import type { AgentSearch, OnAgentSearch } from './search.ts';
import { agentTabLabels, agentTabs, type AgentTab } from './tabs.ts';
import { ToolsTab } from './tools-tab.tsx';

const EditAgentSheet = lazy(() => import('../form/agent-form-sheet.tsx').then((module) => ({ default: module.EditAgentSheet })));
const RunAgentDialog = lazy(() => import('@/components/run-agent/run-agent-dialog.tsx').then((module) => ({ default: module.RunAgentDialog })));
const AgentMemoryViewer = lazy(() => import('./memory/agent-memory-viewer.tsx').then((module) => ({ default: module.AgentMemoryViewer })));
const VersionsTab = lazy(() => import('./versions-tab.tsx').then((module) => ({ default: module.VersionsTab })));

const crumbs = [{ label: 'Agents', to: '/agents' }];
const skeleton = <Skeleton className="h-64" />;

/** One agent: what it is, how it does, what it remembers and how it came to be. */
export const AgentDetailsPage = ({ agentId, search, onSearch }: { agentId: string; search: AgentSearch; onSearch: OnAgentSearch }) => {
  const isId = idSchema.safeParse(agentId).success;
  const agent = useQuery({ ...apiQuery('getAgent', { params: { id: agentId } }), enabled: isId });
  const canRun = useCan('runs:start');
  const canWrite = useCan('agents:write');
  const canDelete = useCan('agents:delete');
  const { isDemoHidden } = usePreferences();
  const [isDeleting, setIsDeleting] = useState(false);
  if (!isId || hasCode(agent.error, 'AGENT_NOT_FOUND')) return <AgentNotFound />;
  const { data } = agent;
  const runButton = canRun && <Button onClick={() => onSearch({ run: true })}><Play aria-hidden />Run</Button>;
  const hasMenu = data !== undefined && (canDelete || data.is_demo);
  return (
    <>
      <PageHeader
        title={data?.name ?? 'Agent'}
        crumbs={crumbs}
        heading={data !== undefined && <>{data.name}<AgentBadges agent={data} /><span className="text-body font-normal text-muted-foreground">version {data.version}</span></>}
        description={data !== undefined && <span className="line-clamp-2">{data.purpose}</span>}
        actions={
          data !== undefined && (
            <>
              {runButton}
              {canWrite && <Button variant="outline" onClick={() => onSearch({ edit: true })}><Pencil aria-hidden />Edit</Button>}
              {hasMenu && (
                <DropdownMenu>
                  <DropdownMenuTrigger asChild><Button variant="outline" size="icon" aria-label={`More actions for ${data.name}`}><EllipsisVertical aria-hidden /></Button></DropdownMenuTrigger>
                  <DropdownMenuContent align="end">
                    {data.is_demo && <DropdownMenuItem onSelect={() => setPreferences({ isDemoHidden: !isDemoHidden })}><EyeOff aria-hidden />{isDemoHidden ? 'Show in lists' : 'Hide from lists'}</DropdownMenuItem>}
                    {data.is_demo && canDelete && <DropdownMenuSeparator />}
                    {canDelete && <DropdownMenuItem isDestructive onSelect={() => setIsDeleting(true)}><Trash2 aria-hidden />Delete</DropdownMenuItem>}
                  </DropdownMenuContent>
                </DropdownMenu>
              )}
            </>
          )
        }
      />
      <DataBlock query={agent} what="The agent" skeleton={skeleton}>
        {(loaded) => (
          <>
            <Tabs value={search.tab ?? 'overview'} onValueChange={(tab) => onSearch({ tab: tab === 'overview' ? undefined : (tab as AgentTab) })}>
              <TabsList aria-label="About this agent">
                {agentTabs.map((tab) => <TabsTrigger key={tab} value={tab}>{agentTabLabels[tab]}</TabsTrigger>)}
              </TabsList>
              <TabsContent value="overview"><OverviewTab agent={loaded} onSearch={onSearch} /></TabsContent>
              <TabsContent value="runs"><RunsTab agent={loaded} runButton={runButton} /></TabsContent>
              <TabsContent value="memory"><Suspense fallback={skeleton}><AgentMemoryViewer agent={loaded} search={search} onSearch={onSearch} /></Suspense></TabsContent>
              <TabsContent value="tools"><ToolsTab agent={loaded} /></TabsContent>
              <TabsContent value="versions"><Suspense fallback={skeleton}><VersionsTab agent={loaded} search={search} onSearch={onSearch} /></Suspense></TabsContent>
            </Tabs>
            <Suspense fallback={null}>
              {search.run === true && canRun && <RunAgentDialog agent={loaded} isOpen onOpenChange={(isOpen) => !isOpen && onSearch({ run: undefined })} />}
              {search.edit === true && canWrite && <EditAgentSheet agent={loaded} isOpen onOpenChange={(isOpen) => !isOpen && onSearch({ edit: undefined })} />}
            </Suspense>
            <DeleteAgentDialog agent={loaded} isOpen={isDeleting} onOpenChange={setIsDeleting} />
          </>
        )}
      </DataBlock>
    </>
  );
};
