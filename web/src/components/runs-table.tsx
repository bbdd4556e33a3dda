import type { Run } from '@contracts/runs.ts';
import { isTerminal } from '@contracts/runs.ts';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { cn } from '@/lib/cn.ts';
import { formatInteger, shortId, unknownMark } from '@/lib/format.ts';
import { type Column, DataTable, rowLinkClass } from './data-table/data-table.tsx';
import { Duration, Money, RelativeTime, RunningDuration } from './figures.tsx';
import { StatePill } from './state-pill.tsx';
import { UntrustedText } from './untrusted-text.tsx';

const Goal = ({ run }: { run: Run }) => (
  <Link to="/maestro/runs/$runId" params={{ runId: run.run_id }} className={cn(rowLinkClass, 'block max-w-[28rem] truncate', run.status === 'cancelled' && 'line-through')}>
    <UntrustedText text={run.goal} />
  </Link>
);

const columns: Record<string, Column<Run>> = {
  goal: { key: 'goal', header: 'Goal', cell: (run) => <Goal run={run} />, className: 'w-full max-w-0' },
  goal_and_agent: {
    key: 'goal_and_agent', header: 'Goal', className: 'w-full max-w-0',
    cell: (run) => (
      <>
        <Goal run={run} />
        <span className="block truncate text-caption text-muted-foreground">{run.agent_name}{run.is_demo && ', demo'}</span>
      </>
    ),
  },
  status: { key: 'status', header: 'State', cell: (run) => <StatePill phase={run.status} /> },
  agent: { key: 'agent', header: 'Agent', cell: (run) => <span className="whitespace-nowrap">{run.agent_name}</span>, showFrom: 'lg' },
  version: { key: 'version', header: 'Version', cell: (run) => <span className="tabular">v{run.agent_version}</span>, showFrom: 'lg' },
  started: { key: 'started', header: 'Started', cell: (run) => <RelativeTime at={run.created_at} /> },
  active: {
    key: 'active', header: 'Active', align: 'right', showFrom: 'md',
    cell: (run) => (run.status === 'running' && run.active_ms === null ? <RunningDuration since={run.started_at ?? run.created_at} /> : <Duration ms={run.active_ms} reason={isTerminal(run.status) ? 'not measured' : 'the run has not ended'} />),
  },
  waiting: { key: 'waiting', header: 'Waited', align: 'right', showFrom: 'xl', cell: (run) => (run.waiting_ms === 0 ? <span className="text-muted-foreground">none</span> : <Duration ms={run.waiting_ms} />) },
  tokens: {
    key: 'tokens', header: 'Tokens', align: 'right', showFrom: 'xl',
    cell: ({ usage }) => <span className="tabular">{usage.input_tokens === null && usage.output_tokens === null ? unknownMark : formatInteger((usage.input_tokens ?? 0) + (usage.output_tokens ?? 0))}</span>,
  },
  cost: { key: 'cost', header: 'Cost', align: 'right', showFrom: 'md', cell: (run) => <Money microUsd={run.cost_micro_usd} /> },
  id: { key: 'id', header: 'Run', showFrom: 'xl', cell: (run) => <code className="text-caption text-muted-foreground">{shortId(run.run_id)}</code> },
};

export type RunColumn = 'goal' | 'goal_and_agent' | 'status' | 'agent' | 'version' | 'started' | 'active' | 'waiting' | 'tokens' | 'cost' | 'id';

/** Runs as a table, on phones as cards; each row leads to its run page. */
export const RunsTable = ({ runs, shown, caption, actions }: { runs: Run[]; shown: RunColumn[]; caption: string; actions?: (run: Run) => ReactNode }) => (
  <DataTable rows={runs} columns={shown.map((name) => columns[name] as Column<Run>)} rowKey={(run) => run.run_id} caption={caption} {...(actions === undefined ? {} : { actions })} />
);
