import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CircleCheck, CircleX } from 'lucide-react';
import { DataBlock } from '@/components/data-block.tsx';
import { RelativeTime } from '@/components/figures.tsx';
import { Card, CardContent, CardHeader, CardTitle } from '@/components/ui/card.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { apiQuery } from '@/lib/api-query.ts';
import { countOf, humanize } from '@/lib/format.ts';

/** Runs that failed or timed out in 24 hours, by cause. */
export const Broken = () => {
  const figures = useQuery({ ...apiQuery('getDashboard'), refetchInterval: 60_000 });
  return (
    <Card aria-labelledby="broken">
      <CardHeader>
        <CardTitle id="broken">Broken</CardTitle>
        {figures.data !== undefined && figures.data.broken.length > 0 && <Link to="/maestro/runs" search={{ status: 'failed,timed_out', range: '24h' }} className="text-row text-primary underline underline-offset-4">Failed in 24 h</Link>}
      </CardHeader>
      <CardContent className="pt-0 pb-2">
        <DataBlock
          query={figures}
          what="Failures"
          skeleton={<Skeleton className="h-24" />}
          isEmpty={({ broken }) => broken.length === 0}
          empty={<p className="flex min-h-12 items-center gap-2 text-body"><CircleCheck aria-hidden className="size-4 text-completed-text" />Nothing broke in the last 24 hours.</p>}
        >
          {({ broken }) => (
            <ol>
              {broken.map((cause) => (
                <li key={cause.code} className="relative flex items-start gap-2 border-b py-2 last:border-b-0 hover:bg-muted">
                  <CircleX aria-hidden className="mt-0.5 size-4 shrink-0 text-failed-text" />
                  <div className="min-w-0 flex-1">
                    <Link to="/maestro/runs/$runId" params={{ runId: cause.last_run_id }} className="text-row font-medium after:absolute after:inset-0 after:content-[''] hover:underline" aria-label={`${humanize(cause.code)}: the latest of ${countOf(cause.count, 'run')}`}>{humanize(cause.code)}</Link>
                    <p className="truncate text-caption text-muted-foreground" title={cause.message}><UntrustedText text={cause.message} /></p>
                  </div>
                  <p className="shrink-0 text-right text-caption text-muted-foreground"><span className="tabular block text-row font-medium text-foreground">{countOf(cause.count, 'run')}</span><RelativeTime at={cause.last_at} /></p>
                </li>
              ))}
            </ol>
          )}
        </DataBlock>
      </CardContent>
    </Card>
  );
};
