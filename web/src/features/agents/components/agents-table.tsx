import type { Agent } from '@contracts/agents.ts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Play } from 'lucide-react';
import { type Column, DataTable, rowLinkClass, type Sort } from '@/components/data-table/data-table.tsx';
import { Money } from '@/components/figures.tsx';
import { connectionName } from '@/components/models/model-target.ts';
import { Button } from '@/components/ui/button.tsx';
import { apiQuery } from '@/lib/api-query.ts';
import { useCan } from '@/lib/auth.tsx';
import { countOf } from '@/lib/format.ts';
import { AgentBadges, LastRun, SuccessRate, ToolNames, Waiting } from './agent-marks.tsx';

/** The model and, where an admin's connection is used, which; how many fallbacks follow. */
const Model = ({ agent }: { agent: Agent }) => {
  const connections = useQuery({ ...apiQuery('listModels'), enabled: agent.llm_connection !== null }).data?.items;
  const where = agent.llm_connection === null ? '' : ` · ${connectionName(connections, agent)}`;
  const more = agent.fallbacks.length === 0 ? '' : `, ${countOf(agent.fallbacks.length, 'fallback')}`;
  return <span className="block truncate" title={`${agent.llm_model}${where}${more}`}>{agent.llm_model}<span className="text-muted-foreground">{where}</span></span>;
};

const columns: Column<Agent>[] = [
  {
    key: 'name', header: 'Agent', isSortable: true, className: 'w-full max-w-0 min-w-48 py-2',
    cell: (agent) => (
      <div className="min-w-0">
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <Link to="/maestro/agents/$agentId" params={{ agentId: agent.id }} className={`${rowLinkClass} min-w-0 wrap-anywhere text-body`}>{agent.name}</Link>
          <AgentBadges agent={agent} />
        </span>
        <span className="block truncate text-caption text-muted-foreground max-sm:whitespace-normal max-sm:line-clamp-2" title={agent.purpose}>{agent.purpose}</span>
      </div>
    ),
  },
  {
    key: 'model', header: 'Model and tools', showFrom: 'lg', className: 'max-w-40 min-w-36',
    cell: (agent) => (
      <>
        <Model agent={agent} />
        <ToolNames tools={agent.tools} />
      </>
    ),
  },
  { key: 'last', header: 'Last run', cell: (agent) => <LastRun run={agent.stats.last_run} /> },
  { key: 'success', header: 'Success, 7 d', isSortable: true, cell: (agent) => <SuccessRate share={agent.stats.success_rate_7d} runs={agent.stats.runs_7d} /> },
  { key: 'cost', header: 'Cost, 7 d', isSortable: true, align: 'right', showFrom: 'md', cell: (agent) => <Money microUsd={agent.stats.cost_micro_usd_7d} /> },
  { key: 'waiting', header: 'Waiting', isSortable: true, align: 'right', cell: (agent) => <Waiting agent={agent} /> },
];

/** Agents, one a row, each with Run; under 640 px as cards. */
export const AgentsTable = ({ agents, sort, onSort, onRun }: { agents: Agent[]; sort: Sort | undefined; onSort: (sort: Sort) => void; onRun: (agent: Agent) => void }) => {
  const canRun = useCan('runs:start');
  return (
    <DataTable
      rows={agents}
      columns={columns}
      rowKey={(agent) => agent.id}
      caption="Agents"
      sort={sort}
      onSort={onSort}
      {...(canRun
        ? {
            actions: (agent: Agent) => (
              <Button variant="outline" size="small" onClick={() => onRun(agent)} aria-label={`Run ${agent.name}`}>
                <Play aria-hidden />
                Run
              </Button>
            ),
          }
        : {})}
    />
  );
};
