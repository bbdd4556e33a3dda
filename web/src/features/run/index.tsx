import { idSchema } from '@contracts/ids.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { ErrorPanel } from '@/components/error-panel.tsx';
import { PageHeader } from '@/components/layout/page-header.tsx';
import { NotFound } from '@/components/not-found.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { hasCode } from '@/lib/api-error.ts';
import { apiQuery } from '@/lib/api-query.ts';
import { shortId } from '@/lib/format.ts';
import { useLiveDeltas } from '@/lib/live/live-provider.tsx';
import { RunLayout } from './components/run-layout.tsx';
import { applyDeltas } from './draft-query.ts';
import type { SearchProps } from './search.ts';

const LoadedRun = ({ runId, ...props }: SearchProps & { runId: string }) => {
  const client = useQueryClient();
  useLiveDeltas((deltas) => applyDeltas(client, deltas));
  const query = useQuery(apiQuery('getRun', { params: { run_id: runId } }));
  if (query.data !== undefined) return <RunLayout run={query.data} receivedAt={query.dataUpdatedAt} error={query.error} {...props} />;
  if (hasCode(query.error, 'RUN_NOT_FOUND')) return <NotFound what="run" />;
  return (
    <>
      <PageHeader title={`Run ${shortId(runId)}`} crumbs={[{ label: 'Runs', to: '/maestro/runs' }]} />
      {query.error !== null ? (
        <ErrorPanel what="This run" error={query.error} onRetry={() => void query.refetch()} isRetrying={query.isFetching} />
      ) : (
        <div aria-busy="true" className="flex flex-col gap-4">
          <span className="sr-only">The run is loading</span>
          <Skeleton className="h-10" />
          <Skeleton className="h-96" />
        </div>
      )}
    </>
  );
};

/** One run: where it is now, why, what it cost, and every step of it. */
export const RunPage = ({ runId, ...props }: SearchProps & { runId: string }) =>
  // An address that cannot be an id is as little a run as an unknown one.
  idSchema.safeParse(runId).success ? <LoadedRun runId={runId} {...props} /> : <NotFound what="run" />;
