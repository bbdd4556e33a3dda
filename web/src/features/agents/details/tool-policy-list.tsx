import type { Agent, ToolDescription } from '@contracts/agents.ts';
import type { SimulatedAgent } from '@contracts/policies.ts';
import type { ToolName } from '@contracts/tools.ts';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { DataBlock } from '@/components/data-block.tsx';
import { EffectPill } from '@/components/policies/effect-pill.tsx';
import { SimulatedNotes } from '@/components/policies/simulated-notes.tsx';
import { simulationQuery } from '@/components/policies/simulation.ts';
import { RiskChip } from '@/components/risk-chip.tsx';
import { ToolStateBadge, ToolStateHint } from '@/components/tools/tool-marks.tsx';
import { Badge } from '@/components/ui/badge.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { apiQuery } from '@/lib/api-query.ts';

const ToolLine = ({ name, tool, verdict, children }: { name: ToolName; tool: ToolDescription | undefined; verdict: SimulatedAgent['items'][number] | undefined; children?: ReactNode }) => {
  const risk = verdict?.risk_level ?? tool?.default_risk;
  return (
    <li className="flex flex-col gap-1.5 py-3 first:pt-0 last:pb-0">
      <div className="flex flex-wrap items-center gap-2">
        <span className="min-w-0 font-mono text-body font-medium wrap-anywhere">{name}</span>
        {risk !== undefined && <RiskChip risk={risk} />}
        {verdict !== undefined && <EffectPill effect={verdict.verdict} />}
        {tool?.mcp_server != null && <Badge><UntrustedText text={tool.mcp_server} /></Badge>}
        {tool !== undefined && <ToolStateBadge tool={tool} />}
      </div>
      {verdict !== undefined && <SimulatedNotes item={verdict} />}
      {tool !== undefined && <p className="text-caption text-muted-foreground empty:hidden"><ToolStateHint tool={tool} /></p>}
      {tool === undefined && <p className="text-caption text-muted-foreground">This tool is not part of this system any more; calls of it are refused.</p>}
      {children}
    </li>
  );
};

/** The agent's tools with what the live policies say of each at its usual risk. `detailsOf` adds to a line. */
export const ToolPolicyList = ({ agent, detailsOf }: { agent: Agent; detailsOf?: (tool: ToolDescription) => ReactNode }) => {
  const tools = useQuery(apiQuery('listTools'));
  const simulation = useQuery({ ...simulationQuery({ agentId: agent.id, agentVersion: agent.version }), enabled: agent.tools.length > 0 });
  if (agent.tools.length === 0) return <p className="text-row text-muted-foreground">It has no tools: it only answers.</p>;
  return (
    <DataBlock query={tools} what="Tools" skeleton={<Skeleton className="h-32" />}>
      {({ items }) => (
        <>
          <ul className="divide-y">
            {agent.tools.map((name) => {
              const tool = items.find((one) => one.name === name);
              return <ToolLine key={name} name={name} tool={tool} verdict={simulation.data?.items.find((one) => one.tool_name === name)}>{tool !== undefined && detailsOf?.(tool)}</ToolLine>;
            })}
          </ul>
          {simulation.isError && <p role="status" className="mt-3 text-row text-waiting-text">What the policies say could not be loaded.</p>}
        </>
      )}
    </DataBlock>
  );
};
