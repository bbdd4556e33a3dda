import type { ToolDescription } from '@contracts/agents.ts';
import type { ToolName } from '@contracts/tools.ts';
import { useQuery } from '@tanstack/react-query';
import { Search, ShieldQuestion, X } from 'lucide-react';
import { useId, useState } from 'react';
import { ErrorPanel } from '@/components/error-panel.tsx';
import { RiskChip } from '@/components/risk-chip.tsx';
import { ToolStateBadge, ToolStateHint, toolEffectWords } from '@/components/tools/tool-marks.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Checkbox } from '@/components/ui/checkbox.tsx';
import { FieldError } from '@/components/ui/field.tsx';
import { Input } from '@/components/ui/input.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { apiQuery } from '@/lib/api-query.ts';
import { cn } from '@/lib/cn.ts';
import { goneTools, groupTools } from './arrange-tools.ts';

const ToolChoice = ({ tool, isChosen, onToggle }: { tool: ToolDescription; isChosen: boolean; onToggle: (isOn: boolean) => void }) => {
  const id = useId();
  return (
    <li className={cn('relative flex items-start gap-3 rounded-control border p-3 hover:bg-muted', isChosen ? 'border-primary' : 'border-border')}>
      <Checkbox id={id} checked={isChosen} onCheckedChange={(isOn) => onToggle(isOn === true)} aria-describedby={`${id}-about`} className="z-10 mt-0.5" />
      <div className="flex min-w-0 flex-1 flex-col gap-1">
        <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
          {/* The label covers the whole row, so that all of it can be pressed. */}
          <label htmlFor={id} className="min-w-0 cursor-pointer font-mono text-body font-medium wrap-anywhere after:absolute after:inset-0 after:content-['']">{tool.name}</label>
          <RiskChip risk={tool.default_risk} />
          {tool.needs_approval && <span className="inline-flex items-center gap-1 text-caption font-medium text-waiting-text"><ShieldQuestion aria-hidden className="size-3.5" />needs approval</span>}
          <ToolStateBadge tool={tool} />
        </div>
        <p id={`${id}-about`} className="text-caption text-muted-foreground">
          <span className="line-clamp-3"><UntrustedText text={tool.description} /></span>
          <span className="block font-medium">{toolEffectWords[tool.effect].word}</span>
          <ToolStateHint tool={tool} />
        </p>
      </div>
    </li>
  );
};

/** From this many tools on they can be searched. */
const searchedFrom = 10;

const Groups = ({ tools, chosen, onChange }: { tools: readonly ToolDescription[]; chosen: readonly ToolName[]; onChange: (tools: ToolName[]) => void }) => {
  const [text, setText] = useState('');
  const groups = groupTools(tools, text);
  const gone = goneTools(tools, chosen);
  const toggle = (name: ToolName, isOn: boolean): void => onChange(isOn ? [...chosen, name] : chosen.filter((one) => one !== name));
  return (
    <div className="flex flex-col gap-4">
      {tools.length >= searchedFrom && (
        <span className="relative max-w-md">
          <Search aria-hidden className="pointer-events-none absolute top-1/2 left-3 size-4 -translate-y-1/2 text-muted-foreground" />
          <Input type="search" aria-label="Search tools" placeholder="Search tools" value={text} maxLength={200} onChange={(event) => setText(event.target.value)} className="pl-9" />
        </span>
      )}
      {groups.map(({ server, tools: own }) => (
        <section key={server ?? ''} aria-label={server ?? 'Built in'} className="flex min-w-0 flex-col gap-2">
          {(groups.length > 1 || server !== null) && (
            <h4 className="flex flex-wrap items-baseline gap-x-2 text-row font-medium">
              {server === null ? 'Built in' : <UntrustedText text={server} />}
              {server !== null && <span className="text-caption font-normal text-muted-foreground">MCP server; descriptions are its own words</span>}
            </h4>
          )}
          <ul className="grid gap-2 md:grid-cols-2">
            {own.map((tool) => <ToolChoice key={tool.name} tool={tool} isChosen={chosen.includes(tool.name)} onToggle={(isOn) => toggle(tool.name, isOn)} />)}
          </ul>
        </section>
      ))}
      {groups.length === 0 && <p className="text-row text-muted-foreground">{text === '' ? 'There are no tools.' : 'No tool has these words.'} {text !== '' && <Button variant="link" size="inline" onClick={() => setText('')}>Clear</Button>}</p>}
      {gone.length > 0 && (
        <section aria-label="Not there any more" className="flex flex-col gap-2">
          <h4 className="text-row font-medium">Not there any more</h4>
          <ul className="flex flex-wrap gap-2">
            {gone.map((name) => (
              <li key={name} className="inline-flex min-w-0 items-center gap-1 rounded-control border border-dashed pl-2">
                <code className="min-w-0 text-row wrap-anywhere">{name}</code>
                <Button variant="ghost" size="icon-small" aria-label={`Take out ${name}`} onClick={() => toggle(name, false)}><X aria-hidden /></Button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
};

/** The tools an agent may use, by where they come from, each with its usual risk, what it does to the world, and whether it stops for a person. */
export const ToolPicker = ({ chosen, error, onChange }: { chosen: readonly ToolName[]; error: string | undefined; onChange: (tools: ToolName[]) => void }) => {
  const tools = useQuery(apiQuery('listTools'));
  const errorId = useId();
  return (
    <fieldset data-field="tools" tabIndex={-1} aria-describedby={error === undefined ? undefined : errorId} className="min-w-0">
      <legend className="mb-1.5 text-body font-medium">Tools <span className="font-normal text-muted-foreground">{chosen.length === 0 ? 'none chosen' : `${chosen.length} chosen`}</span></legend>
      {tools.data === undefined ? (
        tools.isError ? <ErrorPanel what="Tools" error={tools.error} onRetry={() => void tools.refetch()} isRetrying={tools.isFetching} /> : <Skeleton className="h-48" />
      ) : (
        <Groups tools={tools.data.items} chosen={chosen} onChange={onChange} />
      )}
      {error !== undefined && <div className="mt-1.5"><FieldError id={errorId}>{error}</FieldError></div>}
    </fieldset>
  );
};
