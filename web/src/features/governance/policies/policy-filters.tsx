import { orNothing } from '@/components/filters/or-nothing.ts';
import { SearchFilter } from '@/components/filters/search-filter.tsx';
import { effectLooks } from '@/components/policies/effect-pill.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Select } from '@/components/ui/select.tsx';
import type { GovernanceSearch, OnGovernanceSearch } from '../search.ts';
import { hasPolicyFilter, noPolicyFilter } from './arrange-policies.ts';
import { policyStateLooks } from './policy-state.tsx';

/** Filters of the list of policies; each lives in the address. */
export const PolicyFilters = ({ search, onSearch }: { search: GovernanceSearch; onSearch: OnGovernanceSearch }) => (
  <div role="search" aria-label="Filter policies" className="grid grid-cols-2 gap-2 sm:flex sm:flex-wrap">
    <SearchFilter label="Name or scope" applied={search.text} onApply={(text) => onSearch({ text: orNothing(text) })} />
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
