import { runPhases } from '@contracts/runs.ts';
import { orNothing } from '@/components/filters/or-nothing.ts';
import { SearchFilter } from '@/components/filters/search-filter.tsx';
import { phaseLooks } from '@/components/state-pill.tsx';
import { ToolOptions } from '@/components/tools/tool-options.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Select } from '@/components/ui/select.tsx';
import type { AgentsSearch, OnAgentsSearch } from '../search.ts';

export const noFilter = { text: undefined, model: undefined, tool: undefined, state: undefined } satisfies AgentsSearch;
export const hasFilter = (search: AgentsSearch): boolean => Object.keys(noFilter).some((name) => search[name as keyof AgentsSearch] !== undefined);

/** Filters of the agents page; each lives in the address. */
export const AgentFilters = ({ search, models, onSearch }: { search: AgentsSearch; models: string[]; onSearch: OnAgentsSearch }) => (
  <div role="search" aria-label="Filter agents" className="mb-4 grid grid-cols-2 gap-2 sm:flex sm:flex-wrap">
    <SearchFilter label="Name or purpose" applied={search.text} onApply={(text) => onSearch({ text: orNothing(text) }, { replace: true })} />
    <Select aria-label="Last run" value={search.state ?? ''} onChange={(event) => onSearch({ state: orNothing(event.target.value) })} className="sm:w-48">
      <option value="">Any last run</option>
      {runPhases.map((phase) => <option key={phase} value={phase}>{phaseLooks[phase].word}</option>)}
    </Select>
    <Select aria-label="Model" value={search.model ?? ''} onChange={(event) => onSearch({ model: orNothing(event.target.value) })} className="sm:w-48">
      <option value="">All models</option>
      {search.model !== undefined && !models.includes(search.model) && <option value={search.model}>{search.model}</option>}
      {models.map((model) => <option key={model} value={model}>{model}</option>)}
    </Select>
    <Select aria-label="Tool" value={search.tool ?? ''} onChange={(event) => onSearch({ tool: orNothing(event.target.value) })} className="sm:w-40">
      <option value="">All tools</option>
      <ToolOptions chosen={search.tool} />
    </Select>
    {hasFilter(search) && <Button variant="ghost" onClick={() => onSearch(noFilter)}>Clear</Button>}
  </div>
);
