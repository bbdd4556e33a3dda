import type { ToolDescription } from '@contracts/agents.ts';
import type { ToolName } from '@contracts/tools.ts';
import { useQuery } from '@tanstack/react-query';
import { ShieldQuestion } from 'lucide-react';
import { useId } from 'react';
import { ErrorPanel } from '@/components/error-panel.tsx';
import { RiskChip } from '@/components/risk-chip.tsx';
import { Badge } from '@/components/ui/badge.tsx';
import { Checkbox } from '@/components/ui/checkbox.tsx';
import { FieldError } from '@/components/ui/field.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { apiQuery } from '@/lib/api-query.ts';
import { cn } from '@/lib/cn.ts';

const ToolChoice = ({ tool, isChosen, onToggle }: { tool: ToolDescription; isChosen: boolean; onToggle: (isOn: boolean) => void }) => {
  const id = useId();
  return (
    <li className={cn('relative flex items-start gap-3 rounded-control border p-3 hover:bg-muted', isChosen ? 'border-primary' : 'border-border')}>
      <Checkbox id={id} checked={isChosen} onCheckedChange={(isOn) => onToggle(isOn === true)} aria-describedby={`${id}-about`} className="z-10 mt-0.5" />
      <div className="flex min-w-0 flex-1 flex-col gap-1">
        <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
          {/* The label covers the whole row, so that all of it can be pressed. */}
          <label htmlFor={id} className="cursor-pointer font-mono text-body font-medium after:absolute after:inset-0 after:content-['']">{tool.name}</label>
          <RiskChip risk={tool.default_risk} />
          {tool.needs_approval && <span className="inline-flex items-center gap-1 text-caption font-medium text-waiting-text"><ShieldQuestion aria-hidden className="size-3.5" />needs approval</span>}
          {!tool.is_configured && <Badge className="bg-waiting-tint text-waiting-text">Not configured</Badge>}
        </div>
        <p id={`${id}-about`} className="text-caption text-muted-foreground">
          {tool.description}
          {!tool.is_configured && tool.configuration_hint !== null && <span className="block">{tool.configuration_hint}</span>}
        </p>
      </div>
    </li>
  );
};

/** The tools an agent may use, each with its usual risk and whether it stops for a person. */
export const ToolPicker = ({ chosen, error, onChange }: { chosen: readonly ToolName[]; error: string | undefined; onChange: (tools: ToolName[]) => void }) => {
  const tools = useQuery(apiQuery('listTools'));
  const errorId = useId();
  return (
    <fieldset data-field="tools" tabIndex={-1} aria-describedby={error === undefined ? undefined : errorId} className="min-w-0">
      <legend className="mb-1.5 text-body font-medium">Tools <span className="font-normal text-muted-foreground">{chosen.length === 0 ? 'none chosen' : `${chosen.length} chosen`}</span></legend>
      {tools.data === undefined ? (
        tools.isError ? <ErrorPanel what="Tools" error={tools.error} onRetry={() => void tools.refetch()} isRetrying={tools.isFetching} /> : <Skeleton className="h-48" />
      ) : (
        <ul className="grid gap-2 md:grid-cols-2">
          {tools.data.items.map((tool) => (
            <ToolChoice key={tool.name} tool={tool} isChosen={chosen.includes(tool.name)} onToggle={(isOn) => onChange(isOn ? [...chosen, tool.name] : chosen.filter((name) => name !== tool.name))} />
          ))}
        </ul>
      )}
      {error !== undefined && <div className="mt-1.5"><FieldError id={errorId}>{error}</FieldError></div>}
    </fieldset>
  );
};
