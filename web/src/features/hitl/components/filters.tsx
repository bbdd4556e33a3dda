import { riskLevels } from '@contracts/tools.ts';
import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { approvalLooks } from '@/components/approval-state-pill.tsx';
import { orNothing } from '@/components/filters/or-nothing.ts';
import { ToolOptions } from '@/components/tools/tool-options.tsx';
import { Checkbox } from '@/components/ui/checkbox.tsx';
import { Select } from '@/components/ui/select.tsx';
import { apiQuery } from '@/lib/api-query.ts';
import { type ApprovalsSearch, approvalsSearchShape, type OnApprovalsSearch } from '../search.ts';

/** Filters of the queue and the history; each lives in the address. */
export const Filters = ({ search, onSearch, hasOutcome, className }: { search: ApprovalsSearch; onSearch: OnApprovalsSearch; hasOutcome: boolean; className?: string }) => {
  const id = useId();
  const agents = useQuery({ ...apiQuery('listAgents', { query: { limit: 200 } }), staleTime: 60_000 });
  return (
    <div role="search" aria-label="Filter approvals" className={className}>
      {hasOutcome && (
        <Select aria-label="Outcome" value={search.outcome ?? ''} onChange={(event) => onSearch({ outcome: orNothing(event.target.value) })}>
          <option value="">All outcomes</option>
          {approvalsSearchShape.outcome.options.map((status) => <option key={status} value={status}>{approvalLooks[status].word}</option>)}
        </Select>
      )}
      <Select data-filter aria-label="Tool" value={search.tool ?? ''} onChange={(event) => onSearch({ tool: orNothing(event.target.value) })}>
        <option value="">All tools</option>
        <ToolOptions chosen={search.tool} />
      </Select>
      <Select aria-label="Risk" value={search.risk ?? ''} onChange={(event) => onSearch({ risk: orNothing(event.target.value) })}>
        <option value="">All risks</option>
        {riskLevels.map((risk) => <option key={risk} value={risk}>{risk}</option>)}
      </Select>
      <Select aria-label="Agent" value={search.agent ?? ''} onChange={(event) => onSearch({ agent: orNothing(event.target.value) })}>
        <option value="">All agents</option>
        {search.agent !== undefined && agents.data?.items.every((agent) => agent.id !== search.agent) && <option value={search.agent}>Another agent</option>}
        {agents.data?.items.map((agent) => <option key={agent.id} value={agent.id}>{agent.name}</option>)}
      </Select>
      <span className="col-span-full inline-flex min-h-6 items-center gap-2 text-row max-sm:min-h-11">
        <Checkbox id={id} checked={search.mine === true} onCheckedChange={(isOn) => onSearch({ mine: isOn === true ? true : undefined })} />
        <label htmlFor={id}>Only what concerns me</label>
      </span>
    </div>
  );
};
