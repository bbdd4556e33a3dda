import { createFileRoute, redirect } from '@tanstack/react-router';
import { useCallback } from 'react';
import { GovernancePage } from '@/features/governance/index.tsx';
import { type GovernanceSearch, governanceSearchShape, type OnGovernanceSearch } from '@/features/governance/search.ts';
import { searchParams } from '@/lib/search-params.ts';

const Page = () => {
  const search = Route.useSearch();
  const navigate = Route.useNavigate();
  const change: OnGovernanceSearch = useCallback((changes) => void navigate({ search: (before) => ({ ...before, ...changes }), replace: true, resetScroll: false }), [navigate]);
  return <GovernancePage search={search} onSearch={change} />;
};

export const Route = createFileRoute('/_app/governance')({
  validateSearch: searchParams(governanceSearchShape),
  // A link to a policy leads to its own page.
  beforeLoad: ({ search }) => {
    const { tab, policy } = search as GovernanceSearch;
    if (tab === undefined && policy !== undefined) throw redirect({ to: '/governance/policies/$policyId', params: { policyId: policy }, replace: true });
  },
  component: Page,
});
