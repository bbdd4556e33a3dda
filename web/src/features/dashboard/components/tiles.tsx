import type { DashboardResponse, ObservabilityResponse } from '@contracts/system.ts';
import { useQuery } from '@tanstack/react-query';
import { Link, type LinkProps } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { DataBlock } from '@/components/data-block.tsx';
import { Money, Unknown } from '@/components/figures.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { apiQuery } from '@/lib/api-query.ts';
import { countOf, formatInteger, formatShare } from '@/lib/format.ts';
import { sparklinePath, toHours } from '../sparkline-path.ts';

const box = { width: 96, height: 24 };

const Sparkline = ({ values }: { values: readonly (number | null)[] }) => {
  const path = sparklinePath(values, box);
  if (path === '') return null;
  return (
    <svg aria-hidden viewBox={`-2 -2 ${box.width + 4} ${box.height + 4}`} className="h-7 w-24 shrink-0 text-primary">
      <path d={path} fill="none" stroke="currentColor" strokeWidth={2} strokeLinejoin="round" strokeLinecap="round" />
    </svg>
  );
};

/** A number with what it means; the whole tile leads to what is behind it. */
const Tile = ({ label, note, values, link, children }: { label: string; note: ReactNode; values: readonly (number | null)[]; link: Pick<LinkProps, 'to' | 'search'>; children: ReactNode }) => (
  <li data-slot="card" className="relative flex min-w-0 flex-col gap-1 rounded-card border bg-card p-4 transition-colors duration-120 hover:bg-muted max-sm:p-3">
    <Link {...link} className="text-row text-muted-foreground after:absolute after:inset-0 after:content-[''] focus-visible:outline-none focus-visible:after:rounded-card focus-visible:after:outline-2 focus-visible:after:outline-ring">{label}</Link>
    <div className="flex items-end justify-between gap-2">
      <span className="tabular relative text-headline font-semibold">{children}</span>
      <span className="max-sm:hidden"><Sparkline values={values} /></span>
    </div>
    <span className="text-caption text-muted-foreground">{note}</span>
  </li>
);

const Tiles = ({ figures, day }: { figures: DashboardResponse; day: ObservabilityResponse | undefined }) => {
  const hours = (read: (bucket: ObservabilityResponse['series'][number]) => number | null): (number | null)[] => (day === undefined ? [] : toHours(day.series, day.to, read));
  return (
    <ul aria-label="Figures" className="grid grid-cols-2 gap-3 lg:grid-cols-4">
      <Tile label="Running" link={{ to: '/maestro/runs', search: { status: 'running' } }} values={figures.runs_per_hour} note={`${countOf(figures.runs_per_hour.reduce((sum, count) => sum + count, 0), 'run')} started in 24 h${figures.paused > 0 ? ` · ${figures.paused} paused` : ''}`}>
        {formatInteger(figures.running)}
      </Tile>
      <Tile label="Waiting for approval" link={{ to: '/maestro/runs', search: { status: 'waiting_for_approval' } }} values={[]} note={figures.waiting === 0 ? 'no run is held up' : 'held until a person decides'}>
        {formatInteger(figures.waiting)}
      </Tile>
      <Tile label="Success, 24 h" link={{ to: '/maestro/runs', search: { range: '24h', status: 'completed,failed,timed_out' } }} values={hours((bucket) => (bucket.completed + bucket.failed === 0 ? null : bucket.completed / (bucket.completed + bucket.failed)))} note={`${countOf(figures.ended_24h, 'run')} ended`}>
        {figures.success_rate_24h === null ? <Unknown reason="no run completed or failed in 24 hours" /> : formatShare(figures.success_rate_24h)}
      </Tile>
      <Tile label="Cost today" link={{ to: '/observability', search: { range: '24h', demo: true } }} values={hours((bucket) => bucket.cost_micro_usd)} note="today in UTC, no budget set">
        <Money microUsd={figures.cost_today_micro_usd} />
      </Tile>
    </ul>
  );
};

/** Four figures of now and today. */
export const FigureTiles = () => {
  const figures = useQuery({ ...apiQuery('getDashboard'), refetchInterval: 60_000 });
  // The lines behind the figures are decoration: the figures do not wait for them, nor fail with them.
  const day = useQuery({ ...apiQuery('getObservability', { query: { range: '24h', include_demo: 'true' } }), refetchInterval: 60_000 });
  return (
    <section aria-labelledby="figures-heading">
      <h2 id="figures-heading" className="sr-only">Now and today</h2>
      <DataBlock query={figures} what="Figures" skeleton={<div className="grid grid-cols-2 gap-3 lg:grid-cols-4">{Array.from({ length: 4 }, (_, index) => <Skeleton key={index} className="h-[110px]" />)}</div>}>
        {(data) => <Tiles figures={data} day={day.data} />}
      </DataBlock>
    </section>
  );
};
