import type { OnPolicySearch, PolicySearch } from '../search.ts';

/** One policy: its text, its draft and its versions. */
export const PolicyPage = ({ policyId }: { policyId: string; search: PolicySearch; onSearch: OnPolicySearch }) => <p>{policyId}</p>;
