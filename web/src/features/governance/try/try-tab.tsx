import type { GovernanceSearch, OnGovernanceSearch } from '../search.ts';

/** What the live policies would say to a call. */
export const TryTab = ({ search }: { search: GovernanceSearch; onSearch: OnGovernanceSearch }) => <p>{search.agent}</p>;
