import { type RunPhase, runPhases } from '@contracts/runs.ts';
import { timeRanges } from '@contracts/system.ts';
import { useQuery } from '@tanstack/react-query';
import { Search } from 'lucide-react';
import { useEffect, useState } from 'react';
import { phaseLooks } from '@/components/state-pill.tsx';
import { Input } from '@/components/ui/input.tsx';
import { Select } from '@/components/ui/select.tsx';
import { apiQuery } from '@/lib/api-query.ts';
import { cn } from '@/lib/cn.ts';
import { formatInteger } from '@/lib/format.ts';
import { toPhases, togglePhase } from '../phases.ts';
import { rangeWords, type Range } from '../ranges.ts';

export interface RunsSearch {
  status?: string;
  agent?: string;
  range?: Range;
  text?: string;
}
export type RunsSearchChanges = { [Key in keyof RunsSearch]?: RunsSearch[Key] | undefined };
export interface RunsSearchProps {
  search: RunsSearch;
  onSearch: (changes: RunsSearchChanges, options?: { replace?: boolean }) => void;
}

const chipClass = 'inline-flex h-8 shrink-0 items-center gap-1.5 rounded-full border px-3 text-row whitespace-nowrap max-sm:h-11';

/** A state to choose, with how many runs are in it. */
const PhaseChip = ({ phase, count, isChosen, onPress }: { phase: RunPhase; count: number | undefined; isChosen: boolean; onPress: () => void }) => {
  const { word, icon: Icon, pillClass, textClass } = phaseLooks[phase];
  return (
    <button type="button" aria-pressed={isChosen} onClick={onPress} className={cn(chipClass, isChosen ? cn('border-current font-medium', pillClass) : 'border-input bg-card hover:bg-muted')}>
      <Icon aria-hidden className={cn('size-3.5', textClass)} />
      {word}
      {count !== undefined && <span className="tabular text-caption">{formatInteger(count)}</span>}
    </button>
  );
};

/** States of runs as chips. Counts are of all runs of the agent; with a range or words chosen they would not be those of the list, and are left out. */
export const PhaseChips = ({ search, onSearch }: RunsSearchProps) => {
  const { data } = useQuery(apiQuery('countRuns', search.agent === undefined ? {} : { query: { agent_id: search.agent } }));
  const hasCounts = search.range === undefined && (search.text ?? '') === '';
  const chosen = toPhases(search.status);
  const countOf = (phase: RunPhase): number | undefined => (hasCounts && data !== undefined ? (data.counts[phase] ?? 0) : undefined);
  return (
    <div role="group" aria-label="State" className="flex flex-wrap gap-2 max-sm:-mx-4 max-sm:flex-nowrap max-sm:overflow-x-auto max-sm:px-4 max-sm:py-1">
      <button type="button" aria-pressed={chosen.length === 0} onClick={() => onSearch({ status: undefined })} className={cn(chipClass, chosen.length === 0 ? 'border-primary font-medium text-primary' : 'border-input bg-card hover:bg-muted')}>
        All
        {hasCounts && data !== undefined && <span className="tabular text-caption">{formatInteger(data.total)}</span>}
      </button>
      {runPhases.map((phase) => (
        <PhaseChip key={phase} phase={phase} count={countOf(phase)} isChosen={chosen.includes(phase)} onPress={() => onSearch({ status: togglePhase(search.status, phase) })} />
      ))}
    </div>
  );
};

const TextField = ({ search, onSearch }: RunsSearchProps) => {
  const [text, setText] = useState(search.text ?? '');
  const [known, setKnown] = useState(search.text);
  // The address changed by itself (Back, Clear): the field follows.
  if (known !== search.text) {
    setKnown(search.text);
    setText(search.text ?? '');
  }
  // Reaches the address a moment after the last letter.
  useEffect(() => {
    if (text.trim() === (search.text ?? '')) return undefined;
    const timer = setTimeout(() => {
      const next = text.trim() === '' ? undefined : text.trim();
      setKnown(next);
      onSearch({ text: next }, { replace: true });
    }, 300);
    return () => clearTimeout(timer);
  });
  return (
    <div className="relative min-w-56 flex-1 max-sm:basis-full sm:max-w-96">
      <Search aria-hidden className="pointer-events-none absolute top-1/2 left-2.5 size-4 -translate-y-1/2 text-muted-foreground" />
      <Input type="search" data-filter aria-label="Words of the goal, or the start of a run id" placeholder="Goal or run id" value={text} maxLength={200} onChange={(event) => setText(event.target.value)} className="pl-9" />
    </div>
  );
};

/** Words, agent and range. */
export const RunsFilters = ({ search, onSearch }: RunsSearchProps) => {
  const { data } = useQuery(apiQuery('listAgents', { query: { limit: 200 } }));
  const agents = data?.items ?? [];
  return (
    <div className="flex flex-wrap items-center gap-2">
      <TextField search={search} onSearch={onSearch} />
      <span className="w-52 max-sm:w-auto max-sm:grow max-sm:basis-[40%]">
        <Select aria-label="Agent" value={search.agent ?? ''} onChange={(event) => onSearch({ agent: event.target.value === '' ? undefined : event.target.value })}>
          <option value="">All agents</option>
          {search.agent !== undefined && agents.every(({ id }) => id !== search.agent) && <option value={search.agent}>Agent {search.agent.slice(0, 8)}</option>}
          {agents.map((agent) => <option key={agent.id} value={agent.id}>{agent.name}</option>)}
        </Select>
      </span>
      <span className="w-40 max-sm:w-auto max-sm:grow max-sm:basis-[40%]">
        <Select aria-label="Started" value={search.range ?? ''} onChange={(event) => onSearch({ range: event.target.value === '' ? undefined : (event.target.value as Range) })}>
          <option value="">Any time</option>
          {timeRanges.map((range) => <option key={range} value={range}>{rangeWords[range]}</option>)}
        </Select>
      </span>
    </div>
  );
};
