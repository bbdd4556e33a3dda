import type { Run } from '@contracts/runs.ts';
import { useQuery } from '@tanstack/react-query';
import { DataBlock } from '@/components/data-block.tsx';
import { EmptyState } from '@/components/empty-state.tsx';
import { RelativeTime } from '@/components/figures.tsx';
import { StatePill } from '@/components/state-pill.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { apiQuery } from '@/lib/api-query.ts';
import { shortId } from '@/lib/format.ts';

const offered = 50;

/** Chooses a run for one side: the newest of the same agent where the other side is known. */
export const RunPicker = ({ label, other, onPick }: { label: string; other: Run | undefined; onPick: (runId: string) => void }) => {
  const query = useQuery(apiQuery('listRuns', { query: { limit: offered, ...(other === undefined ? {} : { agent_id: other.agent_id }) } }));
  return (
    <section aria-label={label} className="min-w-0 rounded-card border bg-card p-4">
      <h2 className="text-body font-semibold">{label}</h2>
      <p className="mb-2 text-caption text-muted-foreground">{other === undefined ? `The newest ${offered} runs` : `The newest ${offered} runs of ${other.agent_name}`}</p>
      <DataBlock
        query={query}
        what="Runs"
        skeleton={<Skeleton className="h-48" />}
        isEmpty={({ items }) => items.every((run) => run.run_id === other?.run_id)}
        empty={<EmptyState title="There is no other run of this agent to compare with." />}
      >
        {({ items }) => (
          <ul className="max-h-96 overflow-y-auto">
            {items.filter((run) => run.run_id !== other?.run_id).map((run) => (
              <li key={run.run_id} className="border-b last:border-b-0">
                <button type="button" onClick={() => onPick(run.run_id)} className="flex w-full flex-wrap items-center gap-x-3 gap-y-1 rounded-control px-1 py-2 text-left text-row hover:bg-muted">
                  <StatePill phase={run.status} />
                  <span className="min-w-0 flex-1 basis-40 truncate"><UntrustedText text={run.goal} /></span>
                  <code className="text-caption text-muted-foreground">{shortId(run.run_id)}</code>
                  <RelativeTime at={run.created_at} className="text-caption text-muted-foreground" />
                </button>
              </li>
            ))}
          </ul>
        )}
      </DataBlock>
    </section>
  );
};
