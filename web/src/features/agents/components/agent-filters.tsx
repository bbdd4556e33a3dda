import { runPhases } from '@contracts/runs.ts';
import { Search } from 'lucide-react';
import { useEffect, useState } from 'react';
import { phaseLooks } from '@/components/state-pill.tsx';
import { ToolOptions } from '@/components/tools/tool-options.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Input } from '@/components/ui/input.tsx';
import { Select } from '@/components/ui/select.tsx';
import type { AgentsSearch, OnAgentsSearch } from '../search.ts';

/** Pause in typing after which the filter is applied. */
const typingMs = 250;

const orNothing = <Value extends string>(value: string): Value | undefined => (value === '' ? undefined : (value as Value));

export const noFilter = { text: undefined, model: undefined, tool: undefined, state: undefined } satisfies AgentsSearch;
export const hasFilter = (search: AgentsSearch): boolean => Object.keys(noFilter).some((name) => search[name as keyof AgentsSearch] !== undefined);

/** Filters of the agents page; each lives in the address. */
export const AgentFilters = ({ search, models, onSearch }: { search: AgentsSearch; models: string[]; onSearch: OnAgentsSearch }) => {
  const [text, setText] = useState(search.text ?? '');
  const applied = search.text ?? '';
  // Follows the address: Back and Clear change the words from outside.
  const [lastApplied, setLastApplied] = useState(applied);
  if (applied !== lastApplied) {
    setLastApplied(applied);
    if (applied !== text.trim()) setText(applied);
  }
  useEffect(() => {
    if (text.trim() === applied) return undefined;
    const timer = setTimeout(() => onSearch({ text: orNothing(text.trim()) }, { replace: true }), typingMs);
    return () => clearTimeout(timer);
  }, [text, applied, onSearch]);
  return (
    <div role="search" aria-label="Filter agents" className="mb-4 grid grid-cols-2 gap-2 sm:flex sm:flex-wrap">
      <span className="relative col-span-full sm:w-64">
        <Search aria-hidden className="pointer-events-none absolute top-1/2 left-3 size-4 -translate-y-1/2 text-muted-foreground" />
        <Input data-filter type="search" aria-label="Name or purpose" placeholder="Name or purpose" value={text} maxLength={200} onChange={(event) => setText(event.target.value)} className="pl-9" />
      </span>
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
};
