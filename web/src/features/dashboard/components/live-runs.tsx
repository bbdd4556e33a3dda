import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CirclePlay } from 'lucide-react';
import { DataBlock } from '@/components/data-block.tsx';
import { EmptyState } from '@/components/empty-state.tsx';
import { RunsTable } from '@/components/runs-table.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { apiQuery } from '@/lib/api-query.ts';

export const latestRunsQuery = () => apiQuery('listRuns', { query: { limit: 20 } });

/** The last twenty runs, kept up to date by the stream. */
export const LiveRuns = () => {
  const runs = useQuery(latestRunsQuery());
  return (
    <section aria-labelledby="latest-runs">
      <div className="mb-2 flex items-center justify-between gap-4">
        <h2 id="latest-runs" className="text-title font-semibold">Latest runs</h2>
        <Link to="/maestro/runs" className="text-row text-primary underline underline-offset-4">All runs</Link>
      </div>
      <DataBlock
        query={runs}
        what="Runs"
        skeleton={<Skeleton className="h-80" />}
        isEmpty={({ items }) => items.length === 0}
        empty={<div className="rounded-card border bg-card"><EmptyState icon={CirclePlay} title="No run yet." action={<Button variant="outline" asChild><Link to="/agents">Choose an agent to run</Link></Button>} /></div>}
      >
        {({ items }) => <RunsTable runs={items} shown={['goal', 'status', 'agent', 'started', 'active', 'cost']} caption="Latest runs" />}
      </DataBlock>
    </section>
  );
};
