import type { Agent } from '@contracts/agents.ts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { StatePill } from '@/components/state-pill.tsx';
import { apiQuery } from '@/lib/api-query.ts';
import { formatRelativeTime } from '@/lib/format.ts';

/** The last ten runs, newest first, each a link. */
export const LastRunsStrip = ({ agent }: { agent: Agent }) => {
  const runs = useQuery(apiQuery('listRuns', { query: { agent_id: agent.id, limit: 10 } }));
  if (runs.data === undefined) return <p className="min-h-6 text-row text-muted-foreground">{runs.isError ? 'The last runs could not be loaded.' : ''}</p>;
  if (runs.data.items.length === 0) return <p className="min-h-6 text-row text-muted-foreground">It has not run yet.</p>;
  return (
    <div>
      <h2 className="mb-1.5 text-caption text-muted-foreground">Last runs, newest first</h2>
      <ol className="flex flex-wrap gap-1.5">
        {runs.data.items.map((run) => (
          <li key={run.run_id}>
            <Link to="/maestro/runs/$runId" params={{ runId: run.run_id }} title={run.goal} className="inline-flex items-center rounded-full max-sm:min-h-11">
              <StatePill phase={run.status} />
              <span className="sr-only">{formatRelativeTime(run.created_at)}: {run.goal}</span>
            </Link>
          </li>
        ))}
      </ol>
    </div>
  );
};
