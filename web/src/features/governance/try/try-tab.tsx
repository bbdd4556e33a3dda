import type { GovernanceSearch, OnGovernanceSearch } from '../search.ts';
import { Simulation } from './simulation.tsx';
import { TryCall } from './try-call.tsx';

/** What the live policies would say: to one call, and to each tool of an agent. */
export const TryTab = ({ search, onSearch }: { search: GovernanceSearch; onSearch: OnGovernanceSearch }) => (
  <div className="flex flex-col gap-4">
    <TryCall agent={search.agent} tool={search.tool} onChoose={onSearch} />
    <Simulation agentId={search.agent} onTry={(tool) => onSearch({ tool })} />
  </div>
);
