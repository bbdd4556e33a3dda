import type { GovernanceSearch, OnGovernanceSearch } from '../search.ts';

/** What a draft would have made of recorded decisions. No model and no tool is run. */
export const BackTestTab = ({ search }: { search: GovernanceSearch; onSearch: OnGovernanceSearch }) => <p>{search.back_test}</p>;
