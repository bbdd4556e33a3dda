import type { Agent, ToolDescription } from '@contracts/agents.ts';
import type { PoliciesResponse, PolicyEffect } from '@contracts/system.ts';
import type { ToolName } from '@contracts/tools.ts';
import { useQuery } from '@tanstack/react-query';
import { Ban, CircleCheck, type LucideIcon, ShieldQuestion } from 'lucide-react';
import type { ReactNode } from 'react';
import { DataBlock } from '@/components/data-block.tsx';
import { RiskChip } from '@/components/risk-chip.tsx';
import { pillClass } from '@/components/state-pill.tsx';
import { ToolStateBadge, ToolStateHint } from '@/components/tools/tool-marks.tsx';
import { Badge } from '@/components/ui/badge.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { apiQuery } from '@/lib/api-query.ts';
import { cn } from '@/lib/cn.ts';
import { effectWords, judgeAtRisk } from './tool-policy.ts';

const looks: Record<PolicyEffect, { icon: LucideIcon; tint: string }> = {
  allow: { icon: CircleCheck, tint: 'bg-completed-tint text-completed-text' },
  ask: { icon: ShieldQuestion, tint: 'bg-waiting-tint text-waiting-text' },
  deny: { icon: Ban, tint: 'bg-failed-tint text-failed-text' },
};

export const EffectPill = ({ effect }: { effect: PolicyEffect }) => {
  const { icon: Icon, tint } = looks[effect];
  return <span data-slot="pill" className={cn(pillClass, tint)}><Icon aria-hidden className="size-3.5" />{effectWords[effect]}</span>;
};

const ToolLine = ({ name, tool, policies, children }: { name: ToolName; tool: ToolDescription | undefined; policies: PoliciesResponse | undefined; children?: ReactNode }) => {
  const verdict = tool === undefined || policies === undefined ? undefined : judgeAtRisk(policies.items, tool.default_risk);
  return (
    <li className="flex flex-col gap-1.5 py-3 first:pt-0 last:pb-0">
      <div className="flex flex-wrap items-center gap-2">
        <span className="min-w-0 font-mono text-body font-medium wrap-anywhere">{name}</span>
        {tool !== undefined && <RiskChip risk={tool.default_risk} />}
        {verdict !== undefined && <EffectPill effect={verdict.effect} />}
        {tool?.mcp_server != null && <Badge><UntrustedText text={tool.mcp_server} /></Badge>}
        {tool !== undefined && <ToolStateBadge tool={tool} />}
      </div>
      {verdict !== undefined && (
        <p className="text-caption text-muted-foreground">
          {verdict.rule === undefined ? 'No rule speaks of this risk, so a call is refused.' : <>{verdict.rule.name}: {verdict.rule.description}</>}
        </p>
      )}
      {tool !== undefined && <p className="text-caption text-muted-foreground empty:hidden"><ToolStateHint tool={tool} /></p>}
      {tool === undefined && <p className="text-caption text-muted-foreground">This tool is not part of this system any more; calls of it are refused.</p>}
      {children}
    </li>
  );
};

/** The agent's tools with what the live policy says of each at its usual risk. `detailsOf` adds to a line. */
export const ToolPolicyList = ({ agent, detailsOf }: { agent: Agent; detailsOf?: (tool: ToolDescription) => ReactNode }) => {
  const tools = useQuery(apiQuery('listTools'));
  const policies = useQuery(apiQuery('listPolicies'));
  if (agent.tools.length === 0) return <p className="text-row text-muted-foreground">It has no tools: it only answers.</p>;
  return (
    <DataBlock query={tools} what="Tools" skeleton={<Skeleton className="h-32" />}>
      {({ items }) => (
        <>
          <ul className="divide-y">
            {agent.tools.map((name) => {
              const tool = items.find((one) => one.name === name);
              return <ToolLine key={name} name={name} tool={tool} policies={policies.data}>{tool !== undefined && detailsOf?.(tool)}</ToolLine>;
            })}
          </ul>
          {policies.isError && <p role="status" className="mt-3 text-row text-waiting-text">What the policy says could not be loaded.</p>}
        </>
      )}
    </DataBlock>
  );
};
