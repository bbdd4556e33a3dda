import type { Agent, AgentVersion } from '@contracts/agents.ts';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { toast } from 'sonner';
import { ConfirmDialog } from '@/components/confirm-dialog.tsx';
import { DataBlock } from '@/components/data-block.tsx';
import { MoreRows } from '@/components/data-table/more-rows.tsx';
import { RelativeTime } from '@/components/figures.tsx';
import { Badge } from '@/components/ui/badge.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { VersionRow } from '@/components/version-row.tsx';
import { api } from '@/lib/api-client.ts';
import { apiPages, apiQueryKey, refresh } from '@/lib/api-query.ts';
import { useCan } from '@/lib/auth.tsx';
import type { AgentSearch, OnAgentSearch } from './search.ts';
import { VersionDiff } from './version-diff.tsx';
import { changedFields, toRestoreBody } from './version-fields.ts';

/** Whose change a version was; the first ones of a demo have nobody. */
const authorOf = (version: AgentVersion): string => version.created_by ?? 'Maestro';

/** What a version changed, in words; nothing where the one before is not loaded. */
const describeChanges = (version: AgentVersion, previous: AgentVersion | undefined): string => {
  if (version.version === 1) return 'Created';
  if (previous === undefined) return '';
  const changes = changedFields(previous, version);
  return changes.length === 0 ? 'Nothing that is shown here' : changes.join(', ');
};

/** All versions of an agent, two of them side by side, and the way back to an earlier one. */
export const VersionsTab = ({ agent, search, onSearch }: { agent: Agent; search: AgentSearch; onSearch: OnAgentSearch }) => {
  const versions = useInfiniteQuery(apiPages('listAgentVersions', { params: { id: agent.id } }));
  const queryClient = useQueryClient();
  const canWrite = useCan('agents:write');
  const [restoring, setRestoring] = useState<AgentVersion>();
  const restore = async (version: AgentVersion): Promise<void> => {
    const saved = await api.call('updateAgent', { params: { id: agent.id }, body: toRestoreBody(version, agent.version) });
    queryClient.setQueryData(apiQueryKey('getAgent', { params: { id: agent.id } }), saved);
    void refresh(queryClient, 'listAgentVersions', 'listAgents');
    toast.success(`Version ${version.version} is restored as version ${saved.version}`);
  };
  return (
    <DataBlock query={versions} what="Versions" skeleton={<Skeleton className="h-64" />}>
      {({ pages }) => {
        const all = pages.flatMap((page) => page.items);
        const find = (number: number | undefined): AgentVersion | undefined => all.find((version) => version.version === number);
        const right = find(search.to) ?? all[0];
        const left = find(search.from) ?? find((right?.version ?? 0) - 1);
        return (
          <div className="grid items-start gap-6 lg:grid-cols-[20rem_minmax(0,1fr)]">
            <div>
              <ol aria-label="Versions, newest first" className="rounded-card border bg-card">
                {all.map((version) => (
                  <VersionRow
                    key={version.version}
                    version={version.version}
                    isShown={version === right}
                    badges={version.version === agent.version && <Badge className="ml-2">Current</Badge>}
                    onShow={() => onSearch({ to: version.version === all[0]?.version ? undefined : version.version, from: undefined }, { replace: true })}
                    wayBack={canWrite && version.version !== agent.version ? { word: 'Restore', label: `Restore version ${version.version}`, onPress: () => setRestoring(version) } : undefined}
                  >
                    <p className="text-caption text-muted-foreground">{authorOf(version)} · <RelativeTime at={version.created_at} /></p>
                    <p className="text-caption text-muted-foreground">{describeChanges(version, find(version.version - 1))}</p>
                  </VersionRow>
                ))}
              </ol>
              <MoreRows shown={all.length} noun="version" hasMore={versions.hasNextPage} isLoading={versions.isFetchingNextPage} onMore={() => void versions.fetchNextPage()} />
            </div>
            {right !== undefined && <VersionDiff left={left} right={right} all={all} onChoose={(from) => onSearch({ from }, { replace: true })} />}
            <ConfirmDialog
              isOpen={restoring !== undefined}
              onOpenChange={(isOpen) => !isOpen && setRestoring(undefined)}
              title={`Restore version ${restoring?.version}?`}
              confirmLabel={`Restore version ${restoring?.version}`}
              isDestructive={false}
              cancelLabel="Not now"
              onConfirm={() => restore(restoring as AgentVersion)}
            >
              What it says becomes version {agent.version + 1}. No version is lost, and runs under way keep theirs.
            </ConfirmDialog>
          </div>
        );
      }}
    </DataBlock>
  );
};
