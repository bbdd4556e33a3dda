import type { Agent } from '@contracts/agents.ts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CirclePlay } from 'lucide-react';
import type { ReactNode } from 'react';
import { DataBlock } from '@/components/data-block.tsx';
import { MoreRows } from '@/components/data-table/more-rows.tsx';
import { EmptyState } from '@/components/empty-state.tsx';
import { RunsTable } from '@/components/runs-table.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { apiPages } from '@/lib/api-query.ts';

/** The runs of one agent; filters are on the runs page. */
export const RunsTab = ({ agent, runButton }: { agent: Agent; runButton: ReactNode }) => {
  const runs = useInfiniteQuery(apiPages('listRuns', { query: { agent_id: agent.id, limit: 25 } }));
  return (
    <DataBlock
      query={runs}
      what="Runs"
      skeleton={<Skeleton className="h-64" />}
      isEmpty={({ pages }) => pages[0]?.items.length === 0}
      empty={<EmptyState icon={CirclePlay} title="It has not run yet." action={runButton} />}
    >
      {({ pages }) => {
        const items = pages.flatMap((page) => page.items);
        return (
          <>
            <RunsTable runs={items} shown={['goal', 'status', 'version', 'started', 'active', 'waiting', 'tokens', 'cost']} caption={`Runs of ${agent.name}`} />
            <div className="flex flex-wrap items-center justify-between gap-3">
              <MoreRows shown={items.length} noun="run" hasMore={runs.hasNextPage} isLoading={runs.isFetchingNextPage} onMore={() => void runs.fetchNextPage()} />
              <Button variant="link" size="inline" asChild><Link to="/maestro/runs" search={{ agent: agent.id }}>Filter these runs</Link></Button>
            </div>
          </>
        );
      }}
    </DataBlock>
  );
};
