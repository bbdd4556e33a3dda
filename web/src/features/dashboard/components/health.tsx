import type { HealthResponse } from '@contracts/system.ts';
import { useQuery } from '@tanstack/react-query';
import { CircleCheck, CircleHelp, CircleX, OctagonAlert } from 'lucide-react';
import { ErrorPanel, RequestId } from '@/components/error-panel.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { Tooltip } from '@/components/ui/tooltip.tsx';
import { ApiError } from '@/lib/api-error.ts';
import { apiQuery } from '@/lib/api-query.ts';
import { cn } from '@/lib/cn.ts';

type Service = HealthResponse['services'][number];

const names: Record<Service['service'], string> = { api: 'API', worker: 'Worker', temporal: 'Temporal', database: 'Database', model: 'Model' };
const looks = {
  up: { word: 'up', icon: CircleCheck, className: 'text-completed-text' },
  down: { word: 'down', icon: CircleX, className: 'text-failed-text' },
  unknown: { word: 'unknown', icon: CircleHelp, className: 'text-muted-foreground' },
};

/** A worker counts as gone after 15 s of silence; asked this often, the alert stands within 30 s. */
const healthQuery = () => ({ ...apiQuery('getHealth'), refetchInterval: 10_000 });

/** What a run needs, and whether it is there. */
export const HealthStrip = () => {
  const health = useQuery(healthQuery());
  if (health.data === undefined) return health.isError ? <ErrorPanel what="The state of services" error={health.error} onRetry={() => void health.refetch()} isRetrying={health.isFetching} /> : <Skeleton className="h-10" />;
  return (
    <section aria-labelledby="services" className="flex flex-wrap items-center gap-x-5 gap-y-1 rounded-card border bg-card px-4 py-2">
      <h2 id="services" className="text-caption font-medium text-muted-foreground">Services</h2>
      <ul className="flex flex-wrap gap-x-5 gap-y-1">
        {health.data.services.map(({ service, state, detail }) => {
          const { word, icon: Icon, className } = looks[state];
          return (
            <li key={service}>
              <Tooltip text={detail}>
                <span tabIndex={0} className="inline-flex min-h-6 items-center gap-1.5 text-row">
                  <Icon aria-hidden className={cn('size-4', className)} />
                  {names[service]} <span className={cn('font-medium', className)}>{word}</span>
                  <span className="sr-only">. {detail}</span>
                </span>
              </Tooltip>
            </li>
          );
        })}
      </ul>
      {health.isError && <span className="text-caption text-waiting-text">Not up to date{health.error instanceof ApiError && health.error.requestId !== null && <> · <RequestId id={health.error.requestId} /></>}</span>}
    </section>
  );
};

const whatNow: Partial<Record<Service['service'], { title: string; advice: string }>> = {
  worker: { title: 'Worker not polling', advice: 'Nothing can run until a worker is started: runs wait in their queue and go on by themselves then.' },
  temporal: { title: 'Temporal cannot be reached', advice: 'No run can be started or go on until it answers again.' },
  database: { title: 'The database cannot be reached', advice: 'What you see may be old, and nothing can be decided or started.' },
};

/** Across the page when something is down that everything needs. */
export const HealthAlert = () => {
  const health = useQuery(healthQuery());
  const down = health.data?.services.find(({ service, state }) => state === 'down' && whatNow[service] !== undefined);
  const words = down === undefined ? undefined : whatNow[down.service];
  // The region is there before its message, so that the message is read out.
  return (
    <div role="alert">
      {down !== undefined && words !== undefined && (
        <div className="mb-4 flex items-start gap-3 rounded-card border border-destructive bg-failed-tint p-4 text-failed-text">
          <OctagonAlert aria-hidden className="size-5 shrink-0" />
          <div>
            <p className="text-body font-semibold">{words.title}</p>
            <p className="text-row">{words.advice} {down.detail}</p>
          </div>
        </div>
      )}
    </div>
  );
};
