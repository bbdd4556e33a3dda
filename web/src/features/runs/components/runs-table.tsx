import { isTerminal, type Run } from '@contracts/runs.ts';
import { Link } from '@tanstack/react-router';
import { Ellipsis } from 'lucide-react';
import { aboveRowLink, type Column, DataTable, rowLinkClass } from '@/components/data-table/data-table.tsx';
import { Duration, Money, RelativeTime, Unknown } from '@/components/figures.tsx';
import { StatePill } from '@/components/state-pill.tsx';
import { Badge } from '@/components/ui/badge.tsx';
import { Button } from '@/components/ui/button.tsx';
import { DropdownMenu, DropdownMenuContent, DropdownMenuItem, DropdownMenuTrigger } from '@/components/ui/dropdown-menu.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { cn } from '@/lib/cn.ts';
import { formatInteger } from '@/lib/format.ts';

const tokensOf = ({ usage }: Run) =>
  usage.input_tokens === null || usage.output_tokens === null ? <Unknown reason="a provider reported no token counts" /> : <span className="tabular whitespace-nowrap">{formatInteger(usage.input_tokens + usage.output_tokens)}</span>;

const columns: Column<Run>[] = [
  {
    key: 'goal',
    header: 'Goal',
    className: 'w-full max-w-0 min-w-48',
    cell: (run) => (
      <Link to="/maestro/runs/$runId" params={{ runId: run.run_id }} className={cn(rowLinkClass, 'block truncate max-sm:line-clamp-2 max-sm:whitespace-normal', run.status === 'cancelled' && 'line-through')} title={run.goal}>
        <UntrustedText text={run.goal} />
      </Link>
    ),
  },
  { key: 'state', header: 'State', cell: (run) => <StatePill phase={run.status} /> },
  {
    key: 'agent',
    header: 'Agent',
    className: 'max-w-48',
    showFrom: 'md',
    cell: (run) => (
      <span className="flex items-center gap-1.5">
        <Link to="/maestro/agents/$agentId" params={{ agentId: run.agent_id }} className={cn(aboveRowLink, 'truncate hover:underline')}>{run.agent_name}</Link>
        {run.is_demo && <Badge>Demo</Badge>}
      </span>
    ),
  },
  { key: 'started', header: 'Started', cell: (run) => <RelativeTime at={run.created_at} /> },
  { key: 'active', header: 'Active', align: 'right', cell: (run) => <Duration ms={run.active_ms} reason="no worker has begun this run yet" /> },
  { key: 'waiting', header: 'Waiting', align: 'right', showFrom: 'lg', cell: (run) => <Duration ms={run.waiting_ms} /> },
  { key: 'tokens', header: 'Tokens', align: 'right', showFrom: 'lg', cell: tokensOf },
  { key: 'cost', header: 'Cost', align: 'right', showFrom: 'md', cell: (run) => <Money microUsd={run.cost_micro_usd} /> },
];

/** Runs as a table; each row leads to its run. */
export const RunsTable = ({ runs, onCancel }: { runs: Run[]; onCancel: ((run: Run) => void) | undefined }) => (
  <DataTable
    rows={runs}
    columns={columns}
    rowKey={(run) => run.run_id}
    caption="Runs, newest first"
    actions={(run) => (
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <Button variant="ghost" size="icon-small" aria-label={`Actions for run ${run.run_id.slice(0, 8)}`}><Ellipsis aria-hidden /></Button>
        </DropdownMenuTrigger>
        <DropdownMenuContent align="end">
          <DropdownMenuItem asChild><Link to="/maestro/runs/compare" search={{ a: run.run_id }}>Compare with another run</Link></DropdownMenuItem>
          {run.temporal.ui_url !== null && <DropdownMenuItem asChild><a href={run.temporal.ui_url} target="_blank" rel="noreferrer">Open in Temporal</a></DropdownMenuItem>}
          {onCancel !== undefined && !isTerminal(run.status) && <DropdownMenuItem isDestructive onSelect={() => onCancel(run)}>Cancel run</DropdownMenuItem>}
        </DropdownMenuContent>
      </DropdownMenu>
    )}
  />
);
