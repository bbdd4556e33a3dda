import { Search } from 'lucide-react';
import { useEffect, useState } from 'react';
import { effectLooks } from '@/components/policies/effect-pill.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Input } from '@/components/ui/input.tsx';
import { Select } from '@/components/ui/select.tsx';
import type { GovernanceSearch, OnGovernanceSearch } from '../search.ts';
import { hasPolicyFilter, noPolicyFilter } from './arrange-policies.ts';
import { policyStateLooks } from './policy-state.tsx';

/** Pause in typing after which the filter is applied. */
const typingMs = 200;

const orNothing = <Value extends string>(value: string): Value | undefined => (value === '' ? undefined : (value as Value));

/** Filters of the list of policies; each lives in the address. */
export const PolicyFilters = ({ search, onSearch }: { search: GovernanceSearch; onSearch: OnGovernanceSearch }) => {
  const applied = search.text ?? '';
  const [text, setText] = useState(applied);
  // Follows the address: Back and Clear change the words from outside.
  const [lastApplied, setLastApplied] = useState(applied);
  if (applied !== lastApplied) {
    setLastApplied(applied);
    if (applied !== text.trim()) setText(applied);
  }
  useEffect(() => {
    if (text.trim() === applied) return undefined;
    const timer = setTimeout(() => onSearch({ text: orNothing(text.trim()) }), typingMs);
    return () => clearTimeout(timer);
  }, [text, applied, onSearch]);
  return (
    <div role="search" aria-label="Filter policies" className="grid grid-cols-2 gap-2 sm:flex sm:flex-wrap">
      <span className="relative col-span-full sm:w-64">
        <Search aria-hidden className="pointer-events-none absolute top-1/2 left-3 size-4 -translate-y-1/2 text-muted-foreground" />
        <Input data-filter type="search" aria-label="Name or scope" placeholder="Name or scope" value={text} maxLength={200} onChange={(event) => setText(event.target.value)} className="pl-9" />
      </span>
      <Select aria-label="Effect" value={search.effect ?? ''} onChange={(event) => onSearch({ effect: orNothing(event.target.value) })} className="sm:w-40">
        <option value="">Any effect</option>
        {Object.entries(effectLooks).map(([effect, { word }]) => <option key={effect} value={effect}>{word}</option>)}
      </Select>
      <Select aria-label="State" value={search.state ?? ''} onChange={(event) => onSearch({ state: orNothing(event.target.value) })} className="sm:w-40">
        <option value="">Any state</option>
        {Object.entries(policyStateLooks).map(([state, { word }]) => <option key={state} value={state}>{word}</option>)}
      </Select>
      {hasPolicyFilter(search) && <Button variant="ghost" onClick={() => onSearch(noPolicyFilter)}>Clear</Button>}
    </div>
  );
};
